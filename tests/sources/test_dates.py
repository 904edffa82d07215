"""Dates of outside records: what they say, and how well it is known."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import DateKind
from bot.sources.dates import moment, publication_date
from tests.sources.anything import any_json


@pytest.mark.parametrize(
    ("parts", "expected", "kind"),
    [
        ((2024, 5, 6), datetime(2024, 5, 6, tzinfo=UTC), DateKind.ANNOUNCED),
        (("2024", "May", "6"), datetime(2024, 5, 6, tzinfo=UTC), DateKind.ANNOUNCED),
        (("2024", "september", None), datetime(2024, 9, 1, tzinfo=UTC), DateKind.MONTH),
        (("2024", "02", "31"), datetime(2024, 2, 1, tzinfo=UTC), DateKind.MONTH),
        ((2024,), datetime(2024, 1, 1, tzinfo=UTC), DateKind.UNKNOWN),
        ((2024, "Spring", 3), datetime(2024, 1, 1, tzinfo=UTC), DateKind.UNKNOWN),
        ((2024, 13, 3), datetime(2024, 1, 1, tzinfo=UTC), DateKind.UNKNOWN),
        ((24, 1, 1), None, DateKind.UNKNOWN),
        (("９９９９", 1, 1), None, DateKind.UNKNOWN),
        ((True, 1, 1), None, DateKind.UNKNOWN),
        ((None,), None, DateKind.UNKNOWN),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(
    parts: tuple[object, ...], expected: datetime | None, kind: DateKind
) -> None:
    assert publication_date(*parts) == (expected, kind)


def test_a_moment_is_in_utc_whatever_zone_it_was_written_in() -> None:
    assert moment("2026-08-20T02:00:00+02:00") == datetime(2026, 8, 20, tzinfo=UTC)
    assert moment("2026-08-20") == moment("2026-08-20T00:00:00.000Z") == datetime(2026, 8, 20, tzinfo=UTC)


@given(any_json(["date"]) | st.datetimes().map(str))
def test_any_value_is_a_moment_in_a_believable_year_or_none(value: object) -> None:
    read = moment(value)
    assert read is None or (read.tzinfo is UTC and 1500 <= read.year <= 2100)
    published_at, _ = publication_date(value, value, value)
    assert published_at is None or 1500 < published_at.year < 2100
