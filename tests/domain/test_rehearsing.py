"""Rehearsals: no limit is passed, no channel gets a paper twice, and every match is accounted for, whatever arrives."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arranging import Match, is_quiet
from bot.domain.digests import digest_minute
from bot.domain.posting import Cadence, Posting
from bot.domain.rehearsing import Account, Rehearsal, Rehearsed
from bot.domain.subscriptions import Subscription
from tests.domain.topics import FOLLOWED_AT, topics

SINCE = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def topic(number: int = 1, *, channel: int = 1, is_paused: bool = False, **chosen: object) -> Subscription:
    return Subscription(
        id=number,
        guild_id=1,
        channel_id=channel,
        query=f"word{number}",
        created_at=FOLLOWED_AT,
        created_by=9,
        posting=Posting(**chosen),  # type: ignore[arg-type]
        paused_at=FOLLOWED_AT if is_paused else None,
    )


def played(
    followed: list[Subscription], *batches: tuple[int, list[int]], days: int = 7
) -> tuple[list[str], list[Account]]:
    """Each batch is so many hours after the start, and which papers all topics match then."""
    rehearsal = Rehearsal(followed, since=SINCE)
    told: list[Rehearsed] = []
    for hours, papers in batches:
        told += rehearsal.arrive([Match(each, paper) for paper in papers for each in followed], at=SINCE + hours * HOUR)
    told += rehearsal.until(SINCE + timedelta(days=days))
    return [f"{each.at:%d %H:%M} #{each.topic.id} {list(each.papers)}" for each in told], rehearsal.accounts()


def test_what_the_limit_holds_back_comes_in_one_digest() -> None:
    told, (account,) = played([topic(most_per_day=2)], (8, [1, 2, 3, 4]), (10, [5]), (26, [6]))
    assert told == ["01 08:00 #1 [1]", "01 08:00 #1 [2]", "01 09:00 #1 [3, 4]", "02 02:00 #1 [6]", "02 09:00 #1 [5]"]
    assert (account.matched, account.posted, account.digested, account.waiting) == (6, 3, 3, 0)


def test_digests_come_at_their_hour_and_on_their_day() -> None:
    daily = topic(1, channel=1, cadence=Cadence.DAILY, digest_at=600, zone="Europe/Berlin")
    weekly = topic(2, channel=2, cadence=Cadence.WEEKLY, weekday=4)
    told, _ = played([daily, weekly], (7, [1]), (9, [2]), (100, [3]))
    assert told == ["01 08:00 #1 [1]", "02 08:00 #1 [2]", "05 08:00 #1 [3]", "05 09:00 #2 [1, 2, 3]"]


def test_a_channel_gets_a_paper_through_one_topic_and_a_paused_one_brings_nothing() -> None:
    followed = [topic(1), topic(2), topic(3, cadence=Cadence.DAILY), topic(4, is_paused=True), topic(5, channel=2)]
    told, accounts = played(followed, (8, [1]))
    assert told == ["01 08:00 #1 [1]", "01 08:00 #5 [1]"]
    assert [each.elsewhere for each in accounts] == [0, 1, 1, 0, 0]
    assert [each.paused for each in accounts] == [0, 0, 0, 1, 0]


def test_a_second_digest_of_a_channel_knows_what_the_first_one_brought() -> None:
    first, second = topic(1, cadence=Cadence.DAILY), topic(2, cadence=Cadence.DAILY, digest_at=600)
    rehearsal = Rehearsal([first, second], since=SINCE)
    list(rehearsal.arrive([Match(first, 1), Match(second, 1), Match(second, 2)], at=SINCE + HOUR))
    told = list(rehearsal.until(SINCE + 12 * HOUR))
    assert [(each.papers, each.again) for each in told] == [((1,), frozenset()), ((1, 2), frozenset({1}))]


def test_what_comes_last_waits_and_a_long_digest_names_the_first_papers() -> None:
    told, (account,) = played([topic(cadence=Cadence.WEEKLY, weekday=0)], (0, list(range(15))), (20, [99]))
    assert told == [f"01 09:00 #1 {list(range(10))}"]
    assert (account.digested, account.waiting) == (15, 1)


_arrivals = st.lists(st.tuples(st.integers(0, 24 * 30 * 4), st.integers(0, 255)), max_size=40)


@given(topics(), _arrivals)
def test_no_limit_is_passed_nothing_comes_twice_and_every_match_is_accounted_for(
    followed: list[Subscription], arrivals: list[tuple[int, int]]
) -> None:
    rehearsal = Rehearsal(followed, since=SINCE)
    told: list[Rehearsed] = []
    matched = Counter[int]()
    for paper, (quarter, which) in enumerate(sorted(arrivals)):
        found = [each for each in followed if which >> (each.id - 1) & 1]
        matched.update(each.id for each in found)
        told += rehearsal.arrive([Match(each, paper) for each in found], at=SINCE + quarter * HOUR / 4)
    told += rehearsal.until(SINCE + timedelta(days=45))
    check(told)
    for account in rehearsal.accounts():
        parts = (account.posted, account.digested, account.waiting, account.paused, account.elsewhere)
        assert sum(parts) == account.matched == matched[account.topic.id]
        assert account.waiting == 0
        mine = [each for each in told if each.topic.id == account.topic.id]
        assert sum(each.count for each in mine if not each.is_digest) == account.posted
        assert sum(each.count for each in mine if each.is_digest) == account.digested


def check(told: list[Rehearsed]) -> None:
    """Raises AssertionError unless these messages are as their topics want them, and in order."""
    assert [each.at for each in told] == sorted(each.at for each in told)
    days, digests, got = Counter[tuple[int, date]](), Counter[tuple[int, date]](), Counter[tuple[int, int]]()
    for each in told:
        posting = each.topic.posting
        local = each.at.astimezone(ZoneInfo(posting.zone))
        assert each.topic.paused_at is None
        got.update((each.topic.channel_id, paper) for paper in each.papers if paper not in each.again)
        if each.is_digest:
            digests[each.topic.id, local.date()] += 1
            assert 60 * local.hour + local.minute == digest_minute(posting)
            assert posting.cadence is not Cadence.WEEKLY or local.weekday() == posting.weekday
        else:
            days[each.topic.id, local.date()] += 1
            assert days[each.topic.id, local.date()] <= posting.most_per_day
            assert posting.cadence is Cadence.ARRIVAL
            assert not is_quiet(posting, each.at)
    assert max(got.values(), default=1) == 1
    assert max(digests.values(), default=1) == 1
