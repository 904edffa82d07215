"""When arXiv announces and when Hugging Face lists, and so what is expected by now.

Told the time, it reads no clock; and it never guesses a holiday that nobody published.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ARXIV_HOLIDAYS = frozenset(
    {
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 11, 26),
        date(2026, 12, 25),
        date(2026, 12, 29),
        date(2026, 12, 31),
    }
)
"""Days whose evening brings no announcement, as published at info.arxiv.org/help/availability.

arXiv defers others at short notice: whoever learns of one passes this set with the day added.
"""

_ANNOUNCED = time(20)
_HARVESTABLE = time(22, 30)
_DEADLINE = time(14)
_LISTED = time(6)
_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6


class WhyNone(StrEnum):
    """Why a day brings nothing new, and is not broken for it."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivAnnouncement:
    """One evening of arXiv: what it announces, and when each of its services has it. Times are UTC."""

    announced_on: date
    """The evening's date in Eastern time."""
    announced_at: datetime
    submitted_from: datetime
    """Everything submitted from here on …"""
    submitted_until: datetime
    """… and before here."""
    harvestable_at: datetime
    """When OAI-PMH has it, about."""
    rss_on: date
    """The day that its RSS feeds carry: the one that begins at the midnight after it, Eastern time."""
    rss_at: datetime


def arxiv_holidays_are_published(year: int, holidays: Collection[date] = ARXIV_HOLIDAYS) -> bool:
    """Whether the year's holidays are known; where not, only weekends are, and some expected day may stay empty."""
    return any(day.year == year for day in holidays)


def why_none(evening: date, holidays: Collection[date] = ARXIV_HOLIDAYS) -> WhyNone | None:
    """Why arXiv announces nothing on this evening (Eastern time); None when it does announce.

    Friday's and Saturday's evenings are the weekend: Friday's papers come on Sunday (info.arxiv.org/help/availability).
    """
    if evening in holidays:
        return WhyNone.HOLIDAY
    return None if evening.weekday() in {*range(_MONDAY, _THURSDAY + 1), _SUNDAY} else WhyNone.WEEKEND


def why_no_rss(day: date, holidays: Collection[date] = ARXIV_HOLIDAYS) -> WhyNone | None:
    """Why arXiv's feeds are empty on this day (Eastern time); None when they hold the evening before."""
    return WhyNone.WEEKEND if day.weekday() >= _SATURDAY else why_none(day - _DAY, holidays)


def arxiv_announcements(
    start: datetime, end: datetime, holidays: Collection[date] = ARXIV_HOLIDAYS
) -> Iterator[ArxivAnnouncement]:
    """Every announcement from `start` on and before `end`, in order."""
    day = eastern_date(start)
    while (moment := eastern(day, _ANNOUNCED)) < end:
        if moment >= start and why_none(day, holidays) is None:
            yield _announcement(day, holidays)
        day += _DAY


def last_arxiv_announcement(now: datetime, holidays: Collection[date] = ARXIV_HOLIDAYS) -> ArxivAnnouncement:
    """The latest announcement that has been made by now."""
    today = eastern_date(now)
    made = eastern(today, _ANNOUNCED) <= now and why_none(today, holidays) is None
    return _announcement(today if made else _evening_before(today, holidays), holidays)


def next_arxiv_announcement(now: datetime, holidays: Collection[date] = ARXIV_HOLIDAYS) -> ArxivAnnouncement:
    """The first announcement that has not been made by now."""
    day = eastern_date(now)
    while eastern(day, _ANNOUNCED) <= now or why_none(day, holidays) is not None:
        day += _DAY
    return _announcement(day, holidays)


def arxiv_announcement_of(submitted_at: datetime, holidays: Collection[date] = ARXIV_HOLIDAYS) -> ArxivAnnouncement:
    """The announcement of what is submitted at this instant, if moderation does not hold it back."""
    day = eastern_date(submitted_at)
    while why_none(day, holidays) is not None or _deadline(day) <= submitted_at:
        day += _DAY
    return _announcement(day, holidays)


def announcement_in_rss(day: date, holidays: Collection[date] = ARXIV_HOLIDAYS) -> ArxivAnnouncement:
    """What arXiv's feeds carry on this day, which is no day on which they are empty."""
    return _announcement(day - _DAY, holidays)


def expected_rss_day(now: datetime, holidays: Collection[date] = ARXIV_HOLIDAYS) -> date:
    """The day that arXiv's feeds should carry by now (they are built within minutes after midnight, Eastern time)."""
    last = last_arxiv_announcement(now, holidays)
    if last.rss_at > now:
        last = last_arxiv_announcement(last.announced_at - timedelta.resolution, holidays)
    return last.rss_on


def huggingface_lists_on(day: date) -> bool:
    """Whether Hugging Face has a list of daily papers for this day: on weekdays.

    From May 2024 to December 2025 three of 409 weekdays had none, New Year's Day among them, and no other day had one.
    """
    return day.weekday() < _SATURDAY


def huggingface_due_at(day: date) -> datetime:
    """When this day's list should have begun; it grows until the afternoon, and gathers votes for days.

    Of 402 lists from May 2024 to December 2025, half had begun at 00:22 UTC, 98 % at 04:00 and all but two at 06:00.
    """
    return datetime.combine(day, _LISTED, UTC)


def expected_huggingface_day(now: datetime) -> date:
    """The day whose list should be there by now."""
    day = now.astimezone(UTC).date()
    while not huggingface_lists_on(day) or huggingface_due_at(day) > now:
        day -= _DAY
    return day


def _announcement(day: date, holidays: Collection[date]) -> ArxivAnnouncement:
    return ArxivAnnouncement(
        announced_on=day,
        announced_at=eastern(day, _ANNOUNCED),
        # Where an evening is left out, the next one announces its papers too.
        submitted_from=_deadline(_evening_before(day, holidays)),
        submitted_until=_deadline(day),
        harvestable_at=eastern(day, _HARVESTABLE),
        rss_on=day + _DAY,
        rss_at=eastern(day + _DAY, time.min),
    )


def _evening_before(day: date, holidays: Collection[date]) -> date:
    day -= _DAY
    while why_none(day, holidays) is not None:
        day -= _DAY
    return day


def _deadline(evening: date) -> datetime:
    """Until when to submit for this evening: the same day, but for Sunday's on Friday."""
    return eastern(evening - 2 * _DAY if evening.weekday() == _SUNDAY else evening, _DEADLINE)


def eastern(day: date, clock: time) -> datetime:
    """This wall-clock time in New York as UTC. None of the times used falls into the hours that summer time moves."""
    return datetime.combine(day, clock, ZoneInfo("America/New_York")).astimezone(UTC)


def eastern_date(instant: datetime) -> date:
    """The date in New York."""
    return instant.astimezone(ZoneInfo("America/New_York")).date()
