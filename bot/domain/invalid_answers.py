"""How many answers of Discord were refusals lately, and what may still be asked of it. It counts what it is told.

10,000 answers of 401, 403 or 429 within ten minutes ban the address (docs.discord.com, rate limits).
"""

from collections import deque
from datetime import datetime, timedelta
from enum import IntEnum

INVALID = frozenset({401, 403, 429})
WINDOW = timedelta(minutes=10)
WARN_AT, ESSENTIAL_AT, STOP_AT = 100, 300, 500


class Allowance(IntEnum):
    """What may still be asked, the least last."""

    ALL = 0
    WARNED = 1
    ESSENTIAL = 2
    """Nothing that only tries whether a closed channel is open again, and nothing that only tells somebody."""
    NOTHING = 3


class InvalidAnswers:
    """The refusals of the last ten minutes."""

    def __init__(self) -> None:
        self._at: deque[datetime] = deque()

    def add(self, status: int, now: datetime) -> None:
        """Take note of an answer; most are no refusals."""
        if status in INVALID:
            self._at.append(now)

    def count(self, now: datetime) -> int:
        while self._at and self._at[0] <= now - WINDOW:
            self._at.popleft()
        return len(self._at)

    def allowance(self, now: datetime) -> Allowance:
        return allowance(self.count(now))


def allowance(refusals: int) -> Allowance:
    """What may still be asked after so many refusals within the window."""
    for least, allowed in (
        (STOP_AT, Allowance.NOTHING),
        (ESSENTIAL_AT, Allowance.ESSENTIAL),
        (WARN_AT, Allowance.WARNED),
    ):
        if refusals >= least:
            return allowed
    return Allowance.ALL
