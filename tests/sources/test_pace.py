"""Turns within one process."""

import asyncio
from datetime import timedelta

import pytest

from bot.sources.pace import LocalPace
from tests.sources.virtual_time import Hours


async def test_a_turn_counts_from_the_start_of_the_one_before() -> None:
    hours = Hours()
    pace, every = LocalPace(hours.count, hours.sleep), timedelta(seconds=3)
    async with pace.turn("arxiv", every=every):
        await hours.sleep(2)
    async with pace.turn("arxiv", every=every):
        assert hours.seconds == 3
        await hours.sleep(10)
    async with pace.turn("arxiv", every=every):
        assert hours.seconds == 13


async def test_whoever_gives_up_waiting_gives_up_the_turn() -> None:
    hours = Hours()
    pace, every = LocalPace(hours.count, hours.sleep), timedelta(seconds=3)

    async def take() -> None:
        async with pace.turn("arxiv", every=every):
            pass

    async with pace.turn("arxiv", every=every):
        impatient = asyncio.create_task(take())
        await asyncio.sleep(0)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
    await take()
    assert hours.seconds == 3
