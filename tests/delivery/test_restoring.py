"""The restore drill: a backup is put in place of the database, long after Discord has forgotten every nonce."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.deliveries import DeliveryState
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from storage import open_storage, upkeep_of
from tests.delivery.courier import NONCE_SECONDS, compressed, courier
from tests.delivery.owing import owe, owed
from tests.empty import empty_database

TIMES = 60.0


def copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


async def deliver(database: Path, discord: FakeDiscord, channels: list[Channel], keys: list[str]) -> None:
    """Owe these and deliver all that is owed."""
    url = f"sqlite:///{database}"
    async with courier(url, discord.api_url, discord.gateway_url, timing=compressed(TIMES)) as one:
        now = datetime.now(UTC)
        await owe(one.storage, *[owed(channels[at % len(channels)], key, now=now) for at, key in enumerate(keys)])
        async with asyncio.timeout(20):
            while (await one.storage.outbox_standing()).counts.get(DeliveryState.OWED):
                await asyncio.sleep(0.05)


async def test_nothing_is_posted_twice_or_lost_after_an_old_backup_is_restored(tmp_path: Path) -> None:
    database, backup = tmp_path / "papers.db", tmp_path / "backup.db"
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        guild = discord.add_guild("Reading group")
        channels = [discord.add_channel(guild, f"papers-{each}") for each in range(3)]
        early, waiting, later = ([f"{when} {each}" for each in range(6)] for when in ("early", "waiting", "later"))
        await deliver(database, discord, channels, early)
        async with await open_storage(f"sqlite:///{database}") as storage:
            now = datetime.now(UTC)
            await owe(storage, *[owed(channels[at % 3], key, now=now) for at, key in enumerate(waiting)])
        copied(database, backup)
        await deliver(database, discord, channels, [*early, *waiting, *later])
        assert sum(len(each.messages) for each in channels) == 18
        await asyncio.sleep(NONCE_SECONDS / TIMES * 1.3)
        for each in tmp_path.glob("papers.db*"):
            each.unlink()
        copied(backup, database)
        await deliver(database, discord, channels, [*early, *waiting, *later, "new"])
        assert sum(len(each.messages) for each in channels) == 19


async def test_the_same_where_the_bot_had_been_restarted_before_it_was_owed_again(tmp_path: Path) -> None:
    database, backup = tmp_path / "papers.db", tmp_path / "backup.db"
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        papers = discord.add_channel(discord.add_guild("Reading group"), "papers")
        await deliver(database, discord, [papers], ["first"])
        upkeep = upkeep_of(f"sqlite:///{database}")
        await upkeep.backup(backup, keep=1, compress=False, now=datetime.now(UTC))
        await deliver(database, discord, [papers], ["second"])
        await asyncio.sleep(NONCE_SECONDS / TIMES * 1.3)
        await upkeep.restore(backup, now=datetime.now(UTC))
        await deliver(database, discord, [papers], [])
        await deliver(database, discord, [papers], ["second", "third"])
        assert len(papers.messages) == 3


async def test_the_same_where_no_bot_had_run_when_the_backup_was_made(tmp_path: Path) -> None:
    database, backup = tmp_path / "papers.db", tmp_path / "backup.db"
    upkeep = upkeep_of(empty_database(database))
    await upkeep.backup(backup, keep=1, compress=False, now=datetime.now(UTC))
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        papers = discord.add_channel(discord.add_guild("Reading group"), "papers")
        await deliver(database, discord, [papers], ["first"])
        await asyncio.sleep(NONCE_SECONDS / TIMES * 1.3)
        await upkeep.restore(backup, now=datetime.now(UTC))
        await deliver(database, discord, [papers], ["first", "second"])
        assert len(papers.messages) == 2
