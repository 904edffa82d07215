"""Announcement days as tables of real dates of 2026, and laws that hold in every year and with any holidays."""

import re
import tarfile
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendars import (
    ARXIV_HOLIDAYS,
    WhyNone,
    arxiv_announcement_of,
    arxiv_announcements,
    arxiv_holidays_are_published,
    expected_huggingface_day,
    expected_rss_day,
    huggingface_due_at,
    huggingface_lists_on,
    last_arxiv_announcement,
    next_arxiv_announcement,
    why_no_rss,
    why_none,
)
from tests.shared import shared

EASTERN = ZoneInfo("America/New_York")
WEEK, MOMENT = timedelta(days=7), timedelta(microseconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def eastern(text: str) -> datetime:
    """What a clock on a wall in New York shows, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


# --- arXiv, 2026

WINDOWS = [
    # evening, from, until (Eastern), what is special
    ("2026-06-02 20:00", "2026-06-01 14:00", "2026-06-02 14:00"),  # Tuesday
    ("2026-06-03 20:00", "2026-06-02 14:00", "2026-06-03 14:00"),  # Wednesday
    ("2026-06-04 20:00", "2026-06-03 14:00", "2026-06-04 14:00"),  # Thursday
    ("2026-06-07 20:00", "2026-06-04 14:00", "2026-06-05 14:00"),  # Sunday has Friday's
    ("2026-06-08 20:00", "2026-06-05 14:00", "2026-06-08 14:00"),  # Monday has the weekend's
    ("2026-01-04 20:00", "2025-12-31 14:00", "2026-01-02 14:00"),  # New Year's Day is left out
    ("2026-01-20 20:00", "2026-01-16 14:00", "2026-01-20 14:00"),  # Martin Luther King Day, a Monday
    ("2026-09-08 20:00", "2026-09-04 14:00", "2026-09-08 14:00"),  # Labor Day, a Monday
    ("2026-06-21 20:00", "2026-06-18 14:00", "2026-06-19 14:00"),  # Juneteenth, a Friday, moves nothing
    ("2026-11-25 20:00", "2026-11-24 14:00", "2026-11-25 14:00"),  # before Thanksgiving
    ("2026-11-29 20:00", "2026-11-25 14:00", "2026-11-27 14:00"),  # after it
    ("2026-12-30 20:00", "2026-12-28 14:00", "2026-12-30 14:00"),  # two holidays with one evening between
    ("2026-03-08 20:00", "2026-03-05 14:00", "2026-03-06 14:00"),  # summer time began that morning
    ("2026-03-09 20:00", "2026-03-06 14:00", "2026-03-09 14:00"),  # a weekend of 71 hours
    ("2026-11-01 20:00", "2026-10-29 14:00", "2026-10-30 14:00"),  # summer time ended that morning
    ("2026-11-02 20:00", "2026-10-30 14:00", "2026-11-02 14:00"),  # a weekend of 73 hours
]


@pytest.mark.parametrize(("evening", "start", "until"), WINDOWS)
def test_each_evening_announces_what_was_submitted_for_it(evening: str, start: str, until: str) -> None:
    announcement = last_arxiv_announcement(eastern(evening))
    assert announcement.announced_at == eastern(evening)
    assert (announcement.submitted_from, announcement.submitted_until) == (eastern(start), eastern(until))
    assert next_arxiv_announcement(eastern(evening) - MOMENT) == announcement


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
    announcement = last_arxiv_announcement(utc(instant))
    assert (announcement.announced_on, announcement.announced_at) == (date.fromisoformat(evening), utc(instant))
    assert announcement.harvestable_at == utc(instant) + timedelta(hours=2, minutes=30)
    assert announcement.rss_at == utc(instant) + timedelta(hours=4)


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-06-02 19:59", "2026-06-01", "2026-06-02"),
        ("2026-06-02 20:00", "2026-06-02", "2026-06-03"),
        ("2026-06-05 12:00", "2026-06-04", "2026-06-07"),
        ("2026-06-06 23:00", "2026-06-04", "2026-06-07"),
        ("2026-11-26 21:00", "2026-11-25", "2026-11-29"),
        ("2026-12-24 21:00", "2026-12-24", "2026-12-27"),
        ("2026-12-31 23:59", "2026-12-30", "2027-01-03"),
    ],
)
def test_what_was_last_and_what_is_next(now: str, last: str, following: str) -> None:
    assert last_arxiv_announcement(eastern(now)).announced_on == date.fromisoformat(last)
    assert next_arxiv_announcement(eastern(now)).announced_on == date.fromisoformat(following)


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        ("2026-06-02 13:59:59", "2026-06-02"),
        ("2026-06-02 14:00", "2026-06-03"),
        ("2026-06-05 13:00", "2026-06-07"),
        ("2026-06-05 14:00", "2026-06-08"),
        ("2026-06-07 21:00", "2026-06-08"),
        ("2026-11-25 15:00", "2026-11-29"),
        ("2026-11-26 15:00", "2026-11-29"),
        ("2026-11-27 15:00", "2026-11-30"),
    ],
)
def test_when_a_submission_is_announced(submitted: str, announced: str) -> None:
    assert arxiv_announcement_of(eastern(submitted)).announced_on == date.fromisoformat(announced)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-06-02 23:59", "2026-06-02"),
        ("2026-06-03 00:00", "2026-06-03"),
        ("2026-06-05 12:00", "2026-06-05"),
        ("2026-06-07 23:00", "2026-06-05"),  # Sunday's evening is announced, its feed not yet due
        ("2026-06-08 00:00", "2026-06-08"),
        ("2026-01-20 12:00", "2026-01-19"),  # Monday's evening was a holiday
        ("2026-11-27 12:00", "2026-11-26"),
        ("2026-11-30 00:00", "2026-11-30"),
    ],
)
def test_which_day_the_feeds_should_carry(now: str, day: str) -> None:
    assert expected_rss_day(eastern(now)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "evening", "feed"),
    [
        ("2026-06-04", None, None),  # Thursday
        ("2026-06-05", WhyNone.WEEKEND, None),  # Friday's feed holds Thursday's evening
        ("2026-06-06", WhyNone.WEEKEND, WhyNone.WEEKEND),
        ("2026-06-07", None, WhyNone.WEEKEND),
        ("2026-06-08", None, None),
        ("2026-11-26", WhyNone.HOLIDAY, None),
        ("2026-11-27", WhyNone.WEEKEND, WhyNone.HOLIDAY),
        ("2026-06-19", WhyNone.HOLIDAY, None),
        ("2026-06-20", WhyNone.WEEKEND, WhyNone.WEEKEND),
    ],
)
def test_why_a_day_brings_nothing(day: str, evening: WhyNone | None, feed: WhyNone | None) -> None:
    assert why_none(date.fromisoformat(day)) == evening
    assert why_no_rss(date.fromisoformat(day)) == feed


def test_a_deferred_day_is_a_holiday_more() -> None:
    deferred = ARXIV_HOLIDAYS | {date(2026, 6, 3)}
    assert why_none(date(2026, 6, 3), deferred) is WhyNone.HOLIDAY
    after = next_arxiv_announcement(eastern("2026-06-03 12:00"), deferred)
    assert after.announced_on == date(2026, 6, 4)
    assert after.submitted_from == eastern("2026-06-02 14:00")


def test_2026_has_255_announcements() -> None:
    year = list(arxiv_announcements(eastern("2026-01-01"), eastern("2027-01-01")))
    assert len(year) == 255
    assert {each.announced_on.strftime("%a") for each in year} == {"Sun", "Mon", "Tue", "Wed", "Thu"}


def test_unpublished_holidays_are_not_guessed() -> None:
    assert arxiv_holidays_are_published(2026)
    assert not arxiv_holidays_are_published(2027)
    assert why_none(date(2027, 1, 18)) is None


def test_twenty_real_days_of_feeds_are_as_expected() -> None:
    filled: set[date] = set()
    empty: set[date] = set()
    with tarfile.open(shared("corpus/rss_replay_2026-06.tar.xz")) as archive:
        for member in archive:
            if content := archive.extractfile(member):
                text = content.read().decode()
                stated = re.search("<pubDate>(.+?)</pubDate>", text)
                assert stated is not None
                (filled if "<item>" in text else empty).add(parsedate_to_datetime(stated[1]).date())
    assert filled
    assert empty
    assert {why_no_rss(day) for day in filled} == {None}
    assert {why_no_rss(day) for day in empty} == {WhyNone.WEEKEND}


# --- arXiv, any year

instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@st.composite
def instants_and_holidays(draw: st.DrawFn) -> tuple[datetime, frozenset[date]]:
    """An instant, and holidays close enough to it to matter."""
    instant = draw(instants)
    near = st.integers(-8, 8).map(lambda days: instant.date() + timedelta(days=days))
    return instant, draw(st.frozensets(near, max_size=6))


@given(instants_and_holidays())
def test_an_instant_of_submission_falls_into_exactly_one_window(case: tuple[datetime, frozenset[date]]) -> None:
    submitted_at, holidays = case
    around = arxiv_announcements(submitted_at - 3 * WEEK, submitted_at + 4 * WEEK, holidays)
    having = [each for each in around if each.submitted_from <= submitted_at < each.submitted_until]
    assert having == [arxiv_announcement_of(submitted_at, holidays)]


@given(instants_and_holidays())
def test_announcements_follow_one_another_without_gaps(case: tuple[datetime, frozenset[date]]) -> None:
    start, holidays = case
    announcements = list(arxiv_announcements(start - 2 * WEEK, start + 2 * WEEK, holidays))
    for earlier, later in pairwise(announcements):
        assert earlier.announced_at < later.announced_at
        assert earlier.submitted_until == later.submitted_from
        assert next_arxiv_announcement(earlier.announced_at, holidays) == later
        assert last_arxiv_announcement(later.announced_at - MOMENT, holidays) == earlier
    for each in announcements:
        assert each.submitted_from < each.submitted_until < each.announced_at < each.harvestable_at < each.rss_at


@given(days)
def test_a_week_without_holidays_has_five(monday: date) -> None:
    start = datetime.combine(monday, time(12), UTC)
    assert len(list(arxiv_announcements(start, start + WEEK, frozenset()))) == 5


@given(instants)
def test_clocks_in_new_york_always_show_the_same(now: datetime) -> None:
    announcement = next_arxiv_announcement(now)
    shown = [
        f"{instant.astimezone(EASTERN):%H:%M}"
        for instant in (
            announcement.submitted_from,
            announcement.submitted_until,
            announcement.announced_at,
            announcement.harvestable_at,
            announcement.rss_at,
        )
    ]
    assert shown == ["14:00", "14:00", "20:00", "22:30", "00:00"]


@given(instants_and_holidays())
def test_the_expected_feed_is_the_newest_that_is_due(case: tuple[datetime, frozenset[date]]) -> None:
    now, holidays = case
    due = [each.rss_on for each in arxiv_announcements(now - 4 * WEEK, now, holidays) if each.rss_at <= now]
    assert expected_rss_day(now, holidays) == due[-1]
    assert why_none(due[-1] - timedelta(days=1), holidays) is None


# --- Hugging Face


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-06-02T05:59", "2026-06-01"),
        ("2026-06-02T06:00", "2026-06-02"),
        ("2026-06-05T23:00", "2026-06-05"),
        ("2026-06-07T12:00", "2026-06-05"),  # no list on Saturday and Sunday
        ("2026-06-08T05:00", "2026-06-05"),
        ("2026-06-08T06:00", "2026-06-08"),
        ("2026-11-26T06:00", "2026-11-26"),  # arXiv's holidays are not theirs
    ],
)
def test_which_list_should_be_there(now: str, day: str) -> None:
    assert expected_huggingface_day(utc(now)) == date.fromisoformat(day)


@given(instants)
def test_the_expected_list_is_the_newest_that_is_due(now: datetime) -> None:
    day = expected_huggingface_day(now)
    later = [day + timedelta(days=days) for days in range(1, 8)]
    assert huggingface_lists_on(day)
    assert huggingface_due_at(day) <= now
    assert all(huggingface_due_at(each) > now for each in later if huggingface_lists_on(each))
