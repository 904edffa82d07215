"""Weekdays, dates and schedules in people's words."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.daily_words import date_of, how_posted, weekdays_of, when_posted, written_date, written_weekdays
from bot.domain.schedules import Schedule
from bot.errors import UserError

TUESDAY = date(2026, 5, 26)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("every day", "0123456"),
        ("Weekdays", "01234"),
        ("mon-fri", "01234"),
        ("Monday to Friday", "01234"),
        ("fri–mon", "0456"),
        ("Tue, Thu", "13"),
        ("tuesdays and thursdays", "13"),
        ("mo we fr", "024"),
        ("mon & weds/sat", "025"),
        ("Mon-Wed, Sat", "0125"),
        ("weekend", "56"),
        ("sun", "6"),
    ],
)
def test_weekdays_are_read_as_people_write_them(typed: str, days: str) -> None:
    assert weekdays_of(typed) == frozenset(map(int, days))


@pytest.mark.parametrize("typed", ["", "never", "m", "mon-", "mon-xyz", "1-5", "Montag", ",", "x" * 99, "mon " * 21])
def test_what_is_no_weekday_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError, match="Mon-Fri"):
        weekdays_of(typed)


def test_thousands_of_characters_are_no_days_and_cost_nothing() -> None:
    begun = time.process_time()
    with pytest.raises(UserError):
        weekdays_of("a" * 6_000)
    assert time.process_time() - begun < 0.5, "it took 3.6 s to look for ranges in them"


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_weekdays_are_read_as_they_are_written(days: frozenset[int]) -> None:
    assert weekdays_of(written_weekdays(days)) == days


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("0123456", "every day"),
        ("01234", "Monday to Friday"),
        ("13", "Tuesday and Thursday"),
        ("56", "Saturday and Sunday"),
        ("0456", "Friday to Monday"),
        ("0124", "Monday to Wednesday and Friday"),
        ("024", "Monday, Wednesday and Friday"),
    ],
)
def test_weekdays_in_words(days: str, told: str) -> None:
    assert written_weekdays(frozenset(map(int, days))) == told


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-05-26", 26),
        ("today", 26),
        ("Tomorrow", 27),
        ("tuesday", 26),
        ("next Fri", 29),
        ("28 May", 28),
        ("May 28", 28),
        ("may 28th, 2026", 28),
        ("Thursday 28 May", 28),
        ("25 may", 25),
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str, day: int) -> None:
    assert date_of(typed, TUESDAY) == date(2026, 5, day)


def test_of_a_date_without_its_year_the_nearest_is_meant() -> None:
    assert date_of("2 January", date(2026, 12, 30)) == date(2027, 1, 2)
    assert date_of("30 December", date(2027, 1, 2)) == date(2026, 12, 30)
    assert date_of("29 February", date(2027, 6, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize("typed", ["", "soon", "2026-02-30", "31 June", "26/05", "5", "26 Mai 2026x", "2026-5-1"])
def test_what_is_no_date_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError, match="2026-05-26"):
        date_of(typed, TUESDAY)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-150, 150))
def test_a_date_is_read_as_it_is_written(today: date, away: int) -> None:
    on = today + timedelta(days=away)
    assert date_of(written_date(on), today) == on
    assert date_of(on.isoformat(), today) == on


def test_a_schedule_in_words() -> None:
    schedule = Schedule(
        guild_id=1,
        channel_id=2,
        zone="Europe/Berlin",
        weekdays=frozenset({0, 1, 2, 3, 4}),
        has_thread=True,
        is_pinned=True,
        recap_weekday=4,
        created_by=3,
        created_at=datetime(2026, 5, 26, tzinfo=UTC),
        planned_through=TUESDAY,
    )
    assert when_posted(schedule) == "at 09:00 Europe/Berlin, Monday to Friday"
    assert how_posted(schedule) == ["silent", "a thread for each", "today's pinned", "a recap on Fridays"]
