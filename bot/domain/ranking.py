"""Puts found papers in the order people expect, by how well their titles fit. Finds nothing itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log2
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.domain.analysis import lead_label, term, words
from bot.domain.conditions import AllOf, AnyOf, Column, Condition, Has, condition
from bot.domain.query import And, Field, Query, Words

_TITLE_SHARE = 2.0
"""What a title that holds every word looked for is worth, next to 1 for the best text score of all."""

_LEAD = 1.5
"""What naming the first author is worth, next to 1 for a word in the title: that is how papers are cited."""

_AS_TYPED = 0.5
"""What a title is worth that holds every word just as it was typed, not only in another form."""

_MOST_KNOWN = 0.5
"""What 255 upvotes and more are worth."""


_MOST_NAMES = 6
"""More words than this are a title or a sentence, and name nobody."""


class Order(StrEnum):
    """Which of the papers found come first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    POPULAR = "popular"


LONGEST_COMPARED = 200
"""Characters of a text that is compared letter by letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that may be meant by a half-typed title, with what its place depends on."""

    id: int
    """Greater is newer."""
    title: str
    upvotes: int = 0


class Found(NamedTuple):
    """A paper that matches a query, with what its place depends on.

    Texts with blanks between words, not lists, and a tuple, no dataclass: a search looks at hundreds of them.
    """

    id: int
    """Greater is newer."""
    title: str
    """The terms of its title."""
    words: str = ""
    """The words of its title, folded and unstemmed."""
    lead: str = ""
    """The words of its first author's family name, folded."""
    score: float = 0.0
    """How well its text matches, the greater the better; 0 where nobody looked."""
    upvotes: int = 0


def best_first(query: Query, found: Sequence[Found]) -> list[int]:
    """The ids, best first: by text score, by how many of the words stand in the title or name the first author,
    and how many in the form typed, by how little else stands there, and by upvotes; the newer first among equals."""
    words = {word for each in query.sought() for word in each.words}
    terms = {term(word) for each in query.sought() if each.field is not Field.AUTHOR for word in each.words}
    best = max((each.score for each in found), default=0.0) or 1.0
    named, sought = [f" {word} " for word in words], [f" {each} " for each in terms]
    per_term, per_word = 1 / (len(sought) or 1), _AS_TYPED / (len(named) or 1)

    def place(each: Found) -> tuple[float, int]:
        number, title, typed, lead, score, upvotes = each
        title, typed, lead = f" {title} ", f" {typed} ", f" {lead} "
        held = sum([each in title for each in sought])
        leads = _LEAD if sought and any(each in lead for each in named) else 0.0
        value = score / best + _TITLE_SHARE * per_term * (held + leads) + held / (title.count(" ") - 1)
        value += per_word * sum([each in typed for each in named])
        return (value + min(_MOST_KNOWN, log2(1 + max(0, upvotes)) / 16) if upvotes else value, number)

    return [number for _, number in sorted(map(place, found), reverse=True)]


def in_titles(condition: Condition) -> Condition:
    """The same condition, where what may stand in the abstract must stand in the title, or name an author where it may.

    This is what is looked for first.
    """
    match condition:
        case Has(columns, found, prefix) if Column.TITLE in columns:
            return Has(tuple(each for each in columns if each is not Column.ABSTRACT), found, prefix)
        case AnyOf(parts):
            return AnyOf(tuple(map(in_titles, parts)))
        case AllOf(parts, without):
            return AllOf(tuple(map(in_titles, parts)), without)
        case _:
            return condition


def by_first_author(query: Query) -> Condition | None:
    """What a query asks for, in titles, where some of its words name the first author; None where no word of it may."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    names = [each for each in parts if isinstance(each, Words) and each.field in (Field.ANY, Field.AUTHOR)]
    leads = [
        Has((Column.LABELS,), (lead_label(word),))
        for word in dict.fromkeys(word for each in names if not each.prefix for word in each.words)
    ]
    if not leads or len(leads) > _MOST_NAMES:
        return None
    return AllOf((in_titles(condition(query.root)), AnyOf(tuple(leads)) if len(leads) > 1 else leads[0]))


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
