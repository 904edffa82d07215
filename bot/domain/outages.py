"""Times in which nobody saw to deliveries, which is also what a restored backup looks like to whoever opens it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

REMEMBERED = timedelta(days=7)
"""As long as a delivery of the lost time may be owed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """From the last time somebody saw to deliveries until somebody did again."""

    began_at: datetime
    ended_at: datetime

    def to_text(self) -> str:
        return f"{self.began_at.isoformat()} {self.ended_at.isoformat()}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        began, ended = map(datetime.fromisoformat, text.split())
        return cls(began_at=began, ended_at=ended)


def gap_after(seen_at: datetime | None, earlier: Gap | None, *, now: datetime, late_after: timedelta) -> Gap | None:
    """The gap to reckon with now: a new one, joined to an earlier one of late, or that one, or none."""
    late = earlier if earlier is not None and now - earlier.ended_at < REMEMBERED else None
    if seen_at is None or now - seen_at <= late_after:
        return late
    return Gap(began_at=min(seen_at, late.began_at) if late else seen_at, ended_at=now)
