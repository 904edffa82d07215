"""The days that a feed is accounted for by: when each begins, when its batch is due, and when it is over.

Told the time, it reads no clock; and it never says what a feed brought.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendars import (
    ARXIV_HOLIDAYS,
    WhyNone,
    eastern,
    eastern_date,
    huggingface_due_at,
    huggingface_lists_on,
    why_no_rss,
    why_none,
)

_DAY = timedelta(days=1)
_ANNOUNCED, _HARVESTABLE = time(20), time(22, 30)
_PATIENCE = timedelta(minutes=5)
"""How long after it is due a batch is first asked for: feeds are built within minutes."""

_LONGEST_WAIT = 30
"""Days to look ahead for the next batch: arXiv's longest holidays are days, not weeks."""


class Rhythm(StrEnum):
    """How a source brings its papers over the days."""

    ARXIV_FEED = "arxiv feed"
    """One batch, out at midnight Eastern time, in place of the one before (info.arxiv.org/help/rss)."""
    ARXIV_LIST = "arxiv list"
    """Everything, with more of it after each announcement at 20:00 Eastern time."""
    ARXIV_HARVEST = "arxiv harvest"
    """The same from about 22:30 Eastern time on (info.arxiv.org/help/oa)."""
    WEEKDAY_LIST = "weekday list"
    """A list for each weekday, due at 06:00 UTC, whose votes go on moving."""
    DAY_LIST = "day list"
    """A list for each day, which may be empty and grows for days."""
    STEADY = "steady"
    """Whatever there is, at any time."""

    @property
    def is_easterly(self) -> bool:
        """Whether its days and times are those of New York; the others' are UTC."""
        return self in {Rhythm.ARXIV_FEED, Rhythm.ARXIV_LIST, Rhythm.ARXIV_HARVEST}

    @property
    def lists_days(self) -> bool:
        """Whether it is asked for one day's list, so that all it brings is that day's."""
        return self in {Rhythm.WEEKDAY_LIST, Rhythm.DAY_LIST}

    @property
    def catches_up(self) -> bool:
        """Whether one asking brings everything since the last, so that a day nobody asked on is not lost."""
        return self in {Rhythm.ARXIV_LIST, Rhythm.ARXIV_HARVEST}

    @property
    def again(self) -> timedelta | None:
        """After what pause it is asked again on a day whose batch is in; None: not on that day."""
        if self is Rhythm.STEADY:
            return timedelta(hours=1)
        return timedelta(hours=6) if self.lists_days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One day of a feed. Times are UTC."""

    day: date
    opens_at: datetime
    due_at: datetime
    """When its batch should be out, where one is promised."""
    closes_at: datetime
    """When the next day begins."""
    since: datetime
    """When its papers can have become known anywhere at the earliest."""
    is_promised: bool
    """Whether there will be a batch for sure."""
    why_none: WhyNone | None = None

    @property
    def ask_at(self) -> datetime:
        """When to ask for the first time."""
        return self.due_at + _PATIENCE


def occasion_at(rhythm: Rhythm, now: datetime, holidays: Collection[date] = ARXIV_HOLIDAYS) -> Occasion:
    """The day that `now` belongs to; each moment belongs to exactly one."""
    day = eastern_date(now) if rhythm.is_easterly else now.astimezone(UTC).date()
    found = occasion_on(rhythm, day, holidays)
    return found if found.opens_at <= now else occasion_on(rhythm, day - _DAY, holidays)


def occasion_on(rhythm: Rhythm, day: date, holidays: Collection[date] = ARXIV_HOLIDAYS) -> Occasion:
    """The day of this date. `holidays` are the evenings on which arXiv announces nothing."""
    opens_at = _opening(rhythm, day)
    reason = _why_none(rhythm, day, holidays)
    return Occasion(
        day=day,
        opens_at=opens_at,
        due_at=huggingface_due_at(day) if rhythm.lists_days else opens_at,
        closes_at=_opening(rhythm, day + _DAY),
        since=_first_known(rhythm, day, opens_at),
        is_promised=reason is None and rhythm not in {Rhythm.DAY_LIST, Rhythm.STEADY},
        why_none=reason,
    )


def next_occasion(rhythm: Rhythm, after: Occasion, holidays: Collection[date] = ARXIV_HOLIDAYS) -> Occasion:
    """The first day after this one on which there may be a batch."""
    days = (occasion_on(rhythm, after.day + count * _DAY, holidays) for count in range(1, _LONGEST_WAIT))
    return next((each for each in days if each.why_none is None), occasion_on(rhythm, after.day + _DAY, holidays))


def _opening(rhythm: Rhythm, day: date) -> datetime:
    match rhythm:
        case Rhythm.ARXIV_FEED:
            return eastern(day, time.min)
        case Rhythm.ARXIV_LIST:
            return eastern(day, _ANNOUNCED)
        case Rhythm.ARXIV_HARVEST:
            return eastern(day, _HARVESTABLE)
    return datetime.combine(day, time.min, UTC)


def _first_known(rhythm: Rhythm, day: date, opens_at: datetime) -> datetime:
    """arXiv's papers are out from the announcement on, whichever of its services is asked first."""
    if rhythm is Rhythm.ARXIV_FEED:
        return eastern(day - _DAY, _ANNOUNCED)
    return eastern(day, _ANNOUNCED) if rhythm is Rhythm.ARXIV_HARVEST else opens_at


def _why_none(rhythm: Rhythm, day: date, holidays: Collection[date]) -> WhyNone | None:
    match rhythm:
        case Rhythm.ARXIV_FEED:
            return why_no_rss(day, holidays)
        case Rhythm.ARXIV_LIST | Rhythm.ARXIV_HARVEST:
            return why_none(day, holidays)
        case Rhythm.WEEKDAY_LIST:
            return None if huggingface_lists_on(day) else WhyNone.WEEKEND
    return None
