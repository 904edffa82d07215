"""Days in a query: what is read as one, how it is written, and what a span back from today means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import Ago, day_on, read_day, written_day

days = st.one_of(st.dates(), st.builds(Ago, st.integers(0, 9999), st.sampled_from("dmy")))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026-5", date(2026, 5, 1)),
        ("2026/05/22", date(2026, 5, 22)),
        ("7d", Ago(7, "d")),
        ("2W", Ago(14, "d")),
        ("18m", Ago(18, "m")),
        ("0000", None),
        ("2026-13", None),
        ("2026-02-29", None),
        ("26-05-22", None),
        ("2026-05-22T10", None),
        ("12345d", None),
        ("d", None),
        ("٢٠٢٦", None),
        ("", None),
    ],
)
def test_what_is_read_as_a_day(text: str, day: date | Ago | None) -> None:
    assert read_day(text) == day


@given(days)
def test_a_day_is_read_again_as_it_is_written(day: date | Ago) -> None:
    assert read_day(written_day(day)) == day


@pytest.mark.parametrize(
    ("span", "today", "day"),
    [
        (Ago(0, "d"), date(2026, 5, 22), date(2026, 5, 22)),
        (Ago(7, "d"), date(2026, 3, 3), date(2026, 2, 24)),
        (Ago(3, "m"), date(2026, 5, 31), date(2026, 2, 28)),
        (Ago(1, "y"), date(2024, 2, 29), date(2023, 2, 28)),
        (Ago(9999, "y"), date(2026, 5, 22), date(1, 1, 1)),
    ],
)
def test_a_span_reaches_back(span: Ago, today: date, day: date) -> None:
    assert day_on(span, today) == day


@given(days, st.dates(date(1, 1, 2), date(9999, 12, 30)))
def test_a_span_never_reaches_further_than_a_longer_one_or_a_later_day(day: date | Ago, today: date) -> None:
    if isinstance(day, Ago):
        assert day_on(Ago(day.count + 1, day.unit), today) <= day_on(day, today) <= today
        assert day_on(day, today) <= day_on(day, today + timedelta(days=1))
    else:
        assert day_on(day, today) == day
