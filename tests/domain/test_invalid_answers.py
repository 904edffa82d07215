"""How much Discord may refuse before less is asked of it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.invalid_answers import WINDOW, Allowance, InvalidAnswers, allowance

NOW = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("refusals", "allowed"),
    [
        (0, Allowance.ALL),
        (99, Allowance.ALL),
        (100, Allowance.WARNED),
        (299, Allowance.WARNED),
        (300, Allowance.ESSENTIAL),
        (499, Allowance.ESSENTIAL),
        (500, Allowance.NOTHING),
        (9_999, Allowance.NOTHING),
    ],
)
def test_what_may_still_be_asked(refusals: int, allowed: Allowance) -> None:
    assert allowance(refusals) is allowed


def test_only_refusals_of_the_last_ten_minutes_count() -> None:
    answers = InvalidAnswers()
    for status in (200, 204, 400, 401, 403, 404, 429, 500):
        answers.add(status, NOW)
    assert answers.count(NOW) == 3
    for _ in range(500):
        answers.add(403, NOW + timedelta(minutes=1))
    assert answers.allowance(NOW + timedelta(minutes=9)) is Allowance.NOTHING
    assert answers.count(NOW + WINDOW) == 500
    assert answers.allowance(NOW + timedelta(minutes=1) + WINDOW) is Allowance.ALL
