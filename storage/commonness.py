"""How common terms are in this library, remembered for those that many papers hold: they are asked for all the time.

What is remembered may lag behind: a guide to how much a term tells, never an answer.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

from bot.domain.analysis import lead_label
from storage.dialects.vocabulary import (
    commonest_beginning,
    count_in_titles,
    count_indexed,
    count_terms,
    count_well_known,
    pages_beginning,
    pages_read,
)
from storage.readers import Turn

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

_COMMON = 500
"""Papers that hold a term whose count is remembered; to count fewer takes no time."""
_GROWN = 20
"""All is forgotten when one paper in so many is new or gone."""
_MOST = 20_000
_BEGINNING = 20
"""Words that stand for all that begin alike."""


class Commonness:
    """About how many papers hold a term. Safe for many threads at once."""

    def __init__(self) -> None:
        self._papers = 0
        self._seen: WeakKeyDictionary[Turn, int] = WeakKeyDictionary()
        """How many papers each turn that goes on has seen: it sees no others."""
        self._counts: dict[str, int] = {}
        self._leads: dict[str, int] = {}
        self._in_titles: dict[str, int] = {}
        self._pages: dict[str, int] = {}
        self._merged: dict[str, int] = {}
        self._beginning: dict[str, list[str]] = {}
        self._names: dict[tuple[str, int], list[str]] = {}
        self._best_known: dict[str, list[int]] = {}
        self._well_known = 0

    def papers(self, turn: Turn) -> int:
        """How many papers there are; what is remembered of others is forgotten. Raises OutOfTime."""
        if (seen := self._seen.get(turn)) is not None:
            return seen
        papers = self._seen[turn] = count_indexed(turn)
        every = (
            self._counts,
            self._leads,
            self._in_titles,
            self._pages,
            self._merged,
            self._beginning,
            self._names,
            self._best_known,
        )
        if abs(papers - self._papers) * _GROWN > self._papers or sum([len(each) for each in every]) > _MOST:
            self._papers = papers
            self._counts, self._leads, self._in_titles = {}, {}, {}
            self._pages, self._merged, self._beginning, self._names, self._best_known = {}, {}, {}, {}, {}
        return papers

    def counts(self, turn: Turn, terms: Iterable[str]) -> dict[str, int]:
        """About how many papers hold each of these; the unknown left out. Raises OutOfTime."""
        self.papers(turn)
        known, asked = self._counts, list(dict.fromkeys(terms))
        found = count_terms(turn, [term for term in asked if term not in known])
        known.update((term, count) for term, count in found.items() if count >= _COMMON)
        return found | {term: known[term] for term in asked if term in known}

    def leads(self, turn: Turn, words: Iterable[str]) -> dict[str, int]:
        """Of about how many papers the first author is called like each of these words. Raises OutOfTime."""
        self.papers(turn)
        known, asked = self._leads, list(dict.fromkeys(words))
        if unknown := [word for word in asked if word not in known]:
            counts = count_terms(turn, map(lead_label, unknown))
            known.update((word, counts.get(lead_label(word), 0)) for word in unknown)
        return {word: known[word] for word in asked}

    def in_titles(self, turn: Turn, words: Iterable[str]) -> dict[str, int]:
        """About how many titles hold each of these words, in this form; the unknown left out. Raises OutOfTime."""
        self.papers(turn)
        known, asked = self._in_titles, list(dict.fromkeys(words))
        unknown = [word for word in asked if word not in known]
        found = count_in_titles(turn, unknown) if unknown else {}
        known.update((word, count) for word, count in found.items() if count >= _COMMON)
        return found | {word: known[word] for word in asked if word in known}

    def pages(self, turn: Turn, terms: Iterable[str]) -> int:
        """About how many pages of the index are read for these, each as often as it is named. Raises OutOfTime."""
        known, asked = self._pages, list(terms)
        if unknown := {term for term in asked if term not in known}:
            known.update(pages_read(turn, unknown))
        return sum(known[term] for term in asked)

    def pages_beginning(self, turn: Turn, starts: Iterable[str]) -> int:
        """The same for all terms that begin like one of these. Raises OutOfTime."""
        known, asked = self._merged, list(starts)
        for start in asked:
            if start not in known:
                known[start] = pages_beginning(turn, start)
        return sum(known[start] for start in asked)

    def beginning(self, turn: Turn, start: str) -> list[str]:
        """A few words that begin like this, those that stand in the most titles. Raises OutOfTime."""
        found = self._beginning.get(start)
        if found is None:
            found = self._beginning[start] = commonest_beginning(turn, start, _BEGINNING)
        return found

    def names(self, turn: Turn, start: str, limit: int, find: Callable[[], list[str]]) -> list[str]:
        """The first so many names that `find` finds for what begins so: everybody types the same first letters.

        Raises OutOfTime; what it found until time was over is not remembered.
        """
        return self._remembered(turn, self._names, (start, limit), find)

    def best_known(self, turn: Turn, start: str, find: Callable[[], list[int]]) -> list[int]:
        """The same for the well-known papers that `find` finds for what begins so, while no other becomes one."""
        if (known := count_well_known(turn)) != self._well_known:
            self._well_known, self._best_known = known, {}
        return self._remembered(turn, self._best_known, start, find)

    def _remembered(self, turn: Turn, known: dict[Key, Found], key: Key, find: Callable[[], Found]) -> Found:
        self.papers(turn)
        if (found := known.get(key)) is None:
            found = find()
            if not turn.is_cut:
                known[key] = found
        return found
