"""The custom_ids of buttons: a search survives in them, and nothing else is read from them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from cogs._custom_ids import SearchAction, asked, paper_id, paper_template, search_ids, search_template
from cogs._markdown import clean

_STEPS: tuple[tuple[SearchAction, int], ...] = (("prev", 3), ("next", 5), ("share", 4))


@given(st.text(st.characters(exclude_characters="␣"), min_size=1, max_size=120))
def test_a_query_comes_back_from_three_buttons_as_it_was(query: str) -> None:
    ids = search_ids(query, _STEPS)
    assert ids is not None
    assert all(len(each.encode("utf-16-le")) <= 200 and each == each.strip() for each in ids)
    if clean(query).strip():
        assert [asked(each, ids).query for each in ids] == [clean(query).strip()] * 3
        assert [asked(each, ids).page for each in ids] == [3, 5, 4]


def test_two_hundred_letters_fit_in_three_buttons_and_no_more_than_85_in_one() -> None:
    assert search_ids("x" * 200, _STEPS) is not None
    assert search_ids("x" * 85, [("share", 0)]) is not None
    assert search_ids("x" * 100, [("share", 0)]) is None


def test_every_custom_id_matches_its_template_and_no_other() -> None:
    ids = [*(search_ids("a b", _STEPS) or []), paper_id(7, "card"), paper_id(7, "abstract"), paper_id(7, "share")]
    templates = [
        *(search_template("prev"), search_template("next"), search_template("share")),
        *(paper_template("card"), paper_template("abstract"), paper_template("share")),
    ]
    for at, custom_id in enumerate(ids):
        assert [bool(re.fullmatch(each, custom_id)) for each in templates] == [each == at for each in range(6)]


@pytest.mark.parametrize(
    "custom_id",
    [
        *(
            "paper:0:card",
            "paper:-1:card",
            "paper:١:card",
            "paper:7:delete",
            "paper:7:card:x",
            "paper::card",
            " paper:7:card",
        ),
        *("paper:" + "9" * 19 + ":card", "paper:7:card\n", "Paper:7:card", "paper:1;drop table:card"),
    ],
)
def test_a_tampered_paper_id_matches_nothing(custom_id: str) -> None:
    assert not any(re.fullmatch(paper_template(each), custom_id) for each in ("card", "abstract", "share"))


@pytest.mark.parametrize(
    ("pressed", "ids"),
    [
        ("search:next:1:", ["search:prev:0:", "search:next:1:", "search:share:0:"]),
        ("search:next:1:x", ["search:share:0:x"]),
        ("search:next:1:x", []),
        ("search:next:9999999:x", ["search:next:9999999:x"]),
        ("search:steal:1:x", ["search:steal:1:x"]),
    ],
)
def test_a_search_that_cannot_be_read_back_says_what_to_do(pressed: str, ids: list[str]) -> None:
    with pytest.raises(UserError, match="/search"):
        asked(pressed, ids)
