"""Holds a batch of new papers against many queries at once, in memory. It reads no database and ranks nothing.

The batch is the index: every term, phrase or beginning of a word that some query asks for gets one bit a paper, and a
query is a few AND, OR and NOT over those masks. What two queries share is worked out once.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate, pairwise
from operator import or_
from typing import NamedTuple, TypeVar

from bot.domain.analysis import PreparedPaper
from bot.domain.conditions import AllOf, AnyOf, Column, Condition, Has, condition
from bot.domain.flat import day_start
from bot.domain.query import Node, Published, Query, Side

Mask = int
"""One bit a paper of the batch, the first paper's the lowest."""

Columns = tuple[Column, ...]
Pair = tuple[str, str]
Key = TypeVar("Key", str, Pair)

_ABOVE_ALL = "\U0010ffff"
"""No term begins with it: it is no letter."""


class Matcher:
    """Queries made ready for any number of batches. Equal ones are one, and have one number; none is ever forgotten."""

    def __init__(self, queries: Iterable[Query] = ()) -> None:
        self._steps = _Steps()
        self._numbers: dict[Node, int] = {}
        self._roots: list[int] = []
        for each in queries:
            self.add(each)

    def add(self, query: Query) -> int:
        """Make a query ready, which takes some 40 µs; its number, from 0 in the order they were added."""
        number = self._numbers.setdefault(query.root, len(self._roots))
        if number == len(self._roots):
            self._roots.append(self._steps.add(condition(query.root)))
        return number

    def masks(self, papers: Sequence[PreparedPaper], *, now: datetime) -> list[Mask]:
        """Which of these papers each query matches, by its number: exactly those that a search would find among them.

        Spans back from now are counted from its day in UTC.
        """
        found = self._steps.masks(_Batch(papers), now.astimezone(UTC).date())
        return [found[each] for each in self._roots]


def places(mask: Mask) -> Iterator[int]:
    """The places of the papers in a mask, from 0, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class _Joined(NamedTuple):
    """One AND or OR of what earlier steps give, and what is then taken away."""

    number: int
    is_all: bool
    parts: tuple[int, ...]
    without: tuple[int, ...]


class _Steps:
    """What there is to work out for a set of queries, each thing once; a step has a number, where its mask will be."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._words: dict[Columns, list[tuple[int, str]]] = defaultdict(list)
        self._phrases: list[tuple[int, Has, tuple[Pair, ...]]] = []
        self._beginnings: list[tuple[int, Has]] = []
        self._days: list[tuple[int, Published]] = []
        self._joined: list[_Joined] = []
        """Each after those it needs."""
        self._wanted: set[str] = set()
        self._pairs: set[Pair] = set()
        self._begun: set[str] = set()

    def add(self, asked: Condition) -> int:
        """The number of the step that gives the papers meeting this condition."""
        match asked:
            case AllOf(parts, without):
                return self._add_joined(True, self._each(parts), self._each(without))
            case AnyOf(parts):
                return self._add_joined(False, self._each(parts), ())
        number, is_new = self._number(asked)
        if is_new:
            self._add(number, asked)
        return number

    def _each(self, parts: tuple[Condition, ...]) -> tuple[int, ...]:
        """In ascending order, so that the order in which somebody typed them makes no difference."""
        return tuple(sorted(map(self.add, parts)))

    def _number(self, what: object) -> tuple[int, bool]:
        """The number of a step, and whether it is new."""
        new = len(self._numbers)
        number = self._numbers.setdefault(what, new)
        return number, number == new

    def _add_joined(self, is_all: bool, parts: tuple[int, ...], without: tuple[int, ...]) -> int:
        number, is_new = self._number((is_all, parts, without))
        if is_new:
            self._joined.append(_Joined(number, is_all, parts, without))
        return number

    def _add(self, number: int, asked: Has | Published) -> None:
        if isinstance(asked, Published):
            self._days.append((number, asked))
        elif asked.prefix:
            self._wanted.update(asked.terms[:-1])
            self._begun.add(asked.terms[-1])
            self._beginnings.append((number, asked))
        elif len(asked.terms) == 1:
            self._wanted.update(asked.terms)
            self._words[asked.columns].append((number, asked.terms[0]))
        else:
            pairs = tuple(pairwise(asked.terms))
            self._pairs.update(pairs)
            self._phrases.append((number, asked, pairs))

    def masks(self, batch: "_Batch", today: date) -> list[Mask]:
        """What each step gives for this batch."""
        begun = batch.beginning(self._begun)
        batch.index(self._wanted.union(*begun.values()), self._pairs)
        found = [0] * len(self._numbers)
        for columns, asked in self._words.items():
            masks = batch.masks_in(columns)
            for number, term in asked:
                found[number] = masks.get(term, 0)
        for number, phrase, pairs in self._phrases:
            found[number] = batch.phrase(phrase, pairs)
        for number, beginning in self._beginnings:
            found[number] = batch.begun(beginning, begun[beginning.terms[-1]])
        for number, day in self._days:
            found[number] = batch.published(day.side, day.first_day(today))
        for each in self._joined:
            found[each.number] = _join(each, found)
        return found


def _join(joined: _Joined, found: list[Mask]) -> Mask:
    _, is_all, parts, without = joined
    mask = found[parts[0]]
    if is_all:
        for part in parts:
            mask &= found[part]
    else:
        for part in parts:
            mask |= found[part]
    for part in without:
        mask &= ~found[part]
    return mask


class _Batch:
    """Some papers, indexed for what is asked of them."""

    def __init__(self, papers: Sequence[PreparedPaper]) -> None:
        self._texts = {column: [f" {getattr(each.terms, column)} " for each in papers] for column in Column}
        self._held = {column: [set(text.split()) for text in texts] for column, texts in self._texts.items()}
        self._masks: dict[Column, dict[str, Mask]] = {}
        self._pairs: dict[Column, dict[Pair, Mask]] = {}
        known = sorted(
            (each.flat.published_at, 1 << place)
            for place, each in enumerate(papers)
            if each.flat.published_at is not None
        )
        self._moments = [moment for moment, _ in known]
        self._before = list(accumulate((bit for _, bit in known), or_, initial=0))
        """The papers of the first so many of these moments."""

    def beginning(self, beginnings: set[str]) -> dict[str, list[str]]:
        """All terms of the batch that begin so."""
        if not beginnings:
            return {}
        known = sorted(set[str]().union(*(held for papers in self._held.values() for held in papers)))
        return {each: known[bisect_left(known, each) : bisect_left(known, each + _ABOVE_ALL)] for each in beginnings}

    def index(self, wanted: set[str], pairs: set[Pair]) -> None:
        """Find the papers that hold each of these terms, and these pairs next to each other."""
        for column in Column:
            self._masks[column] = _masks(self._held[column], wanted)
            texts = self._texts[column] if pairs else ()
            self._pairs[column] = _masks((set(pairwise(text.split())) for text in texts), pairs)

    def masks_in(self, columns: Columns) -> Mapping[str, Mask]:
        """The papers that hold a term in any of these columns, by term."""
        found: dict[str, Mask] = defaultdict(int)
        for column in columns:
            for term, mask in self._masks[column].items():
                found[term] |= mask
        return found

    def phrase(self, asked: Has, pairs: tuple[Pair, ...]) -> Mask:
        """The papers that hold these terms next to each other: `pairs` are each and the one after it."""
        found = 0
        for column in asked.columns:
            masks = self._pairs[column]
            mask = masks.get(pairs[0], 0)
            for pair in pairs[1:]:
                mask &= masks.get(pair, 0)
            if mask and len(pairs) > 1:
                mask = self._adjacent(f" {' '.join(asked.terms)} ", column, mask)
            found |= mask
        return found

    def begun(self, asked: Has, endings: Sequence[str]) -> Mask:
        """The papers that hold these terms next to each other, the last being any of `endings`."""
        found = 0
        before = asked.terms[:-1]
        for column in asked.columns:
            masks = self._masks[column]
            mask = 0
            for term in endings:
                mask |= masks.get(term, 0)
            for term in before:
                mask &= masks.get(term, 0)
            found |= self._adjacent(f" {' '.join(asked.terms)}", column, mask) if before else mask
        return found

    def published(self, side: Side, day: date) -> Mask:
        """The papers of this day or later, or from before it."""
        before = self._before[bisect_left(self._moments, day_start(day))]
        return before if side is Side.BEFORE else self._before[-1] ^ before

    def _adjacent(self, text: str, column: Column, mask: Mask) -> Mask:
        texts = self._texts[column]
        return sum(1 << place for place in places(mask) if text in texts[place])


def _masks(papers: Iterable[set[Key]], wanted: set[Key]) -> dict[Key, Mask]:
    """Which papers hold each of the wanted that any of them holds."""
    masks: dict[Key, Mask] = defaultdict(int)
    for place, held in enumerate(papers):
        bit = 1 << place
        for each in held & wanted:
            masks[each] |= bit
    return masks
