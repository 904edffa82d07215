"""Says before a search how much of the text index it would read. Finds nothing itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.conditions import AllOf, AnyOf, Condition, Has
from storage.dialects.vocabulary import count_beginning, count_terms

WHOLE = 300_000
"""Papers of a library in which every search is exact, whatever it asks for."""
_COUNTED = 400_000
"""Postings that are read to the end for a count: SQLite takes some 40 ns for each."""
_SCORED = 150_000
"""Postings of which each match is given a score: that reads them twice more."""
_MERGED = 4
"""A posting of a word that is only begun counts so often: the lists of many words are merged first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much there is, and how much of it a search would read: estimates, good to a tenth."""

    papers: int
    postings: int

    @property
    def may_count(self) -> bool:
        """Whether all matches can be counted."""
        return self.papers <= WHOLE or self.postings <= _COUNTED

    @property
    def may_score(self) -> bool:
        """Whether all matches can be scored by their text."""
        return self.papers <= WHOLE or self.postings <= _SCORED


async def effort(connection: AsyncConnection, condition: Condition) -> Effort:
    """What it takes to find all that meets a condition."""
    parts = list(_parts(condition))
    papers, counts = await count_terms(connection, {each for part in parts for each in part.terms})
    postings = sum(counts.get(each, 0) for part in parts for each in part.terms)
    if papers > WHOLE:
        begun = {part.terms[-1] for part in parts if part.prefix}
        postings += _MERGED * sum([await count_beginning(connection, each) for each in sorted(begun)])
    return Effort(papers=papers, postings=postings)


def _parts(condition: Condition) -> Iterator[Has]:
    match condition:
        case Has():
            yield condition
        case AnyOf(parts):
            for part in parts:
                yield from _parts(part)
        case AllOf(parts, without):
            for part in (*parts, *without):
                yield from _parts(part)
        case _:
            return
