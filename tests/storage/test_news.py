"""What every database must remember of news: which papers nobody announced, since when one is known, how votes move."""

from datetime import date, timedelta

from bot.domain.analysis import prepare
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Storage
from tests.storage.shelf import NOW, paper

MONDAY, TUESDAY = date(2026, 5, 18), date(2026, 5, 19)


async def numbers(storage: Storage, *titles: str) -> list[int]:
    async with storage.write() as transaction:
        put = await transaction.put_papers([prepare(paper(each, f"doi:10.1/{each}")) for each in titles], now=NOW)
    return [each.paper_id for each in put]


async def test_a_paper_that_nobody_announced_is_taken_once(storage: Storage) -> None:
    a, b, c = await numbers(storage, "a", "b", "c")
    async with storage.write() as transaction:
        await transaction.add_unannounced({a, b})
        await transaction.add_unannounced({b})
        await transaction.add_unannounced(set())
        assert await transaction.take_unannounced({b, c}) == {b}
        assert await transaction.take_unannounced({b, c}) == set()
        assert await transaction.take_unannounced(set()) == set()
        assert await transaction.take_unannounced({a}) == {a}


async def test_many_papers_are_taken_in_one_go(storage: Storage) -> None:
    many = await numbers(storage, *(f"paper {number}" for number in range(600)))
    async with storage.write() as transaction:
        await transaction.add_unannounced(many)
        assert await transaction.take_unannounced(many) == set(many)


async def test_a_paper_is_known_from_the_moment_it_was_put(storage: Storage) -> None:
    (a,) = await numbers(storage, "a")
    async with storage.write() as transaction:
        later = prepare(paper("b", "doi:10.1/b"))
        b = (await transaction.put_papers([later], now=NOW + timedelta(hours=1)))[0].paper_id
        await transaction.put_papers([prepare(paper("a", "doi:10.1/a", journal_ref="J."))], now=NOW + timedelta(days=1))
        assert await transaction.seen_since({a, b, 7}, NOW) == {a, b}
        assert await transaction.seen_since({a, b}, NOW + timedelta(microseconds=1)) == {b}
        assert await transaction.seen_since({a, b}, NOW + timedelta(days=1)) == set()
        assert await transaction.seen_since(set(), NOW) == set()


async def test_votes_are_kept_day_by_day(storage: Storage) -> None:
    a, b = await numbers(storage, "a", "b")
    async with storage.write() as transaction:
        await transaction.put_upvotes([UpvoteCount(paper_id=a, on=TUESDAY, upvotes=4)])
        await transaction.put_upvotes([UpvoteCount(paper_id=each, on=MONDAY, upvotes=1) for each in (a, b)])
        await transaction.put_upvotes([UpvoteCount(paper_id=a, on=TUESDAY, upvotes=7)])
        await transaction.put_upvotes([])
    assert await storage.list_upvotes(a) == [
        UpvoteCount(paper_id=a, on=MONDAY, upvotes=1),
        UpvoteCount(paper_id=a, on=TUESDAY, upvotes=7),
    ]
    assert await storage.list_upvotes(b) == [UpvoteCount(paper_id=b, on=MONDAY, upvotes=1)]
    assert await storage.list_upvotes(7) == []
