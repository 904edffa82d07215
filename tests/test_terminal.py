"""What a search at the command line says, line by line."""

import io
import sys
from dataclasses import replace

import pytest

from bot.domain.papers import Author
from bot.services.imports import Progressed
from bot.terminal import import_progress, search_json, search_lines
from cogs._results import results
from tests.cogs.judging import text
from tests.cogs.samples import known, page, paper


def test_a_quote_that_is_not_closed_is_told_with_how_it_was_read() -> None:
    told = "The quote is not closed, so I read it to the end."
    assert list(search_lines(page(), '"diffusion guidance'))[-2] == told
    assert f"- {told}" in list(search_lines(page(count=0, total=0), '"diffusion guidance'))
    assert told not in list(search_lines(page(), '"diffusion guidance"'))


def test_nothing_is_advised_on_the_words_of_a_reference_that_was_understood() -> None:
    typed = "Lovelace, A. (2016). Diffusion guidance. In CVPR."
    told = page(chosen=known(paper()))
    assert not [line for line in search_lines(told, typed) if "after:2016" in line]
    assert "after:2016" not in text(results(told, typed))
    assert [line for line in search_lines(page(), typed) if "after:2016" in line]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_of_an_import_shows_no_size_that_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    with import_progress() as progress:
        assert progress is not None
        assert "bytes" not in shown.getvalue()
        progress(Progressed(records=7, bytes_read=500, bytes_total=1_000))
    assert "7 papers" in shown.getvalue()
    assert "0.5/1.0 kB" in shown.getvalue()
    assert "?" not in shown.getvalue().replace("\x1b[?", "")


@pytest.mark.parametrize(
    ("typed", "query"),
    [("深度学习", '"深 度 学 习"'), ("author:Müller", "author:muller"), ("Graph  Networks", "graph networks")],
)
def test_a_search_is_told_as_it_was_typed(typed: str, query: str) -> None:
    assert list(search_lines(page(query=query), typed))[-1] == f"5 of 212 papers that match {' '.join(typed.split())}"


def test_several_ids_are_told_to_be_parted_and_a_mistyped_one_is_named() -> None:
    (told,) = search_lines(page(count=0, total=0), "1706.03762 2313.99999")
    assert told.startswith(
        "Those are the ids of several papers: put OR between them. 2313.99999 looks like an arXiv id"
    )


def test_what_else_may_have_been_meant_stands_where_a_terminal_ends() -> None:
    *_, meant, extent = search_lines(page(query="difusion", instead="diffusion"), "difusion")
    assert meant == "Nothing matches difusion as it is written. Did you mean diffusion?"
    assert extent == "5 of 212 papers that match diffusion"
    *_, meant, extent = search_lines(page(perhaps="infusion"), "diffusion")
    assert (meant, extent) == ("Did you mean infusion?", "5 of 212 papers that match diffusion")


def test_the_author_who_was_looked_for_is_shown() -> None:
    authors = tuple(Author(name, "A.") for name in ("Abel", "Baker", "Clark", "Dean", "Hinton"))
    hit = replace(page().hits[0], known=known(paper(authors=authors)), named=authors[4:])
    lines = list(search_lines(page(hits=(hit,), total=1), "author:hinton"))
    assert lines[1].startswith("   A. Abel, A. Baker, A. Clark … A. Hinton et al. · 2022")


def test_where_no_paper_is_by_all_who_are_named_it_is_told() -> None:
    lines = list(search_lines(page(is_said=True, is_by_any=True), "hinton and young"))
    assert "No paper that fits is by all of them. These are by any of them." in lines


@pytest.mark.parametrize(
    ("typed", "is_read_otherwise"),
    [
        ("gan or vae", True),
        ("graphs cs.LG", True),
        ("graphs 2015", True),
        ("graphs since last month", True),
        ("zebra", False),
        ("author:hintn", False),
        ("cat:cs.GL", False),
        ('"a', True),
    ],
)
def test_a_terminal_gives_the_hints_that_discord_gives(typed: str, is_read_otherwise: bool) -> None:
    for found in (page(total=3, count=3), page(count=0, total=0, begun="zeb*")):
        shown = text(results(found, typed))
        lines = [each.removeprefix("- ") for each in search_lines(found, typed)]
        hints = [each[3:] for each in shown.splitlines() if each.startswith("-# ") and "of 3" not in each]
        hints += [each[2:] for each in shown.splitlines() if each.startswith("- ") and "`/search`" not in each]
        hints = [each for each in hints if "·" not in each]
        assert bool(hints) == (is_read_otherwise or not found.hits)
        assert [each for each in hints if each not in lines] == []


def test_where_a_name_comes_from_is_told_once() -> None:
    title = "Deep Residual Learning for Image Recognition"
    other = replace(known(number=9), paper=paper(title=title))
    above = list(search_lines(page(nicknamed=other), "the ResNet paper"))
    assert above[:2] == ["ResNet comes from this paper:", f"   {title}"]
    among = list(search_lines(page(nicknamed=known(number=3)), "resnet"))
    assert among[0] == "Number 3 is where resnet comes from."
    assert sum("Classifier-Free" in line for line in among) == 5
    assert search_json(page(nicknamed=other))["nicknamed"]["title"] == title
    assert search_json(page())["nicknamed"] is None
