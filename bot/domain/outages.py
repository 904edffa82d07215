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


def gap_after(seen_at: datetime | None, earlier: Gap | None, *, is_new: bool, now: datetime) -> Gap | None:
    """The gap to reckon with by whoever begins now, joined to an earlier one of late; None where all is new.

    However short it is: a backup of a moment ago knows nothing of what was posted, and owed anew, since. And one from
    before anybody began knows not even that.
    """
    late = earlier if earlier is not None and now - earlier.ended_at < REMEMBERED else None
    if seen_at is None:
        return late if is_new or late else Gap(began_at=now - REMEMBERED, ended_at=now)
    began = min(seen_at, late.began_at) if late else seen_at
    return Gap(began_at=max(began, now - REMEMBERED), ended_at=now)
