"""Lays the finished terms of some papers out in arrays, so that all are looked at in one go. It matches nothing."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from operator import or_

import numpy as np
import numpy.typing as npt

from bot.domain.analysis import PreparedPaper
from bot.domain.conditions import Column
from bot.domain.flat import day_start
from bot.domain.query import Side

Numbers = npt.NDArray[np.int64]

_END = "\n"
"""Stands between two texts; no term holds it."""


class Batch:
    """Some papers: every term of every column stands in one long row, text after text."""

    def __init__(self, papers: Sequence[PreparedPaper]) -> None:
        self.count = len(papers)
        texts = [getattr(each.terms, column) for column in Column for each in papers]
        written = f" {_END} ".join(texts).split(" ")
        vocabulary = {each: number for number, each in enumerate(dict.fromkeys(written))}
        self.vocabulary = list(vocabulary)
        """Each term that occurs."""
        self.terms: Numbers = np.fromiter(map(vocabulary.__getitem__, written), np.int64, len(written))
        """Which of them stands at each place."""
        text = np.cumsum(self.terms == vocabulary.get(_END, -1))
        self.papers: Numbers = text % max(1, self.count)
        """The paper of each place."""
        self.columns: Numbers = np.array([column_bit(each) for each in Column])[text // max(1, self.count)]
        """The column of each place, as one bit."""
        self._days = _Days(papers)

    def published(self, side: Side, day: date) -> int:
        """The papers of this day or later, or from before it, the first paper's bit the lowest."""
        return self._days.published(side, day)


class _Days:
    """When papers were published."""

    def __init__(self, papers: Sequence[PreparedPaper]) -> None:
        known = sorted(
            (each.flat.published_at, 1 << place)
            for place, each in enumerate(papers)
            if each.flat.published_at is not None
        )
        self._moments = [moment for moment, _ in known]
        self._before = list(accumulate((bit for _, bit in known), or_, initial=0))
        """The papers of the first so many of these moments."""

    def published(self, side: Side, day: date) -> int:
        before = self._before[bisect_left(self._moments, day_start(day))]
        return before if side is Side.BEFORE else self._before[-1] ^ before


class Beginnings:
    """Which of the beginnings that are looked for each term of a vocabulary has."""

    def __init__(self, vocabulary: Sequence[str], begun: Mapping[str, int]) -> None:
        """`begun` tells the node of each beginning."""
        lengths = sorted({len(each) for each in begun})
        found = [
            (number, begun[each[:length]])
            for number, each in enumerate(vocabulary)
            for length in lengths
            if length <= len(each) and each[:length] in begun
        ]
        self._counts = np.bincount([number for number, _ in found] or [0], minlength=len(vocabulary))
        if not found:
            self._counts[:] = 0
        self._starts: Numbers = np.cumsum(self._counts) - self._counts
        self._nodes = np.array([node for _, node in found], np.int64)

    def of(self, terms: Numbers) -> tuple[Numbers, Numbers]:
        """For each beginning of each of these terms, the place of the term among them, and the node."""
        counts = self._counts[terms]
        which = np.repeat(np.arange(len(terms)), counts)
        within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        return which, self._nodes[self._starts[terms][which] + within]


def column_bit(column: Column) -> int:
    """A column as a bit, so that several are one number."""
    return 1 << list(Column).index(column)


@lru_cache(maxsize=64)
def columns_bits(columns: tuple[Column, ...]) -> int:
    """Several columns as one number below 16."""
    return sum(map(column_bit, columns), start=0)


def packed(mask: int, width: int) -> bytes:
    """A mask as so many numbers of 64 bits, the lowest first."""
    return mask.to_bytes(width * 8, "little")


def unpacked(row: npt.NDArray[np.uint64]) -> int:
    """The mask that a row of such numbers is."""
    return int.from_bytes(row.astype("<u8").tobytes(), "little")
