"""Every zone, five times of day, every date of some years: `python -m tests.benchmarks.instants`.

Each local date that exists has exactly one instant for each time: the first at which a clock there shows it, or the
first after the gap that it falls into. Which dates exist is found by asking each zone what date it is, every half hour.
Exit code 1: a case is wrong.
"""

import argparse
import sys
import time as stopwatch
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.local_days import due_instant
from tests.zones import ZONES

TIMES = (time(0), time(0, 30), time(2, 30), time(9), time(23, 30))
FIRST, LAST = date(2025, 1, 1), date(2030, 12, 31)

_DAY, _HALF_HOUR, _SECOND = timedelta(days=1), timedelta(minutes=30), timedelta(seconds=1)
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many cases there were, and those that are wrong."""

    zones: int
    cases: int
    wrong: tuple[str, ...]


def count(zones: Sequence[str], first: date = FIRST, last: date = LAST) -> Counted:
    """Go through all cases of these zones and dates."""
    cases, wrong = 0, list[str]()
    for zone in zones:
        existing = _existing(zone, first, last)
        for at in TIMES:
            found = {on: due_instant(on, at, zone) for on in _dates(first, last)}
            cases += len(existing)
            wrong += _wrong(zone, at, found, existing)
    return Counted(zones=len(zones), cases=cases, wrong=tuple(wrong))


def _dates(first: date, last: date) -> list[date]:
    return [first + _DAY * ahead for ahead in range((last - first).days + 1)]


def _existing(zone: str, first: date, last: date) -> set[date]:
    """The dates that a clock there ever shows."""
    place, found = ZoneInfo(zone), set[date]()
    now = datetime.combine(first, time(), UTC) - _DAY
    end = datetime.combine(last, time(), UTC) + 2 * _DAY
    while now < end:
        found.add(now.astimezone(place).date())
        now += _HALF_HOUR
    return {each for each in found if first <= each <= last}


def _wrong(zone: str, at: time, found: dict[date, datetime | None], existing: set[date]) -> list[str]:
    place, told, before = ZoneInfo(zone), list[str](), None
    for on, instant in found.items():
        named = f"{zone} {on} {at:%H:%M}"
        if (instant is not None) != (on in existing):
            told.append(f"{named}: {instant}, and the date {'exists' if on in existing else 'does not exist'}")
        if instant is None:
            continue
        wall = datetime.combine(on, at)
        shown, sooner = (each.astimezone(place).replace(tzinfo=None) for each in (instant, instant - _SECOND))
        if not sooner < wall <= shown or (shown == wall and instant.astimezone(place).fold):
            told.append(f"{named}: {instant} shows {shown}, and {sooner} before it")
        if before is not None and instant <= before:
            told.append(f"{named}: {instant} is not after the date before")
        before = instant
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", type=int, default=len(ZONES), help="so many zones, spread over all")
    given = parser.parse_args()
    began = stopwatch.process_time()
    told = count(ZONES[:: max(1, len(ZONES) // given.zones)])
    spent = stopwatch.process_time() - began
    print(
        f"{told.zones} zones, {len(TIMES)} times, {FIRST} to {LAST}: {told.cases:,} cases, {len(told.wrong)} wrong; "
        f"{spent:.0f} s of CPU"
    )
    print(*told.wrong[:_MOST_NAMED], sep="\n")
    if told.wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
