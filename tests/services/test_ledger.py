"""How feeds stand, as it is told: today's account, the days of late, and what never came."""

from datetime import date, timedelta
from typing import Any

from bot.domain.ledger import FeedDay, FeedState, together
from bot.domain.ledger_words import wall_clock
from bot.domain.rhythms import Rhythm
from bot.interfaces import Storage
from bot.services.ingest import Ingest
from bot.services.ledger import FeedStanding, Ledger
from tests.storage.kinds import on_both
from tests.supply import TUESDAY, Clock, NoHttp, Supply

TODAY = date(2026, 6, 2)


def account(days_ago: int, state: FeedState, feed: str = "cs.AI", **told: Any) -> FeedDay:
    return FeedDay(
        source="supply", feed=feed, day=TODAY - timedelta(days=days_ago), state=state, **{"attempts": 1, **told}
    )


async def standing(storage: Storage, *days: FeedDay, rhythm: Rhythm = Rhythm.ARXIV_FEED, **told: int) -> FeedStanding:
    async with storage.write() as transaction:
        for each in days:
            await transaction.put_feed_day(each)
    source = Supply({"cs.AI": []}, rhythm=rhythm)
    feeds = Ingest(storage, NoHttp(), [source], clock=Clock()).feeds
    (stands,) = await Ledger(storage, feeds, clock=Clock()).standings(**told)
    return stands


async def test_a_feed_that_was_never_asked_stands_so(storage: Storage) -> None:
    stands = await standing(storage)
    assert (stands.name, stands.today, stands.days, stands.missed) == ("Supply cs.AI", None, (), ())
    assert stands.sentence(wall_clock(stands.rhythm, TUESDAY)) == "not asked yet; a running bot asks from 00:05 ET on."
    assert not stands.is_troubled


@on_both
async def test_days_on_which_a_batch_was_due_and_never_came_are_named(storage: Storage) -> None:
    fresh, stale = FeedState.FRESH, FeedState.STALE
    # Asked on Wednesday, Friday's was stale, the weekend is the weekend, and nobody asked on Thursday and Monday.
    stands = await standing(
        storage, account(6, fresh), account(4, stale), account(3, FeedState.WEEKEND), account(0, fresh)
    )
    assert [day.day for day in stands.missed] == [28, 29, 1]
    assert stands.fill_from == date(2026, 5, 26)  # Thursday's list: submitted from Tuesday afternoon on
    assert stands.today == account(0, fresh)


async def test_the_first_day_within_reach_counts_also_while_it_is_tomorrow_in_utc(storage: Storage) -> None:
    evening = Clock(TUESDAY.replace(hour=2))  # Monday, 22:00 in New York
    async with storage.write() as transaction:
        await transaction.put_feed_day(account(8, FeedState.FRESH))
    feeds = Ingest(storage, NoHttp(), [Supply({"cs.AI": []})], clock=evening).feeds
    (stands,) = await Ledger(storage, feeds, clock=evening).standings()
    assert [day.day for day in stands.missed] == [26, 27, 28, 29]


@on_both
async def test_what_a_source_catches_up_with_is_not_missed(storage: Storage) -> None:
    fresh = FeedState.FRESH
    # Asked on Wednesday and again on Monday evening, whose day it still is: that harvest holds the evenings between.
    stands = await standing(storage, account(6, fresh), account(1, fresh), rhythm=Rhythm.ARXIV_HARVEST)
    assert stands.missed == ()
    broken = account(1, FeedState.BROKEN)
    stands = await standing(storage, broken, rhythm=Rhythm.ARXIV_HARVEST)
    assert [day.day for day in stands.missed] == [28, 31]


async def test_nothing_is_missed_from_before_the_first_asking_or_where_nothing_was_promised(storage: Storage) -> None:
    assert (await standing(storage, account(0, FeedState.FRESH))).missed == ()
    assert (await standing(storage, account(5, FeedState.FRESH), rhythm=Rhythm.STEADY)).missed == ()


async def test_the_days_asked_for_are_told_newest_first(storage: Storage) -> None:
    days = [account(number, FeedState.FRESH, received=number) for number in range(20)]
    others = [account(0, FeedState.FRESH, feed="cs.CL"), account(-1, FeedState.FRESH)]
    stands = await standing(storage, *days, *others, days=3)
    assert stands.days == tuple(days[:3])
    assert len((await standing(storage, days=10)).days) == 10


async def test_a_feed_that_owes_something_is_troubled(storage: Storage) -> None:
    troubled = [state for state in FeedState if (await standing(storage, account(0, state))).is_troubled]
    assert troubled == [FeedState.STALE, FeedState.PARTIAL, FeedState.BROKEN]


def test_accounts_that_stand_alike_are_told_as_one() -> None:
    one = account(0, FeedState.FRESH, received=3, new=2, known=1)
    other = account(0, FeedState.FRESH, feed="cs.CL", received=4, revised=4)
    both = together([one, other])
    assert (both.feed, both.received, both.new, both.revised, both.known) == ("cs.AI+cs.CL", 7, 2, 4, 1)
    assert together([one]) == one
