"""What is told of a paper from one state to the next."""

from typing import Any

import pytest
from hypothesis import given

from bot.domain.changes import Change, ChangeKind, changes
from bot.domain.merging import merge
from bot.domain.papers import ExternalId, Paper
from tests.domain.test_merging import papers


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    found = changes(Paper(**{"title": "A", **before}), Paper(**{"title": "A", **after}))
    return [(each.kind.value, each.before, each.after) for each in found]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"version": 1}, {"version": 2}, ("version", "1", "2")),
        ({}, {"version": 2}, ("version", None, "2")),
        ({"title": "Old"}, {"title": "New"}, ("title", "Old", "New")),
        ({}, {"comment": "5 pages"}, ("comment", None, "5 pages")),
        ({"journal_ref": None}, {"journal_ref": "Nature 1"}, ("journal reference", None, "Nature 1")),
        ({"ids": (ExternalId("doi", "10.1/x"),)}, {"ids": (ExternalId("doi", "10.1/x"), ExternalId("doi", "10.1/y"))},
         ("doi", None, "10.1/y")),
        ({}, {"code_url": "https://c"}, ("code", None, "https://c")),
        ({}, {"withdrawn": True}, ("withdrawal", None, "withdrawn")),
        ({"withdrawn": True}, {}, ("withdrawal", "withdrawn", None)),
    ],
)  # fmt: skip
def test_each_change_is_told_once(
    before: dict[str, Any], after: dict[str, Any], change: tuple[str, str | None, str | None]
) -> None:
    assert told(before, after) == [change]


def test_what_only_depends_on_who_told_of_it_is_no_change() -> None:
    later = {"version": 1, "abstract": "other words", "upvotes": 5, "sources": ("hf",), "links": ("https://a",)}
    assert told({}, {**later, "ids": (ExternalId("arxiv", "1"),)}) == []


@given(papers(), papers())
def test_a_paper_merged_anew_has_not_changed(known: Paper, new: Paper) -> None:
    merged = merge(known, new)
    assert list(changes(merged, merge(merged, new))) == []
    assert Change(kind=ChangeKind.VERSION, before="2", after="1") not in changes(known, merged)
