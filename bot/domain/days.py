"""Days as people write them in a query: dates, and spans back from today. It never asks what day it is."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?")
_AGO = re.compile(r"([0-9]{1,4})([dmy])|([0-9]{1,3})w", re.IGNORECASE)
_MONTHS_IN = {"m": 1, "y": 12}


@dataclass(frozen=True, slots=True)
class Ago:
    """A span back from today: `7d`, or in calendar months and years, `3m` and `1y`."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def before(self, today: date) -> date:
        """That day; a month too short for it gives its last day, and nothing is before the year 1."""
        if self.unit == "d":
            return date.fromordinal(max(1, today.toordinal() - self.count))
        months = 12 * today.year + today.month - 1 - self.count * _MONTHS_IN[self.unit]
        if months < 12:
            return date.min
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))


def read_day(text: str) -> date | Ago | None:
    """The day a text names: `2026`, `2026-05` (their first), `2026-05-22`, `7d`, `2w`, `3m`, `1y`; None for another."""
    if found := _AGO.fullmatch(text):
        return Ago(7 * int(found[3]), "d") if found[3] else Ago(int(found[1]), found[2].lower())
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def written_day(day: date | Ago) -> str:
    """The shortest text that `read_day` reads so: the first of May is `2026-05`, New Year's Day `2026`."""
    if isinstance(day, Ago):
        return str(day)
    return day.isoformat().removesuffix("-01").removesuffix("-01") if day.day == 1 else day.isoformat()


def day_on(day: date | Ago, today: date) -> date:
    """The date that a day means today."""
    return day.before(today) if isinstance(day, Ago) else day
