"""The keys under which papers of the day are owed, and what they are read as."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.daily_messages import OfDate, daily_post_key, date_of_key


@given(st.integers(1, 2**63 - 1), st.dates(), st.integers(0, 99))
def test_a_key_is_read_as_it_is_made(channel: int, on: date, number: int) -> None:
    assert date_of_key(daily_post_key(channel, on, number)) == OfDate(channel, on, number)
