"""Sameness: what may be one paper, and what never is."""

import pytest

from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, Paper
from bot.domain.sameness import may_share_id, may_share_title

ADA, BOB = Author(family="Lovelace", given="Ada"), Author(family="Bøb")


def paper(*ids: str, authors: tuple[Author, ...] = ()) -> Paper:
    return Paper(title="x", ids=tuple(ExternalId(*each.split(":")) for each in ids), authors=authors)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (paper("doi:1"), paper("doi:1"), True),
        (paper("doi:1", "arxiv:1"), paper("doi:1"), True),
        (paper("doi:1", "arxiv:1"), paper("doi:1", "arxiv:2"), False),
        (paper("doi:1", "arxiv:1"), paper("doi:2", "arxiv:1"), True),
    ],
)
def test_a_shared_id(one: Paper, other: Paper, same: bool) -> None:
    assert may_share_id(one, other) is may_share_id(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (paper(), paper(), True),
        (paper(), paper("arxiv:1", authors=(ADA,)), True),
        (paper(authors=(ADA, BOB)), paper("arxiv:1", authors=(Author(family="LOVELACE"),)), True),
        (paper(authors=(ADA,)), paper(authors=(BOB,)), False),
        (paper("doi:1"), paper("arxiv:1"), False),
    ],
)
def test_a_shared_title(one: Paper, other: Paper, same: bool) -> None:
    assert may_share_title(one, other) is may_share_title(other, one) is same
