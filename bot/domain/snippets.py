"""Marks what a query looked for: words of a text, the part that holds most of them, and authors. Makes no markup."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

from bot.domain.analysis import BOUNDARY, author_terms, stop_terms, term, words_with_spans
from bot.domain.conditions import AnyOf, Has, condition
from bot.domain.papers import Author
from bot.domain.query import Field, Query
from bot.domain.variants import written_otherwise

Span = tuple[int, int]
"""Start and end of a part of a text, in characters."""

_LONGEST_READ = 5_000
"""Characters of a text that are looked at; abstracts rarely have half of it."""

_SURE = 4
"""Letters of a term from which on its words begin with the same two; "die" is the term of "dying"."""
_MARK = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of a text with what to mark in it; an ellipsis stands where the text goes on."""

    text: str
    spans: tuple[Span, ...] = ()


def title_spans(query: Query, title: str) -> tuple[Span, ...]:
    """Where the words looked for stand in a title."""
    return tuple((start, end) for start, end, _ in _found(query, Field.TITLE, title))


def snippet(query: Query, abstract: str, *, limit: int = 200) -> Snippet:
    """The part of an abstract, of at most `limit` characters, that holds most of the words looked for, cut at words."""
    text = abstract if len(abstract) <= _LONGEST_READ else _whole_words(abstract[: _LONGEST_READ + 1])
    found = _found(query, Field.ABSTRACT, text)
    start, end = _window(text, found, limit - 4)
    before = f"{_MARK} " if start else ""
    after = f" {_MARK}" if end < len(abstract) else ""
    spans = tuple((a - start + len(before), b - start + len(before)) for a, b, _ in found if start <= a and b <= end)
    return Snippet(text=before + text[start:end] + after, spans=spans)


def sought_authors(
    queries: Iterable[Query], authors: Sequence[Author], *, fields: Collection[Field] = (Field.AUTHOR,)
) -> tuple[Author, ...]:
    """Those authors whom the queries look for by words of these fields, in their order."""
    sought = (each for query in queries for each in query.sought() if each.field in fields)
    named = [condition(replace(each, field=Field.AUTHOR)) for each in sought]
    if not named:
        return ()
    ways = [
        way for each in named for way in (each.parts if isinstance(each, AnyOf) else (each,)) if isinstance(way, Has)
    ]
    asked = [f" {' '.join(way.terms)}{'' if way.prefix else ' '}" for way in ways]
    people = author_terms(authors).split(BOUNDARY)[:-1]
    return tuple(
        author
        for author, kept in zip(authors, people, strict=False)
        if any(each in f" {kept.strip()} " for each in asked)
    )


def _found(query: Query, field: Field, text: str) -> list[tuple[int, int, str]]:
    """Start, end and term of every word of the text that the query looks for in this field."""
    asked = [each for each in query.sought() if each.field in {Field.ANY, field}]
    whole = {term(word) for each in asked for word in each.words}
    telling = whole - stop_terms() or whole
    begun = tuple(each.words[-1] for each in asked if each.prefix)
    ways = {tuple(map(term, way)) for each in asked if not each.prefix for way in written_otherwise(each.words)}
    beginnings = frozenset(each[: 2 if len(each) >= _SURE else 1] for each in (*telling, *begun))
    may_skip = not ways and all(map(str.isascii, beginnings))
    spans = words_with_spans(text, beginnings if may_skip else None) if whole else []
    found = [(start, end, term(word)) for word, start, end in spans]
    otherwise = _standing(ways, [each for _, _, each in found])
    return [
        each
        for at, each in enumerate(found)
        if each[2] in telling or (begun and each[2].startswith(begun)) or at in otherwise
    ]


def _standing(ways: Collection[tuple[str, ...]], found: Sequence[str]) -> set[int]:
    """The places where terms of a text stand together in one of these ways."""
    return {
        at + offset
        for way in ways
        for at, each in enumerate(found)
        if each == way[0] and tuple(found[at : at + len(way)]) == way
        for offset in range(len(way))
    }


def _window(text: str, found: list[tuple[int, int, str]], limit: int) -> Span:
    """The start and end of the best part: most different terms, then most words, then nearest to the beginning."""
    if len(text) <= limit:
        return 0, len(text)
    best, first, last = (0, 0), 0, 0
    for index, (start, _, _) in enumerate(found):
        furthest = start + limit
        inside = list(takewhile(lambda each: each[1] <= furthest, islice(found, index, None)))  # noqa: B023 (used at once)
        value = (len({each[2] for each in inside}), len(inside))
        if value > best:
            best, first, last = value, start, inside[-1][1]
    return _cut_at_words(text, max(0, first - max(0, limit - (last - first)) // 3), limit)


def _cut_at_words(text: str, start: int, limit: int) -> Span:
    """The span of at most `limit` characters from `start` on that begins and ends with whole words where it can."""
    if start and text[start - 1] != " ":
        blank = text.find(" ", start)
        start = start if blank < 0 else blank + 1
    if len(text) - start <= limit:
        return start, len(text)
    return start, start + len(_whole_words(text[start : start + limit + 1]))


def _whole_words(text: str) -> str:
    """All but the last character, without the word that it would cut, where another stands before that."""
    return text[: text.rfind(" ")] if " " in text else text[:-1]
