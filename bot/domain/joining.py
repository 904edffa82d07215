"""Joins masks with AND, OR and NOT for very many queries at once: those of one shape in a few turns over arrays.

A mask is a row of 64-bit numbers. Most of what is looked for stands in none of some papers: that has no row at all.
"""

from array import array
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.domain.batches import Numbers

Rows = npt.NDArray[np.uint64]

_AT_ONCE = 1 << 15
"""Steps that are joined at a time, so that what they need stays near the processor."""


class Shape(NamedTuple):
    """What steps have in common that are joined in one go. A level has only parts of lower levels."""

    level: int
    is_all: bool
    parts: int
    without: int


class Masks:
    """The masks that are not empty, in one growing table, and the row of each step; row 0 is empty."""

    def __init__(self, steps: int, width: int) -> None:
        self._rows: Rows = np.zeros((1 << 10, width), np.uint64)
        self._used = 1
        self.at: npt.NDArray[np.int32] = np.zeros(steps, np.int32)
        """The row of each step."""

    @property
    def rows(self) -> Rows:
        return self._rows[: self._used]

    def put(self, steps: Numbers | npt.NDArray[np.int32], rows: Rows) -> None:
        """Let these steps have these rows."""
        end = self._used + len(rows)
        if end > len(self._rows):
            more = np.empty((max(end, 2 * len(self._rows)), self._rows.shape[1]), np.uint64)
            more[: self._used] = self.rows
            self._rows = more
        self._rows[self._used : end] = rows
        self.at[steps] = np.arange(self._used, end, dtype=np.int32)
        self._used = end

    def put_found(self, steps: Numbers, papers: Numbers) -> None:
        """Let each of these steps, which may come again and again, have the bit of its paper."""
        is_found = np.zeros(len(self.at), np.bool_)
        is_found[steps] = True
        once = np.flatnonzero(is_found)
        width = self._rows.shape[1]
        place = np.zeros(len(self.at), np.int64)
        place[once] = np.arange(len(once))
        rows = np.zeros(len(once) * width, np.uint64)
        bits = np.left_shift(np.uint64(1), (papers & 63).astype(np.uint64))
        np.bitwise_or.at(rows, place[steps] * width + (papers >> 6), bits)
        self.put(once, rows.reshape(-1, width))


class Joining:
    """Every AND and OR there is to work out."""

    def __init__(self) -> None:
        self._steps: dict[Shape, array[int]] = {}
        self._parts: dict[Shape, array[int]] = {}
        """For each of the steps its parts, and then what is taken away."""

    def add(self, shape: Shape, step: int, parts: tuple[int, ...]) -> None:
        self._steps.setdefault(shape, array("i")).append(step)
        self._parts.setdefault(shape, array("i")).extend(parts)

    def join(self, masks: Masks) -> None:
        """Work them all out, the lower levels first."""
        for shape in sorted(self._steps):
            steps = np.frombuffer(self._steps[shape], np.int32)
            parts = np.frombuffer(self._parts[shape], np.int32).reshape(len(steps), -1)
            for start in range(0, len(steps), _AT_ONCE):
                _join(masks, shape, steps[start : start + _AT_ONCE], parts[start : start + _AT_ONCE])


def _join(masks: Masks, shape: Shape, steps: npt.NDArray[np.int32], parts: npt.NDArray[np.int32]) -> None:
    at = masks.at[parts]
    wanted = at[:, : shape.parts]
    lively = np.flatnonzero(wanted.all(axis=1) if shape.is_all else wanted.any(axis=1))
    if not len(lively):
        return
    at, rows = at[lively], masks.rows
    found = rows[at[:, 0]]
    for part in range(1, shape.parts):
        if shape.is_all:
            found &= rows[at[:, part]]
        else:
            found |= rows[at[:, part]]
    for part in range(shape.parts, at.shape[1]):
        found &= ~rows[at[:, part]]
    kept = np.flatnonzero(found.any(axis=1))
    masks.put(steps[lively[kept]], found[kept])
