"""Times and hours as people write them, and postings in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.posting import Cadence, Posting
from bot.domain.posting_words import (
    how_posted,
    minute_of,
    quiet_hours,
    time_and_zone,
    when_posted,
    written_quiet,
    written_time,
)
from bot.errors import UserError


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("9", 540),
        ("09:30", 570),
        ("9.30", 570),
        ("9 pm", 1260),
        ("12am", 0),
        ("12:15 PM", 735),
        ("0", 0),
        ("23:59", 1439),
        ("0930", 570),
        ("9 a.m.", 540),
        ("21h", 1260),
        ("9h30", 570),
        ("noon", 720),
        ("Midnight", 0),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, minute: int) -> None:
    assert minute_of(typed) == minute


@pytest.mark.parametrize(
    "typed", ["24", "9:60", "13 pm", "0 am", "", "soon", "9 m", "930", "2500", "9:5", "-1", "9" * 30]
)
def test_what_is_no_time_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UserError, match="09:00"):
        minute_of(typed)


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_quiet_hours_are_read_as_they_are_written(first: int, last: int) -> None:
    written = written_quiet(Posting(quiet_from=first, quiet_until=last))
    if first == last:
        with pytest.raises(UserError, match="pause"):
            quiet_hours(written)
    else:
        quiet = quiet_hours(written)
        assert (quiet.begins, quiet.ends) == (first, last)
    assert minute_of(written_time(first)) == first


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("22-7", 1320, 420),
        ("22:30–07:00", 1350, 420),
        ("10 pm to 6 am", 1320, 360),
        ("20-24", 1200, 0),
        ("none", None, None),
    ],
)
def test_quiet_hours_have_many_forms(typed: str, first: int | None, last: int | None) -> None:
    quiet = quiet_hours(typed)
    assert (quiet.begins, quiet.ends) == (first, last)


@pytest.mark.parametrize(
    ("typed", "time", "zone"),
    [
        ("09:00 Europe/Berlin", "09:00", "Europe/Berlin"),
        (" 9 pm  New York ", "9pm", "New York"),
        ("9pm New York", "9pm", "New York"),
        ("9 PM", "9PM", ""),
        ("21:30", "21:30", ""),
    ],
)
def test_a_time_and_a_zone_stand_in_one_field(typed: str, time: str, zone: str) -> None:
    assert time_and_zone(typed) == (time, zone)


@pytest.mark.parametrize("typed", ["22", "22-", "a-b", "22-7-8"])
def test_what_is_no_quiet_hours_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match=r"22-7|09:00"):
        quiet_hours(typed)


def test_a_posting_is_told_in_words() -> None:
    assert when_posted(Posting()) == "as they arrive, at most 5 a day; the rest in one digest at 09:00 UTC"
    night = Posting(quiet_from=1320, quiet_until=420, zone="Europe/Berlin", most_per_day=2)
    assert "at most 2 a day, none from 22:00 to 07:00; the rest" in when_posted(night)
    weekly = Posting(cadence=Cadence.WEEKLY, weekday=4, digest_at=1050)
    assert when_posted(weekly) == "in one digest a week, on Friday at 17:30 UTC"
    assert when_posted(Posting(cadence=Cadence.DAILY)) == "in one digest a day, at 09:00 UTC"
    assert how_posted(Posting(is_silent=False, has_threads=True)) == ["with a notification", "a thread for each paper"]
    assert how_posted(Posting(cadence=Cadence.DAILY, has_threads=True)) == ["silent"]
