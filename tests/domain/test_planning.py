"""Which dates are due when: the nights on which clocks are changed, one by one, and the laws for all others."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.planning import next_dates, passed_over, passed_through, plan, posted_until
from bot.domain.schedules import EVERY_DAY, Schedule, SkipReason
from tests.services.daily_days import schedule
from tests.zones import ZONES

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def coming(zone: str, clock: str, before: str, count: int = 3) -> list[str]:
    """When a paper comes at this time in the zone on the next dates after a date: each date, and its time in UTC."""
    hour, minute = map(int, clock.split(":"))
    on = date.fromisoformat(before)
    made = schedule(zone=zone, at=hour * 60 + minute, planned_through=on)
    told = next_dates(made, datetime(on.year, on.month, on.day, tzinfo=UTC) - DAY, count)
    return [f"{each.on:%d %b} at {each.at:%d %b %H:%M}" for each in told]


def test_berlin_in_spring_has_no_half_past_two() -> None:
    """Clocks go from 02:00 to 03:00: a paper for 02:30 comes at 03:00, which is 01:00 in UTC."""
    assert coming("Europe/Berlin", "02:30", "2026-03-27") == [
        "28 Mar at 28 Mar 01:30",
        "29 Mar at 29 Mar 01:00",
        "30 Mar at 30 Mar 00:30",
    ]


def test_berlin_in_autumn_has_half_past_two_twice() -> None:
    """Clocks go from 03:00 back to 02:00: a paper for 02:30 comes the first time, and only then."""
    assert coming("Europe/Berlin", "02:30", "2026-10-23") == [
        "24 Oct at 24 Oct 00:30",
        "25 Oct at 25 Oct 00:30",
        "26 Oct at 26 Oct 01:30",
    ]


def test_new_york_in_autumn_has_half_past_one_twice() -> None:
    assert coming("America/New_York", "01:30", "2026-10-30") == [
        "31 Oct at 31 Oct 05:30",
        "01 Nov at 01 Nov 05:30",
        "02 Nov at 02 Nov 06:30",
    ]


def test_santiago_has_a_day_that_begins_at_one() -> None:
    """Clocks go from 24:00 to 01:00: a paper for midnight comes at 01:00, in the first moment of its date."""
    assert coming("America/Santiago", "00:00", "2026-09-04") == [
        "05 Sep at 05 Sep 04:00",
        "06 Sep at 06 Sep 04:00",
        "07 Sep at 07 Sep 03:00",
    ]


def test_cairo_has_a_day_that_begins_at_one() -> None:
    assert coming("Africa/Cairo", "00:15", "2026-04-22") == [
        "23 Apr at 22 Apr 22:15",
        "24 Apr at 23 Apr 22:00",
        "25 Apr at 24 Apr 21:15",
    ]


def test_beirut_has_a_day_that_begins_at_one() -> None:
    assert coming("Asia/Beirut", "00:30", "2026-03-27") == [
        "28 Mar at 27 Mar 22:30",
        "29 Mar at 28 Mar 22:00",
        "30 Mar at 29 Mar 21:30",
    ]


def test_beirut_has_a_night_with_two_last_hours() -> None:
    """Clocks go from 24:00 back to 23:00: a paper for 23:30 comes the first time, and only then."""
    assert coming("Asia/Beirut", "23:30", "2026-10-22") == [
        "23 Oct at 23 Oct 20:30",
        "24 Oct at 24 Oct 20:30",
        "25 Oct at 25 Oct 21:30",
    ]


def test_lord_howe_changes_its_clocks_by_half_an_hour() -> None:
    """From 02:00 to 02:30 in spring: a paper for 02:10 comes at 02:30. From 02:00 back to 01:30 in autumn."""
    assert coming("Australia/Lord_Howe", "02:10", "2026-10-02") == [
        "03 Oct at 02 Oct 15:40",
        "04 Oct at 03 Oct 15:30",
        "05 Oct at 04 Oct 15:10",
    ]
    assert coming("Australia/Lord_Howe", "01:45", "2026-04-03") == [
        "04 Apr at 03 Apr 14:45",
        "05 Apr at 04 Apr 14:45",
        "06 Apr at 05 Apr 15:15",
    ]


def test_apia_left_out_the_30th_of_december_2011() -> None:
    """It crossed the date line: after the 29th came the 31st, and the 30th is on record as a date that never was."""
    assert coming("Pacific/Apia", "09:00", "2011-12-28") == [
        "29 Dec at 29 Dec 19:00",
        "31 Dec at 30 Dec 19:00",
        "01 Jan at 31 Dec 19:00",
    ]
    made = schedule(zone="Pacific/Apia", planned_through=date(2011, 12, 29))
    assert plan(made, utc("2011-12-30 18:59")) is None
    found = plan(made, utc("2011-12-30 19:00"))
    assert found is not None
    assert [(each.on, each.skipped) for each in found.skipped] == [(date(2011, 12, 30), SkipReason.NO_DATE)]
    assert found.due is not None
    assert found.due.on == date(2011, 12, 31)


def test_one_for_the_last_minute_of_a_day_has_more_than_a_minute() -> None:
    made = schedule(zone="UTC", at=23 * 60 + 59, planned_through=date(2026, 5, 25))
    found = plan(made, utc("2026-05-27 00:30"))
    assert found is not None
    assert found.due is not None
    assert posted_until(found.due, made) == utc("2026-05-27 00:59")
    late = plan(made, utc("2026-05-27 00:59"))
    assert late is not None
    assert late.due is None
    assert [each.skipped for each in late.skipped] == [SkipReason.OUTAGE]


def test_what_is_passed_over_is_every_date_up_to_the_new_beginning() -> None:
    made = schedule(planned_through=date(2026, 5, 24))
    told = passed_over(made, date(2026, 5, 26), SkipReason.MOVED, utc("2026-05-26 12:00"))
    assert [(each.on.day, each.skipped) for each in told] == [(25, SkipReason.MOVED), (26, SkipReason.MOVED)]
    assert passed_over(made, date(2026, 5, 20), SkipReason.MOVED, utc("2026-05-26 12:00")) == []
    weekly = replace(made, weekdays=frozenset({1}))
    reasons = [(SkipReason.MOVED, ["weekday", "moved"]), (SkipReason.STOPPED, ["stopped"] * 2)]
    for reason, words in reasons:
        told = passed_over(weekly, date(2026, 5, 26), reason, utc("2026-05-26 12:00"))
        assert [str(each.skipped) for each in told] == words, "a day that was not chosen was not moved"


def test_however_many_dates_are_skipped_the_next_one_is_found() -> None:
    made = schedule(weekdays=frozenset({1}), planned_through=date(2026, 5, 25))
    skipped = [date(2026, 5, 26) + 7 * DAY * each for each in range(13)]
    assert [each.on for each in next_dates(made, utc("2026-05-26 01:00"), 1, skipped=skipped)] == [date(2026, 8, 25)]


made_ones = st.builds(
    schedule,
    zone=st.sampled_from(ZONES),
    at=st.integers(0, 24 * 60 - 1),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    planned_through=st.dates(date(2000, 1, 1), date(2037, 1, 1)),
)
waits = st.lists(st.timedeltas(MINUTE, timedelta(hours=80)), min_size=1, max_size=12)


@given(made_ones, waits)
def test_whenever_it_is_looked_at_every_date_becomes_one_thing(made: Schedule, waits: list[timedelta]) -> None:
    now = datetime.combine(made.planned_through, time(), UTC)
    begun = made.planned_through
    told: list[date] = []
    for each in waits:
        now += each
        found = plan(made, now)
        if found is None:
            continue
        told += [*(skip.on for skip in found.skipped), *([found.due.on] if found.due else [])]
        if found.due is not None:
            assert found.due.at <= now < posted_until(found.due, made)
            assert found.due.on.weekday() in made.weekdays
        made = replace(made, planned_through=found.through)
        assert plan(made, now) is None
    assert told == [begun + DAY * ahead for ahead in range(1, len(told) + 1)]
    assert made.planned_through == (told[-1] if told else begun)


@given(made_ones, st.timedeltas(-2 * DAY, 2 * DAY))
def test_a_schedule_that_begins_now_owes_nothing_of_the_past(made: Schedule, off: timedelta) -> None:
    now = datetime.combine(made.planned_through, time(12), UTC) + off
    begun = replace(made, planned_through=passed_through(made, now))
    assert plan(begun, now) is None
    [first] = next_dates(begun, now, 1)
    assert first.at > now
    everyday = replace(begun, weekdays=EVERY_DAY)
    [soonest] = next_dates(everyday, now, 1)
    assert soonest.at - now < timedelta(hours=26)
