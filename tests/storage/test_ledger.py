"""What every database must do with accounts and checkpoints: keep them whole, list them in order, lose no count."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.ledger import FeedDay, FeedState
from bot.interfaces import Put, PutOutcome, Storage
from storage import open_storage
from tests.empty import empty_database
from tests.storage.shelf import NOW, number, paper

MONDAY, TUESDAY = date(2026, 5, 18), date(2026, 5, 19)

counts = st.integers(0, 2**40)
moments = st.none() | st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=-5))))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
feed_days = st.builds(
    FeedDay,
    source=words,
    feed=words,
    day=st.dates(),
    state=st.sampled_from(FeedState),
    expected=st.none() | counts,
    received=counts,
    new=counts,
    revised=counts,
    known=counts,
    rejected=counts,
    attempts=counts,
    asked_at=moments,
    took=st.timedeltas(timedelta(), timedelta(days=9)),
    next_at=moments,
    last_error=st.none() | words,
)


def monday(feed: str = "cs.AI", **told: object) -> FeedDay:
    return replace(FeedDay(source="arxiv", feed=feed, day=MONDAY, state=FeedState.FRESH), **told)  # type: ignore[arg-type]


async def put(storage: Storage, *days: FeedDay) -> None:
    async with storage.write() as transaction:
        for each in days:
            await transaction.put_feed_day(each)


@settings(max_examples=20, deadline=None)
@given(st.lists(feed_days, max_size=5, unique_by=lambda each: (each.source, each.feed, each.day)))
def test_accounts_come_back_as_they_were_put_newest_first(
    tmp_path_factory: pytest.TempPathFactory, days: list[FeedDay]
) -> None:
    async def kept() -> list[FeedDay]:
        async with await open_storage(empty_database(tmp_path_factory.mktemp("shelf") / "papers.db")) as storage:
            await put(storage, *days)
            return await storage.list_feed_days(since=date.min)

    by_name = sorted(days, key=lambda each: (each.source, each.feed))
    assert asyncio.run(kept()) == sorted(by_name, key=lambda each: each.day, reverse=True)


async def test_accounts_are_listed_from_a_day_on(storage: Storage) -> None:
    ai, ml = monday("cs.AI"), monday("cs.LG")
    later = replace(ai, day=TUESDAY)
    await put(storage, ml, later, ai)
    assert await storage.list_feed_days(since=MONDAY) == [later, ai, ml]
    assert await storage.list_feed_days(since=TUESDAY) == [later]
    assert await storage.list_feed_days(since=TUESDAY + timedelta(days=1)) == []


async def test_an_account_is_read_and_written_over_in_one_transaction(storage: Storage) -> None:
    async with storage.write() as transaction:
        assert await transaction.get_feed_day("arxiv", "cs.AI", MONDAY) is None
        await transaction.put_feed_day(monday(received=3, new=2, known=1, last_error="It is away."))
        assert await transaction.get_feed_day("arxiv", "cs.AI", TUESDAY) is None
        assert await transaction.get_feed_day("arxiv", "cs.LG", MONDAY) is None
        assert await transaction.get_feed_day("biorxiv", "cs.AI", MONDAY) is None
        known = await transaction.get_feed_day("arxiv", "cs.AI", MONDAY)
        assert known == monday(received=3, new=2, known=1, last_error="It is away.")
        await transaction.put_feed_day(replace(known, received=5, new=4, last_error=None))
    assert await storage.list_feed_days(since=MONDAY) == [monday(received=5, new=4, known=1)]


async def test_counts_added_at_once_are_all_there(storage: Storage, empty: str) -> None:
    """Half of them by a second opening of the database, as another process has it."""

    async def add(through: Storage) -> None:
        async with through.write() as transaction:
            known = await transaction.get_feed_day("arxiv", "cs.AI", MONDAY) or monday()
            await asyncio.sleep(0)
            await transaction.put_feed_day(replace(known, received=known.received + 1, new=known.new + 2))

    async with await open_storage(empty) as other:
        await asyncio.gather(*(add(through) for through in [storage, other] * 50))
    assert await storage.list_feed_days(since=MONDAY) == [monday(received=100, new=200)]


async def test_checkpoints_are_kept_by_source_and_feed(storage: Storage) -> None:
    assert await storage.get_checkpoint("arxiv", "cs.AI") is None
    async with storage.write() as transaction:
        await transaction.put_checkpoint("arxiv", "cs.AI", "one")
        await transaction.put_checkpoint("arxiv", "cs.LG", "two ☕")
        await transaction.put_checkpoint("hf", "cs.AI", "")
        await transaction.put_checkpoint("arxiv", "cs.AI", "three")
        assert await storage.get_checkpoint("arxiv", "cs.AI") is None
    kept = [await storage.get_checkpoint(*each) for each in [("arxiv", "cs.AI"), ("arxiv", "cs.LG"), ("hf", "cs.AI")]]
    assert kept == ["three", "two ☕", ""]


async def test_papers_account_and_checkpoint_are_kept_together_or_not_at_all(storage: Storage) -> None:
    async def keep(*, failing: bool) -> None:
        async with storage.write() as transaction:
            await transaction.put_papers([prepare(paper("A", "arxiv:1"))], now=NOW)
            await transaction.put_feed_day(monday(received=1, new=1))
            await transaction.put_checkpoint("arxiv", "cs.AI", "after A")
            if failing:
                raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await keep(failing=True)
    assert await storage.count_papers() == 0
    assert await storage.list_feed_days(since=MONDAY) == []
    assert await storage.get_checkpoint("arxiv", "cs.AI") is None
    await keep(failing=False)
    assert await storage.count_papers() == 1
    assert await storage.list_feed_days(since=MONDAY) == [monday(received=1, new=1)]
    assert await storage.get_checkpoint("arxiv", "cs.AI") == "after A"


async def test_putting_tells_which_paper_each_one_is(storage: Storage) -> None:
    added, revised, unchanged = PutOutcome.ADDED, PutOutcome.REVISED, PutOutcome.UNCHANGED
    first = [paper("A", "arxiv:1"), paper("B", "doi:x"), paper("A", "arxiv:1", journal_ref="J."), paper("A", "arxiv:1")]
    async with storage.write() as transaction:
        put = await transaction.put_papers([prepare(each) for each in first], now=NOW)
        again = await transaction.put_papers([prepare(paper("C", "arxiv:3")), prepare(paper("B", "doi:x"))], now=NOW)
    a, b, c = [await number(storage, each) for each in ("arxiv:1", "doi:x", "arxiv:3")]
    assert put == [
        Put(outcome=added, paper_id=a),
        Put(outcome=added, paper_id=b),
        Put(outcome=revised, paper_id=a),
        Put(outcome=unchanged, paper_id=a),
    ]
    assert again == [Put(outcome=added, paper_id=c), Put(outcome=unchanged, paper_id=b)]
    assert len({a, b, c}) == 3
