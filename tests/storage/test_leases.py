"""Leases in the database: taken in one transaction, over by its clock, given back at once."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.leases import WORK, Decision, Lease, Wish, decide, shard_lease
from bot.errors import OperatorError
from bot.lease_interfaces import RecountedError
from storage import open_storage
from storage.dialects import locking
from storage.dialects.postgresql import WRITERS
from storage.sql import SqlStorage
from storage.turns import Turns
from tests.storage.kinds import postgresql_alone

LONG = timedelta(seconds=60)
OVER = timedelta(microseconds=1)


async def look(storage: SqlStorage, owner: str, lease: timedelta = LONG, count: int = 8) -> Decision:
    wish = Wish(owner=owner, count=count)
    return await storage.look_after_leases(
        owner, lambda leases, now: decide(leases, wish, now=now), count=count, lease=lease
    )


def shards_of(leases: list[Lease], owner: str) -> list[int]:
    return sorted(each.shard for each in leases if each.owner == owner and each.shard is not None)


async def test_several_at_once_take_each_lease_once(storage: SqlStorage, empty: str) -> None:
    async with await open_storage(empty) as other:
        many = [(each, f"p{number}") for number in range(4) for each in (storage, other)]
        await asyncio.gather(*(look(each, f"{name}{each is other}") for each, name in many))
        for _ in range(3):
            for each, name in many:
                found = await look(each, owner := f"{name}{each is other}")
                await each.release_leases(owner, list(map(shard_lease, found.surplus)))
    leases = await storage.list_leases()
    assert sorted(each.shard for each in leases if each.shard is not None) == list(range(8))
    assert [len(shards_of(leases, owner)) for owner in {each.owner for each in leases}] == [1] * 8
    assert sum(each.name == WORK for each in leases) == 1


async def test_a_lease_that_is_over_is_anybodys_and_one_given_back_at_once(storage: SqlStorage) -> None:
    await look(storage, "dead")
    assert shards_of(await storage.list_leases(), "dead") == list(range(8))
    assert WORK not in (await look(storage, "heir")).has
    await storage.release_leases("heir")
    await look(storage, "dead", OVER)
    assert await storage.list_leases() == []
    assert WORK in (await look(storage, "heir")).has
    await storage.release_leases("heir")
    assert await storage.list_leases() == []


async def test_all_that_are_there_are_of_as_many_shards(storage: SqlStorage) -> None:
    agree = partial(storage.agree_on_count, lease=LONG)
    assert await agree(4, "sharer a", owner="a") == 4
    assert await agree(8, "sharer b", owner="b") == 4
    await storage.release_leases("a")
    assert await agree(8, "sharer a", owner="a") == 4
    await storage.release_leases("a")
    await storage.release_leases("b")
    assert await agree(8, "sharer b", owner="b") == 8


async def test_who_was_away_too_long_hears_that_others_are_of_another_count(storage: SqlStorage) -> None:
    assert await storage.agree_on_count(4, "sharer away", owner="away", lease=OVER) == 4
    await look(storage, "away", OVER, count=4)
    assert await storage.agree_on_count(8, "sharer new", owner="new", lease=LONG) == 8
    with pytest.raises(RecountedError, match="shards of 8 by now, and this one of 4"):
        await look(storage, "away", count=4)
    assert {each.owner for each in await storage.list_leases()} == {"new"}


@postgresql_alone
async def test_leases_wait_for_none_of_this_process_that_writes(storage: SqlStorage) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(WRITERS):
            await stack.enter_async_context(storage._database.write_beside())
        async with asyncio.timeout(2):
            await look(storage, "a")


@postgresql_alone
async def test_who_hangs_while_it_renews_its_leases_keeps_nobody_long_from_theirs(
    storage: SqlStorage, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_HANGS", "100ms")
    async with await open_storage(empty) as other:

        async def hang() -> None:
            async with storage._database.write_at_once() as connection:
                await locking.lease_alone(connection)
                await asyncio.wait_for(look(other, "b"), 2)

        with pytest.raises(OperatorError, match="PostgreSQL is running"):
            await hang()
        assert len(shards_of(await other.list_leases(), "b")) == 8


async def test_a_moment_comes_once_over_all_processes(storage: SqlStorage, empty: str) -> None:
    loop, at = asyncio.get_running_loop(), list[float]()

    async def take(one: SqlStorage) -> None:
        await one.take_moment("identify:0", every=timedelta(seconds=0.4))
        at.append(loop.time())

    async with await open_storage(empty) as other:
        began = loop.time()
        await asyncio.gather(take(storage), take(other), take(storage))
        await asyncio.wait_for(storage.take_moment("identify:1", every=LONG), 1)
    assert len(at) == 3
    assert at[-1] - began >= 0.8 - 0.4
    assert all(later - earlier >= 0.4 - 0.25 for earlier, later in pairwise(at))


async def test_moments_come_where_the_database_is_slow_too(
    storage: SqlStorage, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, every, at = asyncio.get_running_loop(), timedelta(seconds=0.8), list[float]()
    step = Turns._step

    async def slowly(self: Turns, *given: Any, **told: Any) -> tuple[datetime, timedelta]:
        found = await step(self, *given, **told)
        await asyncio.sleep(0.3)
        return found

    monkeypatch.setattr(Turns, "_step", slowly)

    async def take(one: SqlStorage) -> None:
        await one.take_moment("identify:0", every=every)
        at.append(loop.time())

    async with asyncio.timeout(20), await open_storage(empty) as other:
        await asyncio.gather(take(storage), take(other), take(storage))
        await storage._turns.settle()
    assert all(later - earlier >= every.total_seconds() - 0.25 for earlier, later in pairwise(at))


@postgresql_alone
@pytest.mark.parametrize("ahead", [-120, 120])
async def test_turns_of_machines_whose_clocks_differ_go_by_the_databases(
    empty: str, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    loop, every = asyncio.get_running_loop(), timedelta(seconds=1)
    async with await open_storage(empty) as right, await open_storage(empty) as wrong:
        monkeypatch.setattr(wrong._turns, "_own_clock", lambda: datetime.now(UTC) + timedelta(seconds=ahead))
        for one, other in ((right, wrong), (wrong, right)):
            await one.take_moment("identify:0", every=every)
            began = loop.time()
            await other.take_moment("identify:0", every=every)
            assert 0.7 < loop.time() - began < 5
        async with right.turn("arxiv", every=timedelta()):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5), wrong.turn("arxiv", every=timedelta()):
                    pass
