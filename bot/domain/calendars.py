"""On which days arXiv announces and Hugging Face lists, and why on others nothing comes.

Told the time, it reads no clock; and it never guesses a holiday that nobody published.
"""

from collections.abc import Collection
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

_DEADLINE = time(14)
_LISTED = time(6)
_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6


class WhyNone(StrEnum):
    """Why a day brings nothing new, and is not broken for it."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"


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


def rss_submitted_from(day: date, holidays: Collection[date] = ARXIV_HOLIDAYS) -> datetime:
    """From when on the papers were submitted that arXiv's feeds hold on this day, which is no day without any.

    They go on to where those of the next such day begin: where an evening is left out, the next has its papers too.
    """
    return _deadline(_evening_before(day - _DAY, holidays))


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
