"""What whoever watches over the bot is told: that it lives, whether it is ready, and its numbers."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App, running
from bot.config import HealthSettings
from bot.errors import OperatorError
from storage import upkeep_of
from tests.lab import Lab
from tests.lab.bench import AT_ONCE


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def asked(port: int, page: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{page}") as answer:
        return answer.status, await answer.text()


async def numbers(port: int) -> dict[str, float]:
    """What `/metrics` tells, by name and labels."""
    status, text = await asked(port, "/metrics")
    assert status == 200
    samples = [each for family in text_string_to_metric_families(text) for each in family.samples]
    return {":".join([each.name, *each.labels.values()]): each.value for each in samples}


class Watched:
    def __init__(self, lab: Lab, app: App, port: int) -> None:
        self.lab, self.app, self.port = lab, app, port


@pytest.fixture
async def watched(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """The lab's bot, started again with a port, where backups may be left."""
    monkeypatch.chdir(tmp_path)
    await lab.stop()
    port = free_port()
    settings = lab._settings().model_copy(update={"health": HealthSettings(port=port)})
    async with running(settings, asks_sources=False, timing=AT_ONCE) as app:
        yield Watched(lab, app, port)
    await lab.start()


async def test_a_running_bot_lives_is_ready_and_tells_its_numbers(watched: Watched, database_kind: str) -> None:
    assert await asked(watched.port, "/livez") == (200, '{"live": true, "ended": []}')
    assert await asked(watched.port, "/readyz") == (200, '{"ready": true, "troubles": [], "shards": "0/1"}')
    await upkeep_of(watched.lab.database_url).backup(None, keep=1, compress=False, now=datetime.now(UTC))
    told = await numbers(watched.port)
    assert told["paperboy_ready"] == 1
    assert told["paperboy_discord_servers"] == told["paperboy_discord_shards_held"] == 1
    assert told["paperboy_discord_shards"] == 1
    assert told["paperboy_papers"] == 0
    assert told["paperboy_deliveries:owed"] == 0
    assert told["paperboy_delivery_late_seconds"] == 0
    assert abs(told["paperboy_clock_off_seconds"]) < 10
    if database_kind == "sqlite":  # nobody sees the disk of a server
        assert told["paperboy_disk_free_bytes"] > 0
    assert told["paperboy_database_bytes"] > 0
    assert told["paperboy_feed_well:cs.AI:arxiv_rss"] == 1
    assert abs(told["paperboy_backup_timestamp_seconds"] - datetime.now(UTC).timestamp()) < 60
    assert (await asked(watched.port, "/"))[0] == 404


async def test_it_is_not_ready_while_it_is_not_connected_or_the_clock_is_wrong(watched: Watched, lab: Lab) -> None:
    client = watched.app.client
    client.watch.time.note("Tue, 26 May 2026 12:00:00 GMT", datetime(2026, 5, 27, tzinfo=UTC))
    client.watch.ask = None
    assert not await client.watch.is_time_right()
    assert ["clock wrong" in each for each in lab.take_errors()] == [True], "it is told once"
    status, text = await asked(watched.port, "/readyz")
    assert status == 503
    assert "the clock is wrong" in text
    assert (await asked(watched.port, "/livez"))[0] == 200
    await client.connections._sockets[0].socket.close()
    assert not client.is_connected
    async with asyncio.timeout(10):
        while not client.is_connected:
            await asyncio.sleep(0.05)


async def test_it_does_not_live_once_a_task_has_ended_that_must_not(watched: Watched) -> None:
    watched.app.deliveries.cancel()
    await asyncio.wait({watched.app.deliveries})
    assert await asked(watched.port, "/livez") == (503, '{"live": false, "ended": ["deliveries"]}')
    assert "its deliveries have ended" in (await asked(watched.port, "/readyz"))[1]


async def test_a_port_that_is_taken_is_told(lab: Lab) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        await lab.stop()
        settings = lab._settings().model_copy(update={"health": HealthSettings(port=port)})
        with pytest.raises(OperatorError, match=r"Set health\.port to another"):
            async with running(settings, timing=AT_ONCE):
                pass
    await lab.start()


async def test_it_answers_this_machine_alone(watched: Watched) -> None:
    found = [line.split()[1] for line in _listening() if line.split()[1].endswith(f":{watched.port:04X}")]
    assert found in ([], ["0100007F:" + f"{watched.port:04X}"])


def _listening() -> list[str]:
    if not os.path.exists("/proc/net/tcp"):  # noqa: PTH110 (not a file of a disk)
        return []
    with open("/proc/net/tcp", encoding="ascii") as told:  # noqa: PTH123
        return told.read().splitlines()[1:]
