"""Holds a batch of new papers against many queries at once, in memory. It reads no database and ranks nothing.

The batch is the index: every term, phrase or beginning of a word that some query asks for gets one bit a paper, and a
query is a few AND, OR and NOT over those masks. What two queries share is worked out once.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np
import numpy.typing as npt

from bot.domain.analysis import PreparedPaper
from bot.domain.batches import Batch, packed, unpacked
from bot.domain.conditions import AllOf, AnyOf, Condition, condition
from bot.domain.joining import Joining, Masks, Rows, Shape
from bot.domain.looking import Looking
from bot.domain.masks import Mask
from bot.domain.query import Published, Query


class Found:
    """Which papers of a batch each query matches, by the query's number."""

    def __init__(self, rows: Rows, at: npt.NDArray[np.int32]) -> None:
        """`at` is the row of each query; row 0 is empty."""
        self._rows = rows
        self._at = at

    def __len__(self) -> int:
        """How many queries there are."""
        return len(self._at)

    def mask(self, number: int) -> Mask:
        """The papers that a query matches."""
        row = self._at[number]
        return unpacked(self._rows[row]) if row else 0

    def matching(self) -> list[int]:
        """The numbers of the queries that match any paper, in order."""
        return np.flatnonzero(self._at).tolist()

    def count(self) -> int:
        """How many pairs of a query and a paper there are."""
        return int(np.bitwise_count(self._rows).sum(axis=1, dtype=np.int64)[self._at].sum())


class Matcher:
    """Queries made ready for any number of batches. Equal ones are one, and have one number; none is ever forgotten."""

    def __init__(self, queries: Iterable[Query] = ()) -> None:
        self._steps = _Steps()
        self._numbers: dict[str, int] = {}
        self._roots = array("i")
        for each in queries:
            self.add(each)

    def add(self, query: Query) -> int:
        """Make a query ready, which takes less than 100 µs; its number, from 0 in the order they were added."""
        number = self._numbers.setdefault(str(query), len(self._roots))
        if number == len(self._roots):
            self._roots.append(self._steps.add(condition(query.root)))
        return number

    def match(self, papers: Sequence[PreparedPaper], *, now: datetime) -> Found:
        """Which of these papers each query matches: exactly those that a search would find among them.

        Spans back from now are counted from its day in UTC.
        """
        masks = self._steps.masks(Batch(papers), now.astimezone(UTC).date())
        return Found(masks.rows, masks.at[np.array(self._roots, np.int32)])

    def masks(self, papers: Sequence[PreparedPaper], *, now: datetime) -> list[Mask]:
        """The same as one mask a query, by its number."""
        found = self.match(papers, now=now)
        return [found.mask(each) for each in range(len(found))]


class _Steps:
    """What there is to work out for a set of queries, each thing once; a step has a number, where its mask will be."""

    def __init__(self) -> None:
        self._levels = bytearray(1)
        """Of each step; step 0 finds nothing."""
        self._looking = Looking()
        self._days: dict[Published, int] = {}
        self._known: dict[bytes, int] = {}
        """The step of each AND and OR, by its written parts."""
        self._joining = Joining()

    def add(self, asked: Condition) -> int:
        """The number of the step that gives the papers meeting this condition."""
        new = len(self._levels)
        match asked:
            case AllOf(parts, without):
                return self._add_joined(True, self._each(parts), self._each(without))
            case AnyOf(parts):
                return self._add_joined(False, self._each(parts), ())
            case Published():
                number = self._days.setdefault(asked, new)
            case _:
                number = self._looking.add(asked, new)
        if number == new:
            self._levels.append(0)
        return number

    def _each(self, parts: tuple[Condition, ...]) -> tuple[int, ...]:
        """In ascending order, so that the order in which somebody typed them makes no difference."""
        return tuple(sorted(map(self.add, parts)))

    def _add_joined(self, is_all: bool, parts: tuple[int, ...], without: tuple[int, ...]) -> int:
        new = len(self._levels)
        number = self._known.setdefault(array("i", (is_all, len(parts), *parts, *without)).tobytes(), new)
        if number == new:
            level = 1 + max(map(self._levels.__getitem__, (*parts, *without)))
            self._levels.append(level)
            self._joining.add(Shape(level, is_all, len(parts), len(without)), number, (*parts, *without))
        return number

    def masks(self, batch: Batch, today: date) -> Masks:
        """What each step gives for this batch."""
        masks = Masks(len(self._levels), max(1, -(-batch.count // 64)))
        masks.put_found(*self._looking.found_in(batch))
        width = masks.rows.shape[1]
        days = [(step, batch.published(day.side, day.first_day(today))) for day, step in self._days.items()]
        found = [(step, mask) for step, mask in days if mask]
        told = b"".join(packed(mask, width) for _, mask in found)
        masks.put(np.array([step for step, _ in found], np.int64), np.frombuffer(told, "<u8").reshape(-1, width))
        self._joining.join(masks)
        return masks
