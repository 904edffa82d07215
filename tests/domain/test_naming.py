"""Whose name plain words may be."""

import pytest

from bot.domain.naming import likely_names, may_name, sure_names, words_of
from bot.domain.parsing import parse_query
from bot.domain.query import Field, Words


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("hinton", ["author:hinton"]),
        ("kaiming he", ['author:"kaiming he"']),
        ("kaiming he cat:cs.CV after:2015", ['author:"kaiming he"']),
        (
            "deep geoffrey hinton",
            ['author:"deep geoffrey hinton"', 'author:"deep geoffrey"', 'author:"geoffrey hinton"'],
        ),
        ("kaiming he residual nets", ['author:"kaiming he"', 'author:"he residual"', 'author:"residual nets"']),
        ("deep residual learning for image recognition", []),
        ("resnet 50", []),
        ("hint*", []),
        ('"kaiming he"', []),
        ("author:he", []),
        ("he OR she", []),
        ("cat:cs.CV", []),
    ],
)
def test_a_name_is_a_few_words_side_by_side(typed: str, names: list[str]) -> None:
    assert [str(each) for each in may_name(parse_query(typed))] == names


def test_words_that_titles_hold_more_often_than_first_authors_are_called_so_are_none() -> None:
    names = may_name(parse_query("deep geoffrey hinton"))
    assert words_of(names) == ["deep", "geoffrey", "hinton"]
    titled, leads = {"deep": 900, "geoffrey": 2}, {"deep": 3, "hinton": 4}
    likely = likely_names(names, titled, leads, 10_000)
    assert [str(each) for each in likely] == ['author:"geoffrey hinton"']
    turned = may_name(parse_query("hinton geoffrey"))
    assert likely_names(turned, titled, leads, 10_000) == turned
    assert likely_names(may_name(parse_query("deep")), titled, leads, 10_000) == []
    assert likely_names(may_name(parse_query("deep hinton")), titled, leads, 10_000) == []
    assert likely_names([], titled, leads, 10_000) == []


def test_surely_names_are_words_that_are_rather_names_one_of_them_a_family_name() -> None:
    names = [
        Words(tuple(each.split()), Field.AUTHOR) for each in ("geoffrey hinton", "hinton", "deep hinton", "geoffrey")
    ]
    assert sure_names(names, {"hinton": 2}, {"geoffrey", "hinton"}) == names[:2]
