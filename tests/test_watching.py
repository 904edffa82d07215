"""A clock that is not Discord's is noticed before anything is planned by it."""

import logging
import time
from datetime import UTC, datetime
from typing import cast

import pytest

from bot.client import PaperboyClient, point_at
from bot.fakediscord.server import FakeDiscord
from bot.services.bundle import Services
from cogs._markdown import escape
from tests.lab import Lab


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
                "Until then I plan no paper of the day."
            )
            ahead = 0
            assert await watch.is_time_right(), "it is asked again while it is wrong"
            await discord.stop()
            watch.time = type(watch.time)()
            assert not await watch.is_time_right(), "nobody tells the time"


async def test_status_says_that_the_clock_is_wrong(lab: Lab) -> None:
    lab.app.client.watch.time.note("Tue, 26 May 2026 09:00:00 GMT", datetime(2026, 5, 26, 9, 7, tzinfo=UTC))
    told = (await lab.person("lin").slash("status", _in=lab.channel("papers"))).text
    assert "My computer's clock is 7 min 0 s ahead of Discord's" in told
    assert "clock is" not in (await lab.person("lin").slash("status", _in=lab.channel("papers"))).text
