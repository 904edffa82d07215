"""Dates and times of day in a zone as instants, whatever the clocks do there. Reads no clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.posting import known_zone

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MOST_MISSING = 3
"""Dates in a row that a zone leaves out, at most: it was one each time (Apia 2011, Kwajalein 1993)."""


def due_instant(on: date, at: time, zone: str) -> datetime | None:
    """When it is this time on this date in the zone, in UTC.

    Of a time that comes twice, the first; of one that is skipped, the first instant after the gap. None where the
    whole date does not exist there, or goes beyond what a datetime can tell.
    """
    place = known_zone(zone)
    try:
        instant = _first_at(datetime.combine(on, at.replace(microsecond=0, fold=0)), place)
        before = (instant - _SECOND).astimezone(place).date()
    except OverflowError:
        return None
    return instant if on in (instant.astimezone(place).date(), before) else None


def _first_at(wall: datetime, place: ZoneInfo) -> datetime:
    """The first instant at which a clock there shows this time, or the first after the gap that it falls into."""
    late = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    if late.astimezone(place).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    while late - early > _SECOND:  # in a gap, its two readings lie on either side of it (PEP 495)
        middle = early + timedelta(seconds=(late - early) // _SECOND // 2)
        if middle.astimezone(place).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late


def end_of(on: date, zone: str) -> datetime | None:
    """When this date is over there: the first instant of the next one that exists; None at the end of all time."""
    following = (on + _DAY * ahead for ahead in range(1, _MOST_MISSING + 1) if on <= date.max - _DAY * ahead)
    begins = (due_instant(each, time(), zone) for each in following)
    return next((each for each in begins if each is not None), None)


def today_in(zone: str, now: datetime) -> date:
    """The date that it is there."""
    return now.astimezone(known_zone(zone)).date()
