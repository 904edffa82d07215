"""A clock that is not Discord's is noticed before anything is planned by it."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.client import PaperboyClient, point_at
from bot.domain.deliveries import DeliveryState
from bot.domain.papers import Announcement
from bot.fakediscord.server import FakeDiscord
from bot.services.bundle import Services
from cogs._markdown import escape
from tests.cogs.following import follow
from tests.lab import Lab, found_paper


async def test_discord_is_asked_for_the_time_where_no_answer_told_it_of_late(caplog: pytest.LogCaptureFixture) -> None:
    ahead = 0.0
    async with FakeDiscord(now=lambda: time.time() - ahead) as discord:
        await discord.start()
        point_at(discord.api_url, discord.gateway_url)
        async with PaperboyClient(services=cast(Services, None), escape=escape) as client:
            watch = client.watch
            assert watch.time.off(datetime.now(UTC)) is None
            await client.login("token")
            asked = discord.requests.total()
            assert await watch.is_time_right()
            assert discord.requests.total() == asked, "the answer to the login told"
            ahead = 7_200
            assert watch.ask is not None
            await watch.ask()
            with caplog.at_level(logging.WARNING):
                assert not await watch.is_time_right()
                assert not await watch.is_time_right()
            (told,) = (each.message for each in caplog.records)
            assert told.startswith("clock wrong off_s=720")
            assert told.endswith(
                "my computer's clock is 2 h 0 min ahead of Discord's: set it right. "
                "Until then I post nothing by myself."
            )
            ahead = 0
            assert await watch.is_time_right(), "it is asked again while it is wrong"
            await discord.stop()
            watch.time = type(watch.time)()
            assert not await watch.is_time_right(), "nobody tells the time"


def _behind(right: Callable[[], float], seconds: float) -> Callable[[], float]:
    return lambda: right() - seconds


async def test_status_says_that_the_clock_is_wrong(lab: Lab) -> None:
    watch, right = lab.app.client.watch, lab.discord.world.now
    assert watch.ask is not None
    for off, is_told in ((420, True), (0, False)):
        lab.discord.world.now = _behind(right, off)
        await watch.ask()
        told = (await lab.person("lin").slash("status", _in=lab.channel("papers"))).text
        assert ("My computer's clock is 7 min 0 s ahead of Discord's" in told) is is_told
        assert ("clock is" in told) is is_told
    assert all("clock wrong" in each for each in lab.take_errors())


async def test_with_a_clock_a_day_ahead_nothing_is_posted_or_given_up_until_it_is_right(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.outbox._CLOCK_AGAIN", 0.05)
    monkeypatch.setattr("bot.services.outbox._SWEEP_EVERY", timedelta())
    await follow(lab.person("ada", manage_channels=True), "diffusion")
    right = lab.discord.world.now
    lab.discord.world.now = _behind(right, 86_400)
    watch = lab.app.client.watch
    assert watch.ask is not None
    await watch.ask()
    await asyncio.sleep(1.2)  # it may have been looking for something to post when the clock went wrong
    before = len(lab.channel("papers").messages)
    await lab.ingest(found_paper(title="Diffusion of things", announcement=Announcement.NEW))
    await asyncio.sleep(0.5)
    standing = await lab.app.storage.outbox_standing()
    assert (standing.counts, len(lab.channel("papers").messages)) == ({DeliveryState.OWED: 1}, before)
    lab.discord.world.now = right
    assert "Diffusion of things" in (await lab.channel("papers").next_message()).text
    assert [each for each in lab.take_errors() if "clock wrong" in each]
