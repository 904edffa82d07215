"""Announcement days as tables of real dates of 2026, and laws that hold in every year and with any holidays."""

import re
import tarfile
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendars import (
    ARXIV_HOLIDAYS,
    WhyNone,
    arxiv_holidays_are_published,
    huggingface_due_at,
    huggingface_lists_on,
    rss_submitted_from,
    why_no_rss,
    why_none,
)
from tests.shared import shared

EASTERN = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


def eastern(text: str) -> datetime:
    """What a clock on a wall in New York shows, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


def next_feed(day: date, holidays: frozenset[date] = ARXIV_HOLIDAYS) -> date:
    """The first day after this one on which arXiv's feeds hold something."""
    return next(each for n in range(1, 60) if why_no_rss(each := day + n * DAY, holidays) is None)


# --- arXiv, 2026

WINDOWS = [
    # evening, from, until (Eastern), what is special
    ("2026-06-02", "2026-06-01 14:00", "2026-06-02 14:00"),  # Tuesday
    ("2026-06-03", "2026-06-02 14:00", "2026-06-03 14:00"),  # Wednesday
    ("2026-06-04", "2026-06-03 14:00", "2026-06-04 14:00"),  # Thursday
    ("2026-06-07", "2026-06-04 14:00", "2026-06-05 14:00"),  # Sunday has Friday's
    ("2026-06-08", "2026-06-05 14:00", "2026-06-08 14:00"),  # Monday has the weekend's
    ("2026-01-04", "2025-12-31 14:00", "2026-01-02 14:00"),  # New Year's Day is left out
    ("2026-01-20", "2026-01-16 14:00", "2026-01-20 14:00"),  # Martin Luther King Day, a Monday
    ("2026-09-08", "2026-09-04 14:00", "2026-09-08 14:00"),  # Labor Day, a Monday
    ("2026-06-21", "2026-06-18 14:00", "2026-06-19 14:00"),  # Juneteenth, a Friday, moves nothing
    ("2026-11-25", "2026-11-24 14:00", "2026-11-25 14:00"),  # before Thanksgiving
    ("2026-11-29", "2026-11-25 14:00", "2026-11-27 14:00"),  # after it
    ("2026-12-30", "2026-12-28 14:00", "2026-12-30 14:00"),  # two holidays with one evening between
    ("2026-03-08", "2026-03-05 14:00", "2026-03-06 14:00"),  # summer time began that morning
    ("2026-03-09", "2026-03-06 14:00", "2026-03-09 14:00"),  # a weekend of 71 hours
    ("2026-11-01", "2026-10-29 14:00", "2026-10-30 14:00"),  # summer time ended that morning
    ("2026-11-02", "2026-10-30 14:00", "2026-11-02 14:00"),  # a weekend of 73 hours
]


@pytest.mark.parametrize(("evening", "start", "end"), WINDOWS)
def test_an_evening_announces_what_was_submitted_between_two_deadlines(evening: str, start: str, end: str) -> None:
    feed = date.fromisoformat(evening) + DAY
    assert why_none(date.fromisoformat(evening)) is None
    assert rss_submitted_from(feed) == eastern(start)
    assert rss_submitted_from(next_feed(feed)) == eastern(end)


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
        ("2026-01-19", WhyNone.HOLIDAY, None),
        ("2026-01-20", None, WhyNone.HOLIDAY),
        ("2026-06-20", WhyNone.WEEKEND, WhyNone.WEEKEND),
    ],
)
def test_why_a_day_brings_nothing(day: str, evening: WhyNone | None, feed: WhyNone | None) -> None:
    assert why_none(date.fromisoformat(day)) == evening
    assert why_no_rss(date.fromisoformat(day)) == feed


def test_a_deferred_day_is_a_holiday_more() -> None:
    deferred = ARXIV_HOLIDAYS | {date(2026, 6, 3)}
    assert why_none(date(2026, 6, 3), deferred) is WhyNone.HOLIDAY
    assert next_feed(date(2026, 6, 3), deferred) == date(2026, 6, 5)
    assert rss_submitted_from(date(2026, 6, 5), deferred) == eastern("2026-06-02 14:00")


def test_2026_has_255_announcements() -> None:
    year = [day for n in range(365) if why_none(day := date(2026, 1, 1) + n * DAY) is None]
    assert len(year) == 255
    assert {day.strftime("%a") for day in year} == {"Sun", "Mon", "Tue", "Wed", "Thu"}


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

days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@st.composite
def days_and_holidays(draw: st.DrawFn) -> tuple[date, frozenset[date]]:
    """A day, and holidays close enough to it to matter."""
    day = draw(days)
    near = st.integers(-8, 8).map(lambda count: day + count * DAY)
    return day, draw(st.frozensets(near, max_size=6))


@given(days_and_holidays())
def test_every_submission_is_in_the_feeds_of_exactly_one_day(case: tuple[date, frozenset[date]]) -> None:
    day, holidays = case
    feeds = [each for n in range(-14, 15) if why_no_rss(each := day + n * DAY, holidays) is None]
    for earlier, later in pairwise(feeds):
        # What one day's feeds hold ends where the next one's begins, before it is announced.
        announced_at = eastern(f"{earlier - DAY} 20:00")
        assert rss_submitted_from(earlier, holidays) < rss_submitted_from(later, holidays) < announced_at


@given(days)
def test_a_week_without_holidays_has_five(monday: date) -> None:
    week = [monday + n * DAY for n in range(7)]
    assert sum(why_none(day, frozenset()) is None for day in week) == 5
    assert sum(why_no_rss(day, frozenset()) is None for day in week) == 5


@given(days_and_holidays())
def test_the_deadline_is_at_two_in_new_york(case: tuple[date, frozenset[date]]) -> None:
    assert f"{rss_submitted_from(*case).astimezone(EASTERN):%H:%M}" == "14:00"


# --- Hugging Face


@given(days)
def test_hugging_face_lists_on_weekdays_from_six_on(day: date) -> None:
    assert huggingface_lists_on(day) == (day.strftime("%a") not in {"Sat", "Sun"})
    assert huggingface_due_at(day) == datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
