"""Keys of citations: what they are made of, and that no two papers of one answer share one."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.citation_keys import citation_keys
from bot.domain.cited import cited
from bot.domain.papers import Author, Paper
from tests.cogs.samples import paper


def key(**changes: Any) -> str:
    return citation_keys([cited(paper(**changes))])[0]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "ho2022classifier"),
        ({"title": "On the Use of “Attention”"}, "ho2022use"),
        ({"title": "The Of And"}, "ho2022"),
        ({"title": "研究 αβ 3D Gaussians"}, "ho20223d"),
        ({"title": "研究 α 3D Gaussians"}, "ho2022alpha"),
        ({"authors": (Author(family="van den Oord", given="Aäron"),)}, "vandenoord2022classifier"),
        ({"authors": (Author(family="Łoś-Ødegård", given="Bjørn"),)}, "losodegard2022classifier"),
        ({"authors": (Author(family="The ATLAS Collaboration"),)}, "atlas2022classifier"),
        ({"authors": (Author(family="王", given="伟"),)}, "anonymous2022classifier"),
        ({"authors": (), "published_at": None}, "anonymousclassifier"),
    ],
)
def test_a_key_is_family_name_year_and_first_telling_word(changes: dict[str, Any], expected: str) -> None:
    assert key(**changes) == expected


def test_papers_that_would_share_a_key_get_letters() -> None:
    same, other = paper(), paper(title="Attention")
    assert citation_keys([cited(each) for each in (same, other, same)]) == [
        "ho2022classifiera",
        "ho2022attention",
        "ho2022classifierb",
    ]
    many = citation_keys([cited(same)] * 30)
    assert (many[25], many[26]) == ("ho2022classifierz", "ho2022classifieraa")


@given(
    st.lists(st.builds(Paper, title=st.sampled_from(["Cat", "Cat A", "Cata", "Catb", "Cat!", "", "研"])), max_size=40)
)
def test_keys_are_unique_and_plain(papers: list[Paper]) -> None:
    keys = citation_keys([cited(each) for each in papers])
    assert len(set(keys)) == len(keys) == len(papers)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*", each) for each in keys)
