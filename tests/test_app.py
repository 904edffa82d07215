"""Starting and stopping where Discord is away, refuses, or hangs up: one clear word, and always an end."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from tenacity import wait_none

from bot.app import run_until, running
from bot.config import DatabaseSettings, DiscordSettings, Settings
from bot.domain.ledger import FeedState
from bot.domain.papers import FoundPaper
from bot.errors import EX_CONFIG, OperatorError
from bot.fakediscord.server import FakeDiscord
from tests.lab import Lab
from tests.sources.asking import DATA
from tests.sources.servers import local_server, page, silence

NOWHERE = "127.0.0.1:9"


def settings(folder: Path, *, api_url: str, gateway_url: str) -> Settings:
    return Settings(
        database=DatabaseSettings(url=f"sqlite:///{folder}/papers.db"),
        discord=DiscordSettings(token=SecretStr("token-of-a-test"), api_url=api_url, gateway_url=gateway_url),
    )


async def until_told(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(10):
        while words not in caplog.text:
            await asyncio.sleep(0.01)


async def test_it_can_be_stopped_while_discord_cannot_be_reached(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stop = asyncio.Event()
    away = settings(tmp_path, api_url=f"http://{NOWHERE}/api/v10", gateway_url=f"ws://{NOWHERE}/")
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(run_until(away, stop))
        await until_told(caplog, "trying again in 1 s")
        stop.set()
    assert "Discord cannot be reached (127.0.0.1: " in caplog.text
    assert "): check the network connection; trying again in 1 s" in caplog.text
    assert "discord.client" not in caplog.text, "nothing of voice"
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("fault", [{"cut": True, "times": 2}, {"status": 503, "times": 6}], ids=["cut", "503"])
async def test_a_discord_that_is_away_at_first_is_tried_again_and_then_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any]
) -> None:
    monkeypatch.setattr("bot.connecting.wait_exponential", lambda **_: wait_none())
    async with FakeDiscord() as discord:
        await discord.start()
        discord.faults.next("GET", "/users/@me", **fault)
        found = settings(tmp_path, api_url=discord.api_url, gateway_url=discord.gateway_url)
        async with asyncio.timeout(10), running(found, asks_sources=False) as app:
            assert app.client.is_ready()
    assert "Discord cannot be reached" in caplog.text


async def test_a_gateway_that_is_away_is_tried_again_and_then_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = asyncio.Event()
    async with FakeDiscord() as discord:
        await discord.start()
        away = settings(tmp_path, api_url=discord.api_url, gateway_url=f"ws://{NOWHERE}/")
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            group.create_task(run_until(away, stop))
            await until_told(caplog, "Discord cannot be reached (the gateway does not answer)")
            stop.set()


async def test_a_refused_token_is_said_and_not_tried_again(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        await discord.start()
        discord.bad_tokens.add("token-of-a-test")
        refused = settings(tmp_path, api_url=discord.api_url, gateway_url=discord.gateway_url)
        with pytest.raises(OperatorError, match="Discord refused the token") as caught:
            await run_until(refused, asyncio.Event())
    assert caught.value.exit_code == EX_CONFIG


async def test_a_token_that_is_revoked_while_running_ends_the_bot(lab: Lab) -> None:
    lab.discord.gateway.close(4004)
    with pytest.raises(OperatorError, match="refuses the token now") as caught:
        await lab.app.connection
    assert caught.value.exit_code == EX_CONFIG


async def test_a_bot_that_has_grown_beyond_its_shards_is_to_be_started_again(lab: Lab) -> None:
    lab.discord.gateway.close(4011)
    with pytest.raises(OperatorError, match="in too many servers for its shards") as caught:
        await lab.app.connection
    assert caught.value.exit_code == 1


async def test_a_database_that_is_in_use_is_let_go_when_the_bot_stops(lab: Lab) -> None:
    await lab.restart()
    assert "It keeps 0 papers" in (await lab.person("ada").slash("about")).text


async def test_a_word_is_respelt_with_the_first_key_after_a_start(lab: Lab) -> None:
    await lab.import_papers([FoundPaper(title=f"Diffusion machines {number}") for number in range(3)])
    await lab.restart()
    reading = [each for each in asyncio.all_tasks() if each.get_name() == "reads how words are spelt"]
    await asyncio.gather(*reading)
    offered = await lab.person("ada").complete("search", option="query", text="difusion mach")
    assert [each.name for each in offered] == [f"Diffusion machines {number}" for number in (2, 1, 0)]


async def test_a_running_bot_asks_the_sources_that_are_due(tmp_path: Path) -> None:
    noon = datetime(2031, 6, 9, 16, tzinfo=UTC)  # after the system's own time, which alarms go by
    async with FakeDiscord() as discord, local_server() as server:
        await discord.start()
        server.on("/rss/cs.AI", page((DATA / "arxiv_rss" / "answer.xml").read_bytes()))
        asking = settings(tmp_path, api_url=discord.api_url, gateway_url=discord.gateway_url)
        content = {
            "arxiv_rss": {"feeds": ["cs.AI"], "base_url": server.url("/rss")},
            "hf_daily": {"feeds": []},
        }
        asking = asking.model_copy(update={"sources": type(asking.sources)(**content)})
        async with asyncio.timeout(10), running(asking, clock=lambda: noon) as app:
            while not await app.storage.count_papers():
                await asyncio.sleep(0.01)
            (standing,) = await app.services.ledger.standings()
        assert standing.today is not None
        assert (standing.today.state, standing.today.new) == (FeedState.FRESH, 1)
        assert len(server.asked) == 1


async def test_a_bot_on_a_full_disk_asks_no_source_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storage.dialects.sqlite_examining.free_space", lambda _: 1_000_000)
    async with FakeDiscord() as discord, local_server() as server:
        await discord.start()
        asking = settings(tmp_path, api_url=discord.api_url, gateway_url=discord.gateway_url)
        content = {"arxiv_rss": {"base_url": server.url("/rss")}, "hf_daily": {"base_url": server.url()}}
        asking = asking.model_copy(update={"sources": type(asking.sources)(**content)})
        async with running(asking):
            await until_told(caplog, "so no source is asked: make room for 256 MB")
        assert server.asked == []


async def test_a_bot_stops_at_once_while_a_source_keeps_it_waiting(tmp_path: Path) -> None:
    noon = datetime(2031, 6, 9, 16, tzinfo=UTC)
    async with FakeDiscord() as discord, local_server() as server:
        await discord.start()
        server.otherwise = silence
        asking = settings(tmp_path, api_url=discord.api_url, gateway_url=discord.gateway_url)
        content = {"arxiv_rss": {"base_url": server.url("/rss")}, "hf_daily": {"base_url": server.url()}}
        asking = asking.model_copy(update={"sources": type(asking.sources)(**content)})
        async with asyncio.timeout(10):
            async with running(asking, clock=lambda: noon):
                while len(server.asked) < 2:  # arXiv and Hugging Face at the same time
                    await asyncio.sleep(0.01)
        assert not [each for each in asyncio.all_tasks() if each.get_name() == "alarm clock"]


async def test_the_database_of_another_bot_is_refused_and_its_servers_are_not_forgotten(lab: Lab) -> None:
    await lab.stop()
    lab.discord.world.bot.id += 1
    with pytest.raises(
        OperatorError, match=r"that of another bot \(application [0-9]+; .* Set that bot's token"
    ) as told:
        await lab.start()
    assert told.value.exit_code == EX_CONFIG
    lab.discord.world.bot.id -= 1
    await lab.start()
    assert (await lab.app.storage.get_server(lab.guild.id)).left_at is None
