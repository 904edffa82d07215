"""Puts found papers in the order people expect, by how well their titles fit. Finds nothing itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2

from rapidfuzz import fuzz

from bot.domain.analysis import term, terms, words
from bot.domain.query import Field, Query

_TITLE_SHARE = 2.0
"""What a title that holds every word looked for is worth, next to 1 for the best text score of all."""

LONGEST_COMPARED = 200
"""Characters of a text that is compared letter by letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that may be shown, with what its place depends on."""

    id: int
    """Greater is newer."""
    title: str
    score: float = 0.0
    """How well its text matches, the greater the better."""
    upvotes: int = 0


def best_first(query: Query, candidates: Sequence[Candidate]) -> list[int]:
    """The ids, best first: by text score, by how many of the words stand in the title, and by how little else does."""
    sought = {term(word) for each in query.sought() if each.field is not Field.AUTHOR for word in each.words}
    best = max((each.score for each in candidates), default=0.0) or 1.0

    def place(each: Candidate) -> tuple[float, int]:
        title = terms(each.title)
        held = len(sought.intersection(title))
        share = held / len(sought) if sought else 0.0
        filled = held / len(title) if title else 0.0
        return (each.score / best + _TITLE_SHARE * share + filled, each.id)

    return [each.id for each in sorted(candidates, key=place, reverse=True)]


def closest_titles(typed: str, candidates: Iterable[Candidate]) -> list[int]:
    """The ids, best first: titles that continue a half-typed text as it stands, and better-known papers, come first."""
    start = " ".join(words(typed[:LONGEST_COMPARED]))

    def place(each: Candidate) -> tuple[float, int]:
        title = " ".join(words(each.title))[:LONGEST_COMPARED]
        continues = 25.0 if title.startswith(start) else 0.0
        known = min(20.0, 4 * log2(1 + max(0, each.upvotes)))
        return (fuzz.partial_ratio(start, title) + continues + known, each.id)

    return [each.id for each in sorted(candidates, key=place, reverse=True)]


def likeness(typed: str, title: str) -> float:
    """How alike a typed title and a paper's are, of 100; case, markup and punctuation do not count."""
    one, other = (" ".join(words(text[:LONGEST_COMPARED])) for text in (typed, title))
    return fuzz.ratio(one, other)
