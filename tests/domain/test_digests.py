"""When digests are due: every zone, every time, whatever its clocks do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests import digest_minute, last_due, next_due
from bot.domain.posting import Cadence, Posting
from tests.zones import ZONES

zones = st.sampled_from(ZONES)
postings = st.builds(
    Posting,
    cadence=st.sampled_from(Cadence),
    zone=zones,
    digest_at=st.integers(0, 24 * 60 - 1),
    weekday=st.integers(0, 6),
)
instants = st.datetimes(datetime(1995, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(postings, instants)
def test_the_last_and_the_next_stand_on_either_side_of_now(posting: Posting, now: datetime) -> None:
    last, following = last_due(posting, now), next_due(posting, now)
    assert last is not None
    assert following is not None
    assert last[1] <= now < following
    assert now - last[1] <= timedelta(days=15)
    again = last_due(posting, following)
    assert again is not None
    assert again[1] == following
    assert again[0] > last[0]
    if posting.cadence is Cadence.WEEKLY:
        assert last[0].weekday() == posting.weekday


@given(postings, instants, st.lists(st.integers(1, 80 * 60), max_size=20))
def test_whenever_it_wakes_no_date_comes_twice_or_back(posting: Posting, now: datetime, minutes: list[int]) -> None:
    dates = []
    for each in minutes:
        now += timedelta(minutes=each)
        found = last_due(posting, now)
        assert found is not None
        dates.append(found)
    assert dates == sorted(dates)
    assert len({on for on, _ in dates}) == len({at for _, at in dates})


@pytest.mark.parametrize(
    ("quiet", "at", "wanted"),
    [
        ((None, None), 540, 540),
        ((1320, 420), 360, 420),
        ((1320, 420), 1380, 420),
        ((1320, 420), 420, 420),
        ((600, 660), 630, 660),
    ],
)
def test_a_digest_waits_for_the_end_of_the_quiet_hours(
    quiet: tuple[int | None, int | None], at: int, wanted: int
) -> None:
    assert digest_minute(Posting(quiet_from=quiet[0], quiet_until=quiet[1], digest_at=at)) == wanted
