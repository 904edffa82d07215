"""Turns over several openings of one database, as several processes have it, in virtual time."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.domain.turns import LEASE, LOOK, PATIENCE, SETTLING, SLACK
from bot.interfaces import Storage
from storage import open_storage
from storage.sql import SqlStorage
from tests.sources.virtual_time import Hours
from tests.storage.kinds import sqlite_alone
from tests.storage.shelf import paper, put

EVERY = timedelta(seconds=3)


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def three(empty: str, hours: Hours) -> AsyncIterator[list[SqlStorage]]:
    """One database, opened three times."""
    async with AsyncExitStack() as stack:
        opened = [await open_storage(empty, clock=hours.now, sleep=hours.sleep) for _ in range(3)]
        yield [await stack.enter_async_context(each) for each in opened]


async def take(storage: Storage, family: str = "arxiv") -> None:
    async with storage.turn(family, every=EVERY):
        pass


async def test_a_turn_counts_from_the_start_of_the_one_before_in_any_process(
    three: list[SqlStorage], hours: Hours
) -> None:
    ada, bob, cleo = three
    async with ada.turn("arxiv", every=EVERY):
        await hours.sleep(2)
    async with bob.turn("arxiv", every=EVERY):
        assert hours.seconds == 3
        await hours.sleep(10)
    async with cleo.turn("arxiv", every=EVERY):
        assert hours.seconds == 13
    async with cleo.turn("arxiv", every=EVERY):
        assert hours.seconds == 16


@sqlite_alone
async def test_families_do_not_wait_for_each_other(three: list[SqlStorage], hours: Hours) -> None:
    ada, bob, _ = three
    async with ada.turn("arxiv", every=EVERY), bob.turn("hugging face", every=EVERY), ada.turn("biorxiv", every=EVERY):
        assert hours.seconds == 0


async def test_many_tasks_of_many_processes_work_one_at_a_time(three: list[SqlStorage], hours: Hours) -> None:
    working: list[tuple[float, float]] = []
    chance = random.Random(1)

    async def work(storage: SqlStorage) -> None:
        async with storage.turn("arxiv", every=EVERY):
            began = hours.seconds
            await hours.sleep(chance.uniform(0, 5))
            working.append((began, hours.seconds))

    await asyncio.gather(*(work(storage) for storage in three * 5))
    assert len(working) == 15
    for before, after in pairwise(working):
        assert after[0] >= before[1]
        assert after[0] - before[0] >= 2.99999


@sqlite_alone
async def test_a_turn_is_given_back_when_the_work_fails(three: list[SqlStorage], hours: Hours) -> None:
    ada, bob, _ = three
    with pytest.raises(LookupError):
        async with ada.turn("arxiv", every=EVERY):
            raise LookupError
    await take(bob)
    assert hours.seconds == 3


@sqlite_alone
async def test_a_turn_never_given_back_is_lost_with_its_lease(three: list[SqlStorage], hours: Hours) -> None:
    ada, bob, cleo = three
    async with ada.turn("arxiv", every=EVERY):  # as if its process were killed here
        await take(bob)
        assert LEASE + SETTLING <= timedelta(seconds=hours.seconds) <= LEASE + SETTLING + LOOK
        lost_at = hours.seconds
        async with cleo.turn("arxiv", every=EVERY):
            assert hours.seconds == lost_at + 3
            cleo_has_it = True
    assert cleo_has_it
    await take(bob)
    assert hours.seconds == lost_at + 6


@sqlite_alone
async def test_a_turn_during_whose_taking_the_computer_slept_is_asked_for_anew(
    three: list[SqlStorage], hours: Hours
) -> None:
    ada, bob, _ = three
    asked, put_to_sleep = ada._turns._ask, [LEASE]

    async def sleepy(family: str, every: timedelta) -> tuple[datetime, timedelta]:
        answer = await asked(family, every)
        while put_to_sleep:
            hours.seconds += put_to_sleep.pop().total_seconds()
        return answer

    ada._turns._ask = sleepy  # type: ignore[method-assign]
    async with ada.turn("arxiv", every=EVERY):
        began = hours.seconds
        await take(bob)
        assert timedelta(seconds=hours.seconds - began) >= LEASE - SLACK


@sqlite_alone
async def test_whoever_gives_up_waiting_gives_up_the_place_in_line(three: list[SqlStorage], hours: Hours) -> None:
    ada, bob, cleo = three
    asleep = asyncio.Event()

    async def wait(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    bob._turns._sleep = wait
    await take(ada)
    impatient = asyncio.create_task(take(bob))
    await asleep.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    await take(cleo)
    assert hours.seconds == 3


@sqlite_alone
async def test_whoever_dies_in_line_is_not_waited_for(three: list[SqlStorage], hours: Hours) -> None:
    ada, bob, cleo = three
    await take(ada)
    await bob._turns._ask("arxiv", EVERY)  # and never again
    await take(cleo)
    assert EVERY + PATIENCE <= timedelta(seconds=hours.seconds) <= EVERY + PATIENCE + LOOK


async def test_a_turn_cancelled_anywhere_is_soon_free_for_others(three: list[SqlStorage], hours: Hours) -> None:
    ada, bob, _ = three
    chance = random.Random(1)

    async def work() -> None:
        async with ada.turn("arxiv", every=EVERY):
            await asyncio.sleep(0.002)

    for _ in range(60):
        before = hours.seconds
        cancelled = asyncio.create_task(work())
        await asyncio.sleep(chance.uniform(0, 0.02))
        for _ in range(chance.randint(1, 3)):  # some insist
            cancelled.cancel()
            await asyncio.sleep(chance.uniform(0, 0.002))
        await asyncio.wait({cancelled})
        await take(bob)
        assert hours.seconds - before < LEASE.total_seconds() / 5


async def test_nothing_is_held_while_somebody_waits(empty: str) -> None:
    asleep = asyncio.Event()

    async def wait(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    async with await open_storage(empty, sleep=wait) as storage:
        await take(storage)
        waiting = asyncio.create_task(take(storage))
        await asleep.wait()
        database = storage._database
        assert not database._alone.locked()
        assert [each.pool.checkedout() for each in (database._readers, database._writer)] == [0, 0]  # type: ignore[attr-defined]
        async with asyncio.timeout(5):
            await put(storage, paper("Others write meanwhile", "arxiv:1"))
        waiting.cancel()
        await asyncio.wait({waiting})


@sqlite_alone
async def test_a_turn_that_cannot_be_given_back_costs_the_caller_nothing(
    three: list[SqlStorage], hours: Hours, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bob, _ = three
    async with ada.turn("arxiv", every=EVERY):
        async with ada._database.write() as connection:
            await connection.exec_driver_sql("PRAGMA query_only = ON")
        fetched = "a page"
    assert fetched == "a page"
    assert "turn_kept family=arxiv" in caplog.text
    await take(bob)
    assert timedelta(seconds=hours.seconds) >= LEASE
