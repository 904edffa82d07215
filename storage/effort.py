"""Says before a search how much of the text index it would read. Finds nothing itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.analysis import term
from bot.domain.conditions import AllOf, AnyOf, Condition, Has
from storage.commonness import Commonness
from storage.readers import Turn

WHOLE = {"sqlite": 300_000, "postgresql": 50_000}
"""Papers of a library in which every search is exact, whatever it asks for: PostgreSQL looks at each that is found."""
_COUNTED = 40
"""Pages of the index that are read to the end for a count: SQLite takes some 50 µs for each."""
_SCORED = 20
"""Pages of which each match is given a score: that reads them twice more."""
_MERGED = 4
"""A page of a word that is only begun counts so often: the lists of many words are merged first."""
_LOOKED_AT = 150
"""Pages that are read for the newest papers with all the words in their title."""
_ONCE = 400
"""Pages that are merged once a search and no more: that takes far longer than all that is done with the outcome."""

_PHRASE = 4
"""How many times longer a phrase takes where only the texts themselves tell how terms stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much there is, and how much of it a search would read: estimates."""

    papers: int
    whole: int
    """How many papers there may be for every search to be exact."""
    pages: int = 0
    merged: int = 0
    """How many of the pages are merged first."""

    @property
    def is_whole(self) -> bool:
        """Whether every search is exact, however long that takes."""
        return self.papers <= self.whole

    @property
    def may_count(self) -> bool:
        """Whether all matches can be counted."""
        return self.is_whole or self.pages + _MERGED * self.merged <= _COUNTED

    @property
    def may_score(self) -> bool:
        """Whether all matches can be scored by their text."""
        return self.is_whole or self.pages + _MERGED * self.merged <= _SCORED

    @property
    def share_read(self) -> float:
        """The share of the papers, the newest, whose titles may all be looked at."""
        return min(1.0, _LOOKED_AT / (self.pages or 1))

    @property
    def may_repeat(self) -> bool:
        """Whether the index may be asked more than once."""
        return self.merged <= _ONCE


def effort(turn: Turn, common: Commonness, condition: Condition) -> Effort:
    """What it takes to find all that meets a condition. Raises OutOfTime."""
    parts = list(_parts(condition))
    papers = common.papers(turn)
    begun = sorted({part.terms[-1] for part in parts if part.prefix})
    merged = common.pages_beginning(turn, begun)
    most = WHOLE[turn.kind]
    if papers <= most:
        return Effort(papers=papers, whole=most, merged=merged)
    # Each part reads its own lists: what a phrase may be as a name reads those of its words once more.
    pages = common.pages(turn, [each for part in parts for each in (part.terms[:-1] if part.prefix else part.terms)])
    if turn.kind != "sqlite" and any(len(part.terms) > 1 for part in parts):
        pages *= _PHRASE
    return Effort(papers=papers, whole=most, pages=pages, merged=merged)


def affordable(turn: Turn, common: Commonness, condition: Condition, planned: Effort) -> Condition:
    """The same condition, or where too many lists would be merged for it, one with the commonest terms instead of all
    that begin alike. Raises OutOfTime."""
    return _with_commonest(turn, common, condition) if planned.merged * _MERGED > _COUNTED else condition


def _with_commonest(turn: Turn, common: Commonness, condition: Condition) -> Condition:
    match condition:
        case Has(_, terms, True):
            found = common.beginning(turn, terms[-1])
            stems = dict.fromkeys(stem for stem in map(term, found) if stem.startswith(terms[-1]))
            whole = [replace(condition, terms=(*terms[:-1], stem), prefix=False) for stem in stems]
            return AnyOf(tuple(whole)) if len(whole) > 1 else (*whole, condition)[0]
        case AnyOf(parts):
            return AnyOf(tuple(_with_commonest(turn, common, each) for each in parts))
        case AllOf(parts, without):
            return AllOf(tuple(_with_commonest(turn, common, each) for each in parts), without)
        case _:
            return condition


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
