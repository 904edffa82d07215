"""When recaps are due and what they tell of: night by night where clocks change, and one a week whatever happens."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.planning import passed_through
from bot.domain.recaps import LATEST, next_recap, recap_plan, recaps_passed_over, told_dates
from bot.domain.schedules import Schedule, SkipReason
from tests.services.daily_days import schedule
from tests.zones import ZONES

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FRIDAY = date(2026, 5, 22)
NINE = datetime(2026, 5, 22, 7, tzinfo=UTC)
"""In Berlin."""


def fridays(**chosen: object) -> Schedule:
    usual = {"recap_weekday": 4, "recapped_through": FRIDAY - DAY, "planned_through": FRIDAY - DAY}
    return schedule(**(usual | chosen))


def test_it_is_due_at_the_schedules_time_on_its_day_and_for_three_days() -> None:
    assert recap_plan(fridays(), NINE - MINUTE, None) is None
    assert recap_plan(fridays(recap_weekday=None), NINE + DAY, None) is None
    for late in (timedelta(), DAY, LATEST - MINUTE):
        found = recap_plan(fridays(), NINE + late, None)
        assert found is not None
        assert found.due is not None
        assert (found.due.on, found.due.at, found.through, found.skipped) == (FRIDAY, NINE, FRIDAY, ())
    late_one = recap_plan(fridays(), NINE + LATEST, None)
    assert late_one is not None
    assert late_one.due is None
    assert [(each.on, each.skipped) for each in late_one.skipped] == [(FRIDAY, SkipReason.OUTAGE)]


def test_after_weeks_without_the_bot_only_the_newest_comes() -> None:
    found = recap_plan(fridays(), NINE + 14 * DAY, None)
    assert found is not None
    assert found.due is not None
    assert found.due.on == FRIDAY + 14 * DAY
    assert [each.on for each in found.skipped] == [FRIDAY, FRIDAY + 7 * DAY]


def test_it_comes_on_days_without_a_paper_too() -> None:
    found = next_recap(fridays(weekdays=frozenset({0, 1}), recap_weekday=5), NINE, None)
    assert found is not None
    assert found.on == FRIDAY + DAY


def test_another_weekday_waits_until_a_week_is_over_and_then_tells_of_all_since() -> None:
    mondays = fridays(recap_weekday=0, recapped_through=FRIDAY)
    monday = FRIDAY + 3 * DAY
    assert told_dates(FRIDAY, None) == (FRIDAY - 7 * DAY, FRIDAY - DAY)
    found = next_recap(mondays, NINE, FRIDAY)
    assert found is not None
    assert found.on == monday + 7 * DAY
    passed_over = recap_plan(mondays, NINE + 3 * DAY, FRIDAY)
    assert passed_over is not None
    assert (passed_over.due, passed_over.skipped, passed_over.through) == (None, (), monday)
    assert told_dates(monday + 7 * DAY, FRIDAY) == (FRIDAY, monday + 6 * DAY)
    assert told_dates(monday + 21 * DAY, FRIDAY) == (monday + 14 * DAY, monday + 20 * DAY)


def test_one_that_is_moved_to_a_time_that_is_over_says_so() -> None:
    known = fridays(at=18 * 60)
    begun = replace(known, at=9 * 60, recapped_through=FRIDAY)
    told = recaps_passed_over(known, begun, NINE + MINUTE)
    assert [(each.on, each.skipped) for each in told] == [(FRIDAY, SkipReason.MOVED)]
    assert recaps_passed_over(known, replace(begun, recap_weekday=None), NINE) == []
    assert recaps_passed_over(replace(known, stopped_at=NINE), begun, NINE) == []


def test_apia_left_out_a_friday() -> None:
    """The 30th of December 2011 was one: its recap is on record as one of a date that never was."""
    made = fridays(zone="Pacific/Apia", recapped_through=date(2011, 12, 29))
    found = recap_plan(made, datetime(2011, 12, 31, tzinfo=UTC), None)
    assert found is not None
    assert found.due is None
    assert [each.skipped for each in found.skipped] == [SkipReason.NO_DATE]


made_ones = st.builds(
    schedule,
    zone=st.sampled_from(ZONES),
    at=st.integers(0, 24 * 60 - 1),
    recap_weekday=st.none() | st.integers(0, 6),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
edits = st.lists(st.tuples(st.timedeltas(MINUTE, timedelta(hours=200)), st.none() | made_ones), max_size=14)


@given(made_ones, st.dates(date(2000, 1, 1), date(2037, 1, 1)), edits)
def test_whatever_is_edited_and_however_long_it_is_off_there_is_one_a_week(
    made: Schedule, begins: date, edits: list[tuple[timedelta, Schedule | None]]
) -> None:
    now = datetime.combine(begins, time(12), UTC)
    made = replace(made, recapped_through=passed_through(made, now))
    told: list[date] = []
    for wait, edit in edits:
        now += wait
        found = recap_plan(made, now, told[-1] if told else None)
        if found is not None:
            assert len({each.on for each in found.skipped}) == len(found.skipped)
            if found.due is not None:
                assert found.due.on.weekday() == made.recap_weekday
                assert found.due.at <= now < found.due.at + LATEST
                told.append(found.due.on)
            made = replace(made, recapped_through=found.through)
            assert recap_plan(made, now, told[-1] if told else None) is None
        if edit is not None:
            through = max(made.recapped_through or date.min, passed_through(edit, now))
            made = replace(edit, recapped_through=through)
    dates = [told_dates(on, last) for on, last in zip(told, [None, *told], strict=False)]
    for (_, ended), (begun, _) in pairwise(dates):
        assert ended < begun, "no date is told of twice"
    assert all(6 <= (last - first).days <= 12 for first, last in dates)
