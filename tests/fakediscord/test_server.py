"""The server itself: where it listens, and that it stops whatever is still open."""

import asyncio

import aiohttp
import pytest

from bot.fakediscord.server import FakeDiscord
from tests.fakediscord.api import opened_api


async def test_it_listens_on_this_machine_only_and_tells_where(fake: FakeDiscord) -> None:
    place = fake.page_url.removeprefix("http://")
    assert place.startswith("127.0.0.1:")
    assert fake.api_url == f"http://{place}api/v10"
    assert fake.gateway_url == f"ws://{place}gateway/"


async def test_a_port_that_is_taken_is_told(fake: FakeDiscord) -> None:
    port = int(fake.page_url.rstrip("/").rpartition(":")[2])
    async with FakeDiscord() as other:
        with pytest.raises(OSError, match="address already in use"):
            await other.start(port)
        await other.start()
        assert other.page_url != fake.page_url


async def test_it_stops_at_once_whatever_is_open() -> None:
    discord = FakeDiscord()
    await discord.start()
    discord.add_person("ada", guild=discord.add_guild("Reading group"))
    discord.faults.next("GET", "/users/@me", hang=True)
    async with aiohttp.ClientSession() as session, opened_api(discord) as api:
        hanging = asyncio.create_task(api("GET", "/users/@me"))
        async with session.get(f"{discord.page_url}page/events") as stream:
            async with session.ws_connect(f"{discord.gateway_url}?v=10&encoding=json") as socket:
                await socket.receive_json()
                async with asyncio.timeout(0.9):
                    await discord.stop()
                assert (await socket.receive()).data == 1001
            assert b"here" in await stream.content.read()
        assert (await hanging).status == 200


async def test_every_answer_carries_the_limits_and_the_time(fake: FakeDiscord) -> None:
    async with opened_api(fake) as api:
        for path in ("/users/@me", "/users/5"):
            headers = (await api("GET", path)).headers
            assert int(headers["X-RateLimit-Remaining"]) > 100
            assert {"X-RateLimit-Bucket", "X-RateLimit-Reset-After", "X-RateLimit-Reset", "Via", "Date"} <= set(headers)
            assert headers["Content-Type"] == "application/json"


async def test_the_time_it_tells_is_the_one_it_was_given() -> None:
    async with FakeDiscord(now=lambda: 1_800_000_000.0) as discord:
        await discord.start()
        async with opened_api(discord) as api:
            assert (await api("GET", "/users/@me")).headers["Date"] == "Fri, 15 Jan 2027 08:00:00 GMT"
