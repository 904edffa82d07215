"""Reads the dates that outside records write. A date that cannot be true is absent, and a vague one says so."""

import re
from datetime import UTC, date, datetime

from bot.domain.papers import DateKind

EARLIEST_YEAR, LATEST_YEAR = 1500, 2100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIGITS = re.compile(r"[0-9]{1,4}")


def moment(value: object) -> datetime | None:
    """An ISO 8601 date or time as aware UTC; one without a zone is read as UTC. None for anything else."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not EARLIEST_YEAR < read.year < LATEST_YEAR:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def day(value: object) -> date | None:
    """The UTC day of an ISO 8601 date or time, or None."""
    read = moment(value)
    return read.date() if read else None


def publication_date(
    year: object, month: object = None, day_of_month: object = None
) -> tuple[datetime | None, DateKind]:
    """The first moment of the day, month or year in which a paper was published, and how well it is known.

    Takes numbers, digits or English month names. A year alone has the kind UNKNOWN: any other date is better.
    """
    years, months, days = _number(year), _month(month), _number(day_of_month)
    if not EARLIEST_YEAR < years < LATEST_YEAR:
        return None, DateKind.UNKNOWN
    if not months:
        return datetime(years, 1, 1, tzinfo=UTC), DateKind.UNKNOWN
    try:
        return datetime(years, months, days, tzinfo=UTC), DateKind.ANNOUNCED
    except ValueError:
        return datetime(years, months, 1, tzinfo=UTC), DateKind.MONTH


def is_whole(year: object, month: object = None, day_of_month: object = None) -> bool:
    """Whether `publication_date` reads all that is said of these; a zero says nothing."""
    read, kind = publication_date(year, month, day_of_month)
    wanted = DateKind.ANNOUNCED if _says(day_of_month) else DateKind.MONTH if _says(month) else DateKind.UNKNOWN
    return read is not None and kind >= wanted


def _says(value: object) -> bool:
    return value is not None and str(value).strip(" 0") != ""


def _number(value: object) -> int:
    """A small whole number, or 0 for anything else."""
    if isinstance(value, int):
        return value if 0 < value < 10_000 else 0
    written = value.strip() if isinstance(value, str) else ""
    return int(written) if _DIGITS.fullmatch(written) else 0


def _month(value: object) -> int:
    number = _number(value)
    if 0 < number <= 12:
        return number
    name = value.strip().lower()[:3] if isinstance(value, str) else ""
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0
