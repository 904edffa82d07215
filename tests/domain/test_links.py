"""Links are found as people really type them, and none can do harm where it is shown."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.links import LONGEST_LINK, MOST_LINKS, code_link, find_links, sound_link

SLOPPY = [
    ("Code is at https://github.com/ada/engine.", "https://github.com/ada/engine"),
    ("at https://github.com/ada/engine{here}.", "https://github.com/ada/engine"),
    (r"at \url{https://ada.org/an\_engine}, and", "https://ada.org/an_engine"),
    (r"\href{https://ada.org/x}{\textcolor{blue}{here}}", "https://ada.org/x"),
    ("[code](https://github.com/ada/engine). See", "https://github.com/ada/engine"),
    ("(https://ada.org/a_(b)).", "https://ada.org/a_%28b%29"),
    ("at github.com/ada/engine and", "https://github.com/ada/engine"),
    ("see ada-l.github.io/engine.", "https://ada-l.github.io/engine"),
    ("www.ada.org, too", "https://www.ada.org"),
    ("at https://github. com/ada/engine", "https://github.com/ada/engine"),
    ("at https: //github.com/ada/engine.", "https://github.com/ada/engine"),
    ("at https:// github.com/ada/engine.", "https://github.com/ada/engine"),
    ("at https:/github.com/ada/engine", "https://github.com/ada/engine"),
    ("HTTPS://GitHub.com/Ada/Engine", "https://github.com/Ada/Engine"),
    ("athttps://github.com/ada/engine.We propose", "https://github.com/ada/engine.We"),
    ("https://github.com/ada/engine.Warning: none", "https://github.com/ada/engine"),
    ("https://huggingface.co/datasets/ada/engine,made by", "https://huggingface.co/datasets/ada/engine"),
    ("https://githubhttps://github.com/ada/engine", "https://github.com/ada/engine"),
    ("https://web.archive.org/web/2015/http://ada.org/x", "https://web.archive.org/web/2015/http://ada.org/x"),
    ("https://ada.org/50%off", "https://ada.org/50%25off"),
    ("https://ada.org:8080/?q=1&r=2#top", "https://ada.org:8080/?q=1&r=2#top"),
]

NONE = [
    "HTTP cookies and GitHub repositories",
    "https://(open_upon_acceptance)",
    "https://ada:secret@evil.org/",
    "https://127.0.0.1/x http://localhost/x http://[::1]/",
    "https://exa\u202emple.org/",
    "https://m\u00fcnchen.example/",
    "https://a..org/ https://a.org:99999/ https://-a.org/",
    "https://ada.org/" + "x" * 600,
    "javascript:alert(1) ftp://ada.org/x data:text/html,x",
]


@pytest.mark.parametrize(("text", "link"), SLOPPY)
def test_a_sloppy_link_is_found(text: str, link: str) -> None:
    assert find_links(text) == (link,)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_sound_link_is_left(text: str) -> None:
    assert find_links(text) == ()


def test_links_keep_their_order_and_come_once() -> None:
    assert find_links("https://b.org/ https://a.org/ https://b.org/") == ("https://b.org/", "https://a.org/")
    assert len(find_links(" ".join(f"https://a.org/{at}" for at in range(500)))) == MOST_LINKS


def test_the_link_to_the_code() -> None:
    assert code_link(("https://ada.org/", "https://github.com/ada/engine/tree/main")) is not None
    assert (
        code_link(("https://huggingface.co/ada/model", "https://gitlab.inria.fr/ada/x"))
        == "https://gitlab.inria.fr/ada/x"
    )
    assert code_link(("https://huggingface.co/ada/model",)) == "https://huggingface.co/ada/model"
    assert code_link(("https://github.com", "https://github.com/ada", "https://ada.github.io/x")) is None
    assert code_link(("https://huggingface.co/papers/2401.01234",)) is None


ANY = st.text(st.characters(exclude_categories=()), max_size=80)
URLS = st.builds(
    "{}://{}{}".format, st.sampled_from(["http", "https", "HTTPS"]), st.sampled_from(["a.org", "A.b.io:80"]), ANY
)


@given(st.one_of(ANY, URLS, st.builds("{}{}{}".format, ANY, URLS, ANY)))
def test_no_link_can_break_out_of_where_it_is_shown(text: str) -> None:
    for link in find_links(text) + tuple(filter(None, [sound_link(text)])):
        assert len(link) <= LONGEST_LINK
        assert re.fullmatch(r"https?://[a-z0-9.-]+(?::[0-9]+)?(?:[/?#][!-~]*)?", link)
        assert not re.search(r"[\s<>()\[\]{}\\\"`|@*^]", link)
        assert sound_link(link) == link


@pytest.mark.parametrize(
    "piece", ["https://", "https://a.org/", "http", "www.", "github. com/ ", "https: / ", "\\_", "a.io)", "("]
)
def test_no_text_takes_long(piece: str) -> None:
    started = time.process_time()
    find_links("https://" + piece * (20_000 // len(piece)))
    assert time.process_time() - started < 0.25
