"""The days a source owes: whatever happens, none is left out."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.sources.day_walk import days_owed

EARLIEST = date(2023, 5, 4)
days = st.dates(date(2023, 5, 1), date(2023, 9, 1))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60), st.none() | days), min_size=1, max_size=6),
    st.integers(1, 7),
)
def test_over_any_runs_cut_anywhere_every_day_is_read_once_it_is_over(
    runs: list[tuple[int, int, date | None]], again: int
) -> None:
    """Each run comes days later, reads some of the days it owes, or none and leaves no trace, and may begin earlier."""
    today, checkpoint, wanted = date(2023, 6, 1), None, set()
    read_when_over: set[date] = set()
    for later, reads, since in [*runs, (1, 10_000, None)]:
        today += timedelta(days=later)
        steps = days_owed(checkpoint, since=since, today=today, again=again, earliest=EARLIEST)
        assert [step.day for step in steps] == [steps[0].day + timedelta(days=n) for n in range(len(steps))]
        assert steps[-1].day == today
        assert len(steps) >= again or steps[0].day == EARLIEST
        wanted |= {step.day for step in steps if reads}
        for step in steps[:reads]:
            read_when_over |= {step.day} if step.day < today else set()
            checkpoint = step.checkpoint
    assert {day for day in wanted if day < today} <= read_when_over


@given(
    st.none() | st.text(max_size=24) | st.builds("{}/{}".format, st.dates(), st.dates()), st.none() | st.dates(), days
)
def test_any_checkpoint_and_any_beginning_end_with_today(
    checkpoint: str | None, since: date | None, today: date
) -> None:
    steps = days_owed(checkpoint, since=since, today=max(today, EARLIEST), again=3, earliest=EARLIEST)
    assert steps[-1].day == max(today, EARLIEST)
    assert steps[0].day >= EARLIEST
