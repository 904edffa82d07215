"""Leases in the database: taken in one transaction, over by its clock, given back at once."""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import pairwise

from bot.domain.leases import WORK, Decision, Lease, Wish, decide, shard_lease
from storage import open_storage
from storage.sql import SqlStorage

LONG = timedelta(seconds=60)
OVER = timedelta(microseconds=1)


async def look(storage: SqlStorage, owner: str, lease: timedelta = LONG, count: int = 8) -> Decision:
    wish = Wish(owner=owner, count=count)
    return await storage.look_after_leases(owner, lambda leases, now: decide(leases, wish, now=now), lease=lease)


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
