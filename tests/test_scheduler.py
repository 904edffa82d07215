"""The alarm clock: it wakes what is due, again after a fault, and stops at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import OperatorError
from bot.scheduler import LONGEST_SLEEP, PAUSE_AFTER_FAULT, Scheduler


def now() -> datetime:
    return datetime.now(UTC)


class Work:
    """Counts its calls; what is due next is said by the list, the last one for good."""

    def __init__(self, *dues: timedelta | None, trouble: Exception | None = None) -> None:
        self.calls = 0
        self._dues = list(dues)
        self._trouble = trouble
        self._changed = asyncio.Event()

    async def work(self) -> None:
        self.calls += 1
        self._changed.set()
        trouble, self._trouble = self._trouble, None
        if trouble:
            raise trouble

    async def next_at(self) -> datetime | None:
        due = self._dues.pop(0) if len(self._dues) > 1 else self._dues[0]
        return None if due is None else datetime.now(UTC) + due

    async def until(self, is_enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not is_enough():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running(work: Work) -> AsyncIterator[None]:
    task = asyncio.create_task(Scheduler(work.work, work.next_at, clock=now).run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_it_works_at_the_start_and_whenever_something_is_due() -> None:
    work = Work(timedelta(milliseconds=20), timedelta(seconds=-5), timedelta(hours=1))
    async with running(work):
        await work.until(lambda: work.calls == 3)
        await asyncio.sleep(0)
    assert work.calls == 3


async def test_where_nothing_is_due_it_sleeps() -> None:
    work = Work(None)
    async with running(work):
        await work.until(lambda: work.calls == 1)
        for _ in range(20):
            await asyncio.sleep(0)
    assert work.calls == 1


@pytest.mark.parametrize(
    ("trouble", "level", "words"),
    [
        (OperatorError("The disk is full."), "WARNING", "trying again in 300 s: The disk is full."),
        (RuntimeError("oops"), "ERROR", "fault in scheduled work"),
    ],
)
async def test_a_fault_ends_nothing(
    trouble: Exception, level: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(timedelta(0), trouble=trouble)
    scheduler = Scheduler(work.work, work.next_at, clock=now)
    with caplog.at_level(logging.INFO):
        before = datetime.now(UTC)
        at = await scheduler._worked()
    assert timedelta(0) <= at - before - PAUSE_AFTER_FAULT < timedelta(seconds=5)
    assert [each.levelname for each in caplog.records] == [level]
    assert words in caplog.text


async def test_it_looks_again_after_a_quarter_of_an_hour_at_the_latest() -> None:
    work = Work(timedelta(days=1), None)
    scheduler = Scheduler(work.work, work.next_at, clock=now)
    for _ in range(2):
        before = datetime.now(UTC)
        assert timedelta(0) <= await scheduler._worked() - before - LONGEST_SLEEP < timedelta(seconds=5)


async def test_stopping_cancels_what_it_is_at_and_leaves_nothing_running() -> None:
    begun, ended = asyncio.Event(), []

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    before = asyncio.all_tasks()
    task = asyncio.create_task(Scheduler(endless, Work(None).next_at, clock=now).run())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]
    for _ in range(5):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
