"""How long quiet hours still last, in every zone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arranging import is_quiet
from bot.domain.posting import Posting
from bot.domain.quiet_hours import QuietHours, quiet_for, quiet_hours_of
from tests.zones import ZONES

minutes = st.integers(0, 24 * 60 - 1)
instants = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(ZONES), minutes, minutes, instants)
def test_it_is_quiet_until_they_end_and_not_then(zone: str, begins: int, ends: int, now: datetime) -> None:
    posting = Posting(zone=zone, quiet_from=begins, quiet_until=ends)
    wait = quiet_for(quiet_hours_of(posting), now)
    assert bool(wait) == is_quiet(posting, now)
    assert wait < timedelta(hours=50)
    assert quiet_for(quiet_hours_of(posting), now + wait) < timedelta(hours=2), "clocks set back by an hour or so"


def test_who_chose_none_has_none() -> None:
    assert quiet_hours_of(Posting()) is None
    assert quiet_for(None, datetime(2031, 5, 5, 3, tzinfo=UTC)) == timedelta()


def test_the_night_ends_in_the_morning() -> None:
    assert quiet_for(QuietHours("Europe/Berlin", 22 * 60, 7 * 60), datetime(2031, 5, 5, 1, tzinfo=UTC)) == timedelta(
        hours=4
    )
