"""What becomes of matches: every one has one fate, no limit is broken, and no channel gets a paper twice."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arranging import HoldReason, Match, arranged, day_began, is_quiet
from bot.domain.posting import Cadence, Posting
from bot.domain.subscriptions import Subscription

NOW = datetime(2026, 6, 2, 12, tzinfo=UTC)

postings = st.builds(
    Posting,
    cadence=st.sampled_from(Cadence),
    most_per_day=st.integers(1, 3),
    quiet_from=st.just(11 * 60) | st.none(),
    quiet_until=st.just(13 * 60),
)
topics = st.lists(
    st.tuples(st.integers(1, 3), postings, st.booleans()).map(
        lambda told: topic(0, channel=told[0], posting=told[1], paused=told[2])
    ),
    max_size=8,
).map(lambda found: [replace(each, id=number) for number, each in enumerate(found, 1)])


def topic(number: int, *, channel: int = 1, posting: Posting | None = None, paused: bool = False) -> Subscription:
    return Subscription(
        id=number,
        guild_id=9,
        channel_id=channel,
        query=f"word{number}",
        created_at=NOW,
        created_by=3,
        posting=posting or Posting(),
        paused_at=NOW if paused else None,
    )


@given(topics, st.lists(st.integers(1, 6), max_size=6, unique=True), st.integers(0, 2), st.randoms())
def test_the_laws_of_fates(found: list[Subscription], papers: list[int], before: int, chance: object) -> None:
    matches = [Match(each, paper) for paper in papers for each in found]
    posted = {each.id: before for each in found}
    fates = arranged(matches, now=NOW, posted=posted)
    assert Counter(each.match for each in fates) == Counter(matches)
    sent = [each for each in fates if each.hold is None]
    assert len({(each.match.topic.channel_id, each.match.paper_id) for each in sent}) == len(sent)
    for each in found:
        mine = [fate for fate in sent if fate.match.topic == each]
        assert before + len(mine) <= max(before, each.posting.most_per_day)
        assert not mine or (each.paused_at is None and each.posting.cadence is Cadence.ARRIVAL)
        assert not mine or not is_quiet(each.posting, NOW)
    for fate in fates:
        assert (fate.home is not None) == (fate.hold is HoldReason.HERE_ALREADY)
        assert (fate.hold is HoldReason.PAUSED) == (fate.match.topic.paused_at is not None)
    mixed = list(matches)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    in_order = sorted(mixed, key=lambda each: papers.index(each.paper_id))
    assert arranged(in_order, now=NOW, posted=posted) == fates or len({each.channel_id for each in found}) > 1
    assert {(each.match, each.hold) for each in arranged(in_order, now=NOW, posted=posted)} == {
        (each.match, each.hold) for each in fates
    }


def test_the_oldest_topic_posts_and_speaks_for_the_others() -> None:
    first, second, paused = topic(1), topic(2), topic(3, paused=True)
    one, two, three = arranged([Match(each, 7) for each in (second, paused, first)], now=NOW, posted={})
    assert (one.match.topic, one.hold, one.beside) == (first, None, (second,))
    assert (two.match.topic, two.hold, two.home) == (second, HoldReason.HERE_ALREADY, "topic:1:7")
    assert three.hold is HoldReason.PAUSED


def test_a_topic_that_may_posts_what_another_would_hold() -> None:
    full, free = topic(1, posting=Posting(most_per_day=1)), topic(2)
    told, other = arranged([Match(full, 7), Match(free, 7)], now=NOW, posted={1: 1})
    assert (told.hold, told.home) == (HoldReason.HERE_ALREADY, "topic:2:7")
    assert other.hold is None


def test_what_a_channel_has_already_is_not_posted_again() -> None:
    (fate,) = arranged([Match(topic(2), 7)], now=NOW, posted={}, homes={(1, 7): "topic:1:7"})
    assert (fate.hold, fate.home) == (HoldReason.HERE_ALREADY, "topic:1:7")


@pytest.mark.parametrize(
    ("hours", "hour", "quiet"),
    [((22, 7), 23, True), ((22, 7), 6, True), ((22, 7), 7, False), ((1, 5), 1, True), ((1, 5), 5, False)],
)
def test_quiet_hours_may_go_over_midnight(hours: tuple[int, int], hour: int, quiet: bool) -> None:
    posting = Posting(quiet_from=hours[0] * 60, quiet_until=hours[1] * 60)
    assert is_quiet(posting, NOW.replace(hour=hour)) is quiet


@given(st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)))
def test_a_day_begins_at_most_25_hours_before(now: datetime) -> None:
    for zone in ("Europe/Berlin", "America/Santiago", "Pacific/Apia", "Australia/Lord_Howe", "UTC"):
        began = day_began(Posting(zone=zone), now)
        assert timedelta() <= now - began <= timedelta(hours=25)
