"""When a time of day is, on a date, in a zone: every zone, every time, whatever its clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.local_days import due_instant, end_of, today_in
from tests.benchmarks.instants import count
from tests.zones import ZONES

SECOND = timedelta(seconds=1)
zones, dates = st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2037, 12, 30))
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("on", "at", "zone", "wanted"),
    [
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2023, 9, 3), time(0, 0), "America/Santiago", datetime(2023, 9, 3, 4, 0, tzinfo=UTC)),
        (date(2026, 11, 26), time(9, 0), "Asia/Kolkata", datetime(2026, 11, 26, 3, 30, tzinfo=UTC)),
        (date(2011, 12, 30), time(9, 0), "Pacific/Apia", None),
        (date(2011, 12, 31), time(0, 0), "Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_times_that_come_twice_or_never(on: date, at: time, zone: str, wanted: datetime | None) -> None:
    assert due_instant(on, at, zone) == wanted


@given(dates, times, zones)
def test_it_is_the_first_instant_that_shows_the_time_or_the_first_after_the_gap(on: date, at: time, zone: str) -> None:
    place, wall = ZoneInfo(zone), datetime.combine(on, at)
    found = due_instant(on, at, zone)
    noon = datetime.combine(on, time(12), UTC)
    around = [(noon + timedelta(minutes=15 * step)).astimezone(place).date() for step in range(-112, 112)]
    if found is None:
        assert on not in around
        return
    shown = found.astimezone(place).replace(tzinfo=None)
    assert shown >= wall
    assert (found - SECOND).astimezone(place).replace(tzinfo=None) < wall
    if shown == wall:
        assert found.astimezone(place).fold == 0


@given(dates, times, zones)
def test_the_dates_follow_each_other(on: date, at: time, zone: str) -> None:
    one, other = due_instant(on, at, zone), due_instant(on + timedelta(days=1), at, zone)
    if one and other:
        assert one < other


@given(dates, zones)
def test_a_date_ends_where_the_next_one_begins(on: date, zone: str) -> None:
    begins, ends = due_instant(on, time(), zone), end_of(on, zone)
    assert ends is not None
    assert today_in(zone, ends) > on
    if begins is not None:
        assert begins < ends


def test_a_date_before_one_that_does_not_exist_ends_where_that_would_have_begun() -> None:
    assert end_of(date(2011, 12, 29), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert end_of(date.max, "UTC") is None


def test_every_existing_date_has_one_instant_for_each_time() -> None:
    """The short form of `tests.benchmarks.instants`, with the zones whose clocks do the strangest things."""
    strange = ("Africa/Cairo", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Africa/Casablanca")
    told = count(strange, date(2026, 1, 1), date(2026, 12, 31))
    assert (told.cases, told.wrong) == (5 * 365 * len(strange), ())
    apia = count(["Pacific/Apia"], date(2011, 12, 1), date(2012, 1, 31))
    assert (apia.cases, apia.wrong) == (5 * 61, ())
