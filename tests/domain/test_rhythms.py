"""The days of feeds: real dates of 2026 as a table, and laws for every moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendars import ARXIV_HOLIDAYS, WhyNone
from bot.domain.rhythms import Occasion, Rhythm, next_occasion, occasion_at, occasion_on

EASTERN = ZoneInfo("America/New_York")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
HOLIDAYS = st.frozensets(st.dates(date(2024, 1, 1), date(2032, 1, 1)), max_size=5)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "day", "due", "closes", "reason"),
    [
        (Rhythm.ARXIV_FEED, eastern("2026-06-02 00:00"), "2026-06-02", eastern("2026-06-02 00:00"), None, None),
        (Rhythm.ARXIV_FEED, eastern("2026-06-02 23:59"), "2026-06-02", eastern("2026-06-02 00:00"), None, None),
        (Rhythm.ARXIV_FEED, utc("2026-06-03 03:30"), "2026-06-02", eastern("2026-06-02 00:00"), None, None),
        (Rhythm.ARXIV_FEED, eastern("2026-06-06 09:00"), "2026-06-06", None, None, WhyNone.WEEKEND),
        # Juneteenth's evening is a Friday's: nothing changes but Saturday, which is the weekend anyhow.
        (Rhythm.ARXIV_FEED, eastern("2026-06-19 09:00"), "2026-06-19", eastern("2026-06-19 00:00"), None, None),
        (Rhythm.ARXIV_FEED, eastern("2026-09-08 09:00"), "2026-09-08", None, None, WhyNone.HOLIDAY),
        (Rhythm.ARXIV_LIST, eastern("2026-06-02 19:59"), "2026-06-01", eastern("2026-06-01 20:00"), None, None),
        (Rhythm.ARXIV_LIST, eastern("2026-06-02 20:00"), "2026-06-02", None, eastern("2026-06-03 20:00"), None),
        (Rhythm.ARXIV_LIST, eastern("2026-06-05 21:00"), "2026-06-05", None, None, WhyNone.WEEKEND),
        (Rhythm.ARXIV_LIST, eastern("2026-06-07 21:00"), "2026-06-07", None, None, None),
        (Rhythm.ARXIV_HARVEST, eastern("2026-06-02 22:29"), "2026-06-01", eastern("2026-06-01 22:30"), None, None),
        (Rhythm.WEEKDAY_LIST, utc("2026-06-02 00:00"), "2026-06-02", utc("2026-06-02 06:00"), None, None),
        (Rhythm.WEEKDAY_LIST, utc("2026-06-06 12:00"), "2026-06-06", None, utc("2026-06-07"), WhyNone.WEEKEND),
        (Rhythm.DAY_LIST, utc("2026-06-06 12:00"), "2026-06-06", None, utc("2026-06-07"), None),
        (Rhythm.STEADY, utc("2026-06-06 12:00"), "2026-06-06", utc("2026-06-06"), utc("2026-06-07"), None),
    ],
)  # fmt: skip
def test_the_day_of_a_moment(
    rhythm: Rhythm, now: datetime, day: str, due: datetime | None, closes: datetime | None, reason: WhyNone | None
) -> None:
    found = occasion_at(rhythm, now)
    assert (found.day.isoformat(), found.why_none) == (day, reason)
    assert due is None or found.due_at == due
    assert closes is None or found.closes_at == closes


@pytest.mark.parametrize(
    ("evening", "instant"),
    [
        ("2026-03-05", "2026-03-06T01:00"),  # winter
        ("2026-03-08", "2026-03-09T00:00"),  # the day summer time begins
        ("2026-07-01", "2026-07-02T00:00"),
        ("2026-10-29", "2026-10-30T00:00"),
        ("2026-11-01", "2026-11-02T01:00"),  # the day it ends
    ],
)
def test_eastern_evenings_are_the_next_day_in_utc(evening: str, instant: str) -> None:
    day = date.fromisoformat(evening)
    assert occasion_on(Rhythm.ARXIV_LIST, day).due_at == utc(instant)
    assert occasion_on(Rhythm.ARXIV_HARVEST, day).due_at == utc(instant) + timedelta(hours=2, minutes=30)
    assert occasion_on(Rhythm.ARXIV_FEED, day + timedelta(days=1)).due_at == utc(instant) + timedelta(hours=4)


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-06-02 19:59", "2026-06-02"),
        ("2026-06-02 20:00", "2026-06-03"),
        ("2026-06-05 12:00", "2026-06-07"),
        ("2026-06-06 23:00", "2026-06-07"),
        ("2026-11-26 21:00", "2026-11-29"),
        ("2026-12-24 21:00", "2026-12-27"),
        ("2026-12-31 23:59", "2027-01-03"),
    ],
)
def test_which_evening_is_next(now: str, following: str) -> None:
    found = next_occasion(Rhythm.ARXIV_LIST, occasion_at(Rhythm.ARXIV_LIST, eastern(now)))
    assert found.day == date.fromisoformat(following)


def test_the_holidays_of_arxiv_are_not_those_of_hugging_face() -> None:
    assert occasion_on(Rhythm.ARXIV_LIST, date(2026, 11, 26)).why_none is WhyNone.HOLIDAY
    assert occasion_on(Rhythm.WEEKDAY_LIST, date(2026, 11, 26)).is_promised


def test_only_what_a_source_owes_is_promised() -> None:
    tuesday, saturday = date(2026, 6, 2), date(2026, 6, 6)
    promising = {each for each in Rhythm if occasion_on(each, tuesday).is_promised}
    assert promising == {Rhythm.ARXIV_FEED, Rhythm.ARXIV_LIST, Rhythm.ARXIV_HARVEST, Rhythm.WEEKDAY_LIST}
    assert not any(occasion_on(each, saturday).is_promised for each in Rhythm)


def test_a_feed_holds_what_was_announced_the_evening_before() -> None:
    assert occasion_on(Rhythm.ARXIV_FEED, date(2026, 6, 2)).since == eastern("2026-06-01 20:00")
    assert occasion_on(Rhythm.ARXIV_HARVEST, date(2026, 6, 2)).since == eastern("2026-06-02 20:00")


def test_the_next_batch_comes_after_weekends_and_holidays() -> None:
    friday = occasion_on(Rhythm.ARXIV_FEED, date(2026, 9, 4))
    monday = next_occasion(Rhythm.ARXIV_FEED, friday)
    assert monday.day == date(2026, 9, 7)  # Sunday's evening brings Friday's papers
    assert next_occasion(Rhythm.ARXIV_FEED, monday).day == date(2026, 9, 9)  # Labor Day's evening brings none


def test_a_deferred_day_is_a_setting() -> None:
    deferred = ARXIV_HOLIDAYS | {date(2026, 6, 2)}
    assert occasion_on(Rhythm.ARXIV_FEED, date(2026, 6, 3), deferred).why_none is WhyNone.HOLIDAY
    assert occasion_on(Rhythm.ARXIV_LIST, date(2026, 6, 2), deferred).why_none is WhyNone.HOLIDAY


@given(st.sampled_from(Rhythm), MOMENTS, HOLIDAYS)
def test_each_moment_belongs_to_one_day(rhythm: Rhythm, now: datetime, holidays: frozenset[date]) -> None:
    found = occasion_at(rhythm, now, holidays)
    assert found.opens_at <= now < found.closes_at
    assert found == occasion_on(rhythm, found.day, holidays)
    assert found.opens_at <= found.due_at < found.ask_at < found.closes_at
    assert found.since <= found.due_at
    following: Occasion = occasion_at(rhythm, found.closes_at, holidays)
    assert (following.day, following.opens_at) == (found.day + timedelta(days=1), found.closes_at)
    assert not (found.is_promised and found.why_none)


@given(MOMENTS)
def test_clocks_in_new_york_always_show_the_same(now: datetime) -> None:
    days = [occasion_at(each, now) for each in (Rhythm.ARXIV_FEED, Rhythm.ARXIV_LIST, Rhythm.ARXIV_HARVEST)]
    assert [f"{each.due_at.astimezone(EASTERN):%H:%M}" for each in days] == ["00:00", "20:00", "22:30"]


@given(st.sampled_from(Rhythm), MOMENTS, HOLIDAYS)
def test_the_next_day_with_a_batch_is_later_and_has_one(
    rhythm: Rhythm, now: datetime, holidays: frozenset[date]
) -> None:
    found = occasion_at(rhythm, now, holidays)
    following = next_occasion(rhythm, found, holidays)
    assert following.opens_at >= found.closes_at
    assert following.why_none is None
