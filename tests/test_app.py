"""Starting and stopping where Discord is away, refuses, or hangs up: one clear word, and always an end."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import run_until
from bot.config import EX_CONFIG, DatabaseSettings, DiscordSettings, Settings
from bot.errors import OperatorError
from bot.fakediscord.server import FakeDiscord
from tests.lab import Lab

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
    assert "Discord cannot be reached" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_gateway_that_is_away_is_tried_again_and_then_found(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", lambda _: 0.0)
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


async def test_a_database_that_is_in_use_is_let_go_when_the_bot_stops(lab: Lab) -> None:
    await lab.restart()
    assert "It keeps 0 papers" in (await lab.person("ada").slash("about")).text
