"""The time of a request, by the clock that stands still while the computer sleeps and by the one on the wall."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.turns import LONGEST_TURN
from bot.sources import time_limit as limits
from bot.sources.time_limit import time_limit
from tests.sources.virtual_time import Hours


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOOK_SECONDS", 0.005)


async def test_work_is_stopped_when_its_time_is_over() -> None:
    async def is_slow() -> None:
        async with time_limit(timedelta(seconds=0.01), Hours().now):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await is_slow()


async def test_work_during_which_the_computer_slept_is_stopped_soon_after() -> None:
    hours = Hours()

    async def sleeps() -> None:
        async with time_limit(timedelta(minutes=1), hours.now):
            hours.seconds += LONGEST_TURN.total_seconds() + 1
            await asyncio.Event().wait()

    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            await sleeps()
    assert not [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]


async def test_work_in_good_time_is_left_alone_whatever_the_clock_does_later() -> None:
    hours = Hours()
    async with time_limit(timedelta(minutes=1), hours.now):
        hours.seconds += LONGEST_TURN.total_seconds() - 1
        await asyncio.sleep(0.02)
        hours.seconds -= 90_000
        await asyncio.sleep(0.02)
    hours.seconds += 200_000
    await asyncio.sleep(0.02)
