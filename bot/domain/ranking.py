"""Puts found papers in the order people expect, by how well their titles fit. Finds nothing itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from math import log2
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.domain.analysis import term, terms_of, words
from bot.domain.nicknames import nicknamed
from bot.domain.query import Field, Query, Words
from bot.domain.variants import written_otherwise

_TITLE_SHARE = 2.0
"""What a title that holds every word looked for is worth, next to 1 for the best text score of all."""

_LEAD = 1.5
"""What naming the first author is worth, next to 1 for a word in the title: that is how papers are cited."""

_AS_TYPED = 0.5
"""What a title is worth that holds every word just as it was typed, not only in another form."""

_MOST_KNOWN = 0.5
"""What 255 upvotes and more are worth."""

_BY_THEM = 3.0
"""What it is worth that all the words name somebody among the authors: as much as a title that holds them all."""

_BY_ONE = 1.5
"""The same of one word, which says less of who is meant: more than any abstract, and less than a title."""

_RUN = 0.5
"""What a title is worth that holds all that was typed as it stands, and once more where it begins so."""

_NICKNAMED = 10.0
"""What it is worth to be the paper that people call just so: more than all else together."""


class Order(StrEnum):
    """Which of the papers found come first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    POPULAR = "popular"


LONGEST_COMPARED = 200
"""Characters of a text that is compared letter by letter."""


class Candidate(NamedTuple):
    """A paper that may be meant by a half-typed title, with what its place depends on; a tuple, for hundreds are."""

    id: int
    """Greater is newer."""
    words: str
    """Those of its title, folded."""
    upvotes: int = 0


class Found(NamedTuple):
    """A paper that matches a query, with what its place depends on.

    Texts with blanks between words, not lists, and a tuple, no dataclass: a search looks at hundreds of them.
    """

    id: int
    """Greater is newer."""
    words: str = ""
    """The words of its title, folded and unstemmed."""
    lead: str = ""
    """The words of its first author's family name, folded."""
    score: float = 0.0
    """How well its text matches, the greater the better; 0 where nobody looked."""
    upvotes: int = 0
    by_them: bool = False
    """Whether one of those wrote it whose name the words are."""


def best_first(query: Query, found: Sequence[Found], called: str = "") -> list[int]:
    """The ids, best first: by text score, by how many of the words stand in the title or name the first author,
    and how many in the form typed, by how little else stands there, and by upvotes; the newer first among equals.

    The paper that people call so comes first, unless another has that very title, then papers of those whose name the
    words are, and titles that hold the words as they were typed, which `called` are, with blanks between them; empty
    for others than plain queries.
    """
    if not found:
        return []
    sought = [*query.sought()]
    words = {word for each in sought for word in _to_find(each)}
    terms = {word for each in sought if each.field is not Field.AUTHOR for word in _to_find(each, term)}
    # Word by word over all titles, not title by title over all words: that takes a quarter of the time.
    numbers, typed, leads, scores, upvotes, by_them = zip(*found, strict=True)
    titles = [f" {each} " for each in typed]
    as_typed, in_titles = _held(words, titles), [len(terms)] * len(titles)
    # Where each word stands just as it was typed, its stem does too; to find the stems of others takes the longest.
    others = [at for at, held in enumerate(as_typed) if held < len(words)]
    stems = [f" {each} " for each in terms_of([typed[at] for at in others])]
    for at, held in zip(others, _held(terms, stems), strict=True):
        in_titles[at] = held
    for ways, meant in _otherwise(query):
        for at, title in zip(others, stems, strict=True):
            if any(way in title for way in ways):
                in_titles[at] += sum([each not in title for each in meant])
    may_name = len(words) > 1 or any(by_them)  # of one word it was told whether it is a name
    counts = may_name if terms else query.is_citation
    names = [each for each in words if each.endswith(" ")] if counts else ()
    named = _held(names, [f" {each} " for each in leads])
    best, per_term, per_word = max(scores) or 1.0, 1 / (len(terms) or 1), _AS_TYPED / (len(words) or 1)
    their = _BY_THEM if len(words) > 1 else _BY_ONE
    run = f" {called} " if " " in called else ""
    nicknames = () if f" {called} " in titles else _titles_called(called)
    values = [
        score / best
        + _TITLE_SHARE * per_term * (held + (_LEAD if leading else 0.0))
        + held / (title.count(" ") - 1)
        + per_word * as_they_are
        + (min(_MOST_KNOWN, log2(1 + votes) / 16) if votes > 0 else 0.0)
        + (their if is_theirs else 0.0)
        + (_RUN * (1 + title.startswith(run)) if run and run in title else 0.0)
        + (_NICKNAMED if title in nicknames else 0.0)
        for score, held, leading, title, as_they_are, votes, is_theirs in zip(
            scores, in_titles, named, titles, as_typed, upvotes, by_them, strict=True
        )
    ]
    return [number for _, number in sorted(zip(values, numbers, strict=True), reverse=True)]


def _titles_called(name: str) -> list[str]:
    """The words of the titles that go by this name, as `best_first` has titles."""
    return [f" {' '.join(words(title))} " for title in nicknamed(name)]


def _to_find(sought: Words, form: Callable[[str], str] = str) -> list[str]:
    """Each of the words in such a form, with what stands around it in a text; after one that is begun, anything may."""
    *before, last = map(form, sought.words)
    return [*(f" {each} " for each in before), f" {last}" if sought.prefix else f" {last} "]


def _held(words: Iterable[str], texts: Sequence[str]) -> list[int]:
    """How many of these words, with what stands around them, each of the texts holds."""
    held = [0] * len(texts)
    for word in words:
        held = [count + (word in text) for count, text in zip(held, texts, strict=True)]
    return held


def _otherwise(query: Query) -> Iterator[tuple[list[str], list[str]]]:
    """Other ways to write some of the words looked for, and the terms that a title holds so too."""
    for each in query.sought():
        ways = [] if each.field is Field.AUTHOR or each.prefix else written_otherwise(each.words)
        if ways:
            yield [f" {' '.join(map(term, way))} " for way in ways], [f" {term(word)} " for word in each.words]


def closest_titles(typed: str, candidates: Iterable[Candidate]) -> list[int]:
    """The ids, best first: titles that are a half-typed text or continue it as it stands, and better-known papers, come
    first."""
    start = " ".join(words(typed[:LONGEST_COMPARED]))
    each_once = list(candidates)
    titles = [each.words[:LONGEST_COMPARED] for each in each_once]
    ranked = []
    for title, alike, at in process.extract(start, titles, scorer=fuzz.partial_ratio, limit=None):
        continues = (25.0 if title.startswith(start) else 0.0) + (25.0 if title == start else 0.0)
        number, _, upvotes = each_once[at]
        known = min(20.0, 4 * log2(1 + upvotes)) if upvotes > 0 else 0.0
        ranked.append((alike + continues + known, number))
    return [number for _, number in sorted(ranked, reverse=True)]


def likeness(typed: str, title: str) -> float:
    """How alike a typed title and a paper's are, of 100; case, markup and punctuation do not count."""
    one, other = (" ".join(words(text[:LONGEST_COMPARED])) for text in (typed, title))
    return fuzz.ratio(one, other)
