"""Dates of a query that exclude each other are told of, and no others."""

from datetime import date

import pytest

from bot.domain.parsing import parse_query
from bot.domain.periods import no_such_day

TODAY = date(2026, 5, 22)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("x after:2024 before:2020", "No day is both after:2024 and before:2020"),
        ("after:2024 before:2024", "No day is both after:2024 and before:2024"),
        ("after:2020 after:7d before:2027 before:2026-05-16", ""),
        ("after:2020 after:7d before:2025 before:2w", "No day is both after:7d and before:2025"),
        ("after:1m before:2m", "No day is both after:1m and before:2m"),
        ("after:2020 before:2024", ""),
        ("after:2024 OR before:2020", ""),
        ("x after:2024 -before:2020", ""),
        ("after:2024", ""),
    ],
)
def test_dates_that_exclude_each_other_are_told(query: str, told: str) -> None:
    said = no_such_day(parse_query(query), TODAY)
    assert said.startswith(told)
    assert bool(said) == bool(told)
