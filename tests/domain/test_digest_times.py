"""When digests are due: at the minute that people chose, in their zone, on every date that there is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digest_times import digest_minute, due_instant, next_due
from bot.domain.posting import Cadence, Posting

ZONES = sorted(each for each in available_timezones() if each != "localtime")


@pytest.mark.parametrize(
    ("day", "minute", "zone", "due"),
    [
        ("2026-06-02", 540, "UTC", "2026-06-02T09:00+00:00"),
        ("2026-06-02", 540, "America/New_York", "2026-06-02T13:00+00:00"),
        ("2026-10-25", 150, "Europe/Berlin", "2026-10-25T00:30+00:00"),  # 02:30 comes twice
        ("2026-03-29", 150, "Europe/Berlin", "2026-03-29T01:00+00:00"),  # 02:30 does not come
        ("2026-09-06", 0, "America/Santiago", "2026-09-06T04:00+00:00"),  # midnight does not come
        ("2011-12-30", 540, "Pacific/Apia", None),  # the day does not come
        ("2011-12-31", 540, "Pacific/Apia", "2011-12-30T19:00+00:00"),
    ],
)
def test_each_date_has_one_instant(day: str, minute: int, zone: str, due: str | None) -> None:
    wanted = None if due is None else datetime.fromisoformat(due)
    assert due_instant(date.fromisoformat(day), minute, ZoneInfo(zone)) == wanted


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 1439))
def test_it_is_that_minute_there_or_a_leap_over_it(name: str, day: date, minute: int) -> None:
    zone = ZoneInfo(name)
    due = due_instant(day, minute, zone)
    if due is None:
        assert name in {"Pacific/Apia", "Pacific/Kwajalein", "Kwajalein"}
        return
    shown, before = due.astimezone(zone), (due - timedelta(seconds=1)).astimezone(zone)
    wanted = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 (a wall clock)
    assert shown.replace(tzinfo=None) >= wanted
    assert before.replace(tzinfo=None) < wanted or before.utcoffset() != shown.utcoffset()
    assert shown.replace(tzinfo=None) == wanted or before.utcoffset() != shown.utcoffset()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 1439), st.integers(0, 6), st.booleans(), st.integers(0, 10**8))
def test_digests_come_a_day_or_a_week_apart(name: str, minute: int, weekday: int, weekly: bool, second: int) -> None:
    cadence = Cadence.WEEKLY if weekly else Cadence.DAILY
    posting = Posting(cadence=cadence, zone=name, digest_at=minute, weekday=weekday)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    first = next_due(posting, at)
    assert first is not None
    second_one = next_due(posting, first)
    assert second_one is not None
    assert first > at
    days = 7 if weekly else 1
    assert abs((second_one - first) - timedelta(days=days)) <= timedelta(hours=3)
    assert not weekly or first.astimezone(ZoneInfo(name)).weekday() == weekday
    assert first - at <= timedelta(days=days, hours=3)


@pytest.mark.parametrize(
    ("quiet", "minute"),
    [((None, None), 540), ((500, 600), 600), ((1320, 545), 545), ((540, 540), 540), ((0, 540), 540)],
)
def test_a_digest_waits_for_the_end_of_quiet_hours(quiet: tuple[int | None, int | None], minute: int) -> None:
    assert digest_minute(Posting(digest_at=540, quiet_from=quiet[0], quiet_until=quiet[1])) == minute
