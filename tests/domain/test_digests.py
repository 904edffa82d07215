"""When digests are due: every zone, every time, whatever its clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import digest_minute, due_instant, last_due, next_due
from bot.domain.posting import Cadence, Posting

ZONES = sorted(each for each in available_timezones() if each != "localtime" and not each.startswith("SystemV/"))
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


postings = st.builds(
    Posting,
    cadence=st.sampled_from(Cadence),
    zone=zones,
    digest_at=st.integers(0, 24 * 60 - 1),
    weekday=st.integers(0, 6),
)
instants = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(postings, instants)
def test_the_last_and_the_next_stand_on_either_side_of_now(posting: Posting, now: datetime) -> None:
    last, following = last_due(posting, now), next_due(posting, now)
    assert last is not None
    assert following is not None
    assert last[1] <= now < following
    assert now - last[1] <= timedelta(days=15)
    again = last_due(posting, following)
    assert again is not None
    assert again[1] == following
    assert again[0] > last[0]
    if posting.cadence is Cadence.WEEKLY:
        assert last[0].weekday() == posting.weekday


@given(postings, instants, st.lists(st.integers(1, 80 * 60), max_size=20))
def test_whenever_it_wakes_no_date_comes_twice_or_back(posting: Posting, now: datetime, minutes: list[int]) -> None:
    dates = []
    for each in minutes:
        now += timedelta(minutes=each)
        found = last_due(posting, now)
        assert found is not None
        dates.append(found)
    assert dates == sorted(dates)
    assert len({on for on, _ in dates}) == len({at for _, at in dates})


@pytest.mark.parametrize(
    ("quiet", "at", "wanted"),
    [
        ((None, None), 540, 540),
        ((1320, 420), 360, 420),
        ((1320, 420), 1380, 420),
        ((1320, 420), 420, 420),
        ((600, 660), 630, 660),
    ],
)
def test_a_digest_waits_for_the_end_of_the_quiet_hours(
    quiet: tuple[int | None, int | None], at: int, wanted: int
) -> None:
    assert digest_minute(Posting(quiet_from=quiet[0], quiet_until=quiet[1], digest_at=at)) == wanted
