"""Weekdays, dates and schedules as people write and read them, both ways. Knows only English, and no clock."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from bot.domain.posting_words import WEEKDAYS, written_time, written_zone
from bot.domain.schedules import EVERY_DAY, Schedule
from bot.errors import UserError

_LONGEST_TYPED = 40
_LONGEST_DAYS = 80
"""Characters of days that are read: to look for ranges in thousands would take seconds."""
_WORK_DAYS = frozenset(range(5))
_NAMED = {
    **dict.fromkeys(("every day", "everyday", "daily", "all", "all days", "each day"), EVERY_DAY),
    **dict.fromkeys(("weekdays", "workdays", "working days", "work days", "every weekday"), _WORK_DAYS),
    **dict.fromkeys(("weekend", "weekends"), EVERY_DAY - _WORK_DAYS),
}
_ALSO = {"weds": 2, "thurs": 3, "thur": 3}
_RANGE = re.compile(r"([a-z]+)\s*(?:-|–|—|\bto\b|\buntil\b|\bthrough\b)\s*([a-z]+)")
_BETWEEN = re.compile(r"[\s,;/&+]+|\band\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?(?:,?\s+(\d{4}))?")
_MONTH_FIRST = re.compile(r"(?:[a-z]+,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_NEAR_YEARS = (0, -1, 1)
"""Of a date without its year, the nearest is meant: this year's, the last one's or the next one's."""


def weekdays_of(typed: str) -> frozenset[int]:
    """The days, 0 for Monday, of `weekdays`, `Mon-Fri`, `Mon, Wed and Fri`. Raises UserError."""
    wanted = typed.strip().casefold()
    if len(wanted) > _LONGEST_DAYS:
        raise _no_weekdays(typed)
    if wanted in _NAMED:
        return _NAMED[wanted]
    days: set[int] = set()
    for first, last in _RANGE.findall(wanted):
        begin, end = _weekday(first), _weekday(last)
        if begin is None or end is None:
            raise _no_weekdays(typed)
        days.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    for word in filter(None, _BETWEEN.split(_RANGE.sub(" ", wanted))):
        day = _weekday(word)
        if day is None:
            raise _no_weekdays(typed)
        days.add(day)
    if not days:
        raise _no_weekdays(typed)
    return frozenset(days)


def _weekday(word: str) -> int | None:
    if word in _ALSO:
        return _ALSO[word]
    word = word.removesuffix("s") if word.endswith("days") else word
    return next((at for at, name in enumerate(WEEKDAYS) if len(word) > 1 and name.casefold().startswith(word)), None)


def _no_weekdays(typed: str) -> UserError:
    return UserError(
        f"I cannot read the days {typed.strip()[:_LONGEST_TYPED]!r}. "
        "Write them as Mon-Fri, or Tue, Thu, or weekends, or every day."
    )


def written_weekdays(days: Collection[int]) -> str:
    """Such as `every day`, `Monday to Friday`, `Tuesday and Thursday`."""
    if len(set(days)) == len(EVERY_DAY):
        return "every day"
    rows: list[list[int]] = []
    for each in sorted(days):
        if rows and rows[-1][-1] == each - 1:
            rows[-1].append(each)
        else:
            rows.append([each])
    if len(rows) > 1 and rows[0][0] == 0 and rows[-1][-1] == len(WEEKDAYS) - 1:
        rows[0] = rows.pop() + rows[0]
    told: list[str] = []
    for row in rows:
        is_long = len(row) > 2
        told += [f"{WEEKDAYS[row[0]]} to {WEEKDAYS[row[-1]]}"] if is_long else [WEEKDAYS[each] for each in row]
    return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]])) if told else "never"


def date_of(typed: str, today: date) -> date:
    """The date of `2026-05-26`, `26 May`, `May 26`, `tomorrow`, `friday`. Raises UserError.

    A weekday is the next one, today's if it is that; of a date without its year the nearest is meant.
    """
    wanted = " ".join(typed.casefold().split())
    if wanted in ("today", "tomorrow"):
        return today + timedelta(days=int(wanted == "tomorrow"))
    day = _weekday(wanted.removeprefix("next ").removeprefix("on "))
    if day is not None:
        return today + timedelta(days=(day - today.weekday()) % 7)
    found = _iso(wanted) or _in_words(wanted, today)
    if found is None:
        raise UserError(
            f"I cannot read the date {typed.strip()[:_LONGEST_TYPED]!r}. "
            f"Write it as {today.isoformat()}, or pick one as you type."
        )
    return found


def _iso(wanted: str) -> date | None:
    try:
        return date.fromisoformat(wanted) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", wanted) else None
    except ValueError:
        return None


def _in_words(wanted: str, today: date) -> date | None:
    if found := _DAY_FIRST.fullmatch(wanted):
        day, month, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(wanted):
        month, day, year = found.groups()
    else:
        return None
    if month[:3] not in _MONTHS:
        return None
    number = _MONTHS.index(month[:3]) + 1
    years = [int(year)] if year else [today.year + step for step in _NEAR_YEARS]
    likely = [each for each in (_made(at, number, int(day)) for at in years) if each is not None]
    return min(likely, key=lambda each: abs(each - today), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_date(on: date) -> str:
    """Such as `Tuesday 26 May`."""
    return f"{on:%A} {on.day} {on:%B}"


def when_posted(schedule: Schedule) -> str:
    """Such as `at 09:00 Europe/Berlin, Monday to Friday`."""
    return f"at {written_time(schedule.at)} {written_zone(schedule.zone)}, {written_weekdays(schedule.weekdays)}"


def how_posted(schedule: Schedule) -> list[str]:
    """The rest of it, but for who is pinged: how loudly, whether with a thread or pinned, and when the recap comes."""
    told = ["silent" if schedule.is_silent else "with a notification"]
    told += ["a thread for each"] if schedule.has_thread else []
    told += ["today's pinned"] if schedule.is_pinned else []
    return told + ([f"a recap on {WEEKDAYS[schedule.recap_weekday]}s"] if schedule.recap_weekday is not None else [])
