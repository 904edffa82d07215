"""How a channel wants the papers of a topic: when, how many, and how loudly. Posts nothing itself."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_PER_DAY = 5
"""Messages that a topic brings a channel on one of its days, unless somebody chose another number."""


class Cadence(StrEnum):
    """When papers are posted."""

    ARRIVAL = "arrival"
    """Each as it arrives; what the day's limit holds back comes in one digest."""
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What somebody chose for a topic. Minutes are counted from midnight, in `zone`."""

    cadence: Cadence = Cadence.ARRIVAL
    zone: str = "UTC"
    """A name of the time zone database; the topic's days are the days there."""
    digest_at: int = 9 * 60
    """The minute at which digests are posted."""
    weekday: int = 0
    """The day of the weekly digest, 0 for Monday."""
    most_per_day: int = MOST_PER_DAY
    quiet_from: int | None = None
    quiet_until: int | None = None
    """Between these minutes nothing is posted; both are None, or neither."""
    role_id: int | None = None
    """The one role that is pinged."""
    has_threads: bool = False
    """Whether each paper gets a thread of its own."""
    is_silent: bool = True

    def is_quiet_at(self, minute: int) -> bool:
        """Whether nothing is to be posted at this minute of the day; from 22 to 7 goes over midnight."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None:
            return False
        return begin <= minute < end if begin <= end else minute >= begin or minute < end


def known_zone(name: str) -> ZoneInfo:
    """The zone of this name; UTC where this machine knows none by it any more, so that nothing else stops for it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
