"""Whether a clock can be trusted, by what Discord's answers state."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.clock_checks import KNOWN_FOR, ClockCheck, wrong_clock

NOW = datetime(2026, 5, 26, 9, 0, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("header", "off", "is_right"),
    [
        ("Tue, 26 May 2026 09:00:30 GMT", 0, True),
        ("Tue, 26 May 2026 08:58:30 GMT", 120, True),
        ("Tue, 26 May 2026 08:58:29 GMT", 121, False),
        ("Tue, 26 May 2026 09:02:31 GMT", -121, False),
        ("Tue, 26 May 2026 07:00:30 -0000", 7200, False),
    ],
)
def test_a_clock_is_right_within_two_minutes(header: str, off: int, is_right: bool) -> None:
    check = ClockCheck()
    check.note(header, NOW)
    assert check.off(NOW) == off * SECOND
    assert check.is_right(NOW) is is_right
    assert check.wrong_by() == (None if is_right else off * SECOND)


@pytest.mark.parametrize("header", [None, "", "yesterday", "Tue, 99 May 2026 09:00:30 GMT"])
def test_an_answer_that_states_no_time_says_nothing(header: str | None) -> None:
    check = ClockCheck()
    check.note(header, NOW)
    assert check.off(NOW) is None
    assert not check.is_right(NOW)
    assert check.wrong_by() is None


@pytest.mark.parametrize("later", [KNOWN_FOR + SECOND, timedelta(hours=2), -SECOND])
def test_what_an_answer_told_is_not_relied_on_for_long_nor_after_the_clock_was_set(later: timedelta) -> None:
    check = ClockCheck()
    check.note("Tue, 26 May 2026 09:00:30 GMT", NOW)
    assert check.is_right(NOW + KNOWN_FOR)
    assert check.off(NOW + later) is None


def test_people_are_told_which_way_and_what_to_do() -> None:
    assert wrong_clock(timedelta(hours=2, minutes=5)).startswith("my computer's clock is 2 h 5 min ahead of Discord's")
    assert wrong_clock(-timedelta(seconds=130)).startswith("my computer's clock is 2 min 10 s behind Discord's: set it")
