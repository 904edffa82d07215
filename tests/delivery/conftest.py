"""A pretend Discord in compressed time, and one who delivers there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.subscriptions import NewSubscription
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel, Guild
from storage.sql import SqlStorage
from tests.delivery.courier import NONCE_SECONDS, Courier, compressed, courier
from tests.delivery.owing import owe, owed, post
from tests.empty import NewDatabase

TIMES = 30.0
TIMING = replace(compressed(TIMES), first_rest=timedelta(seconds=0.2), longest_rest=timedelta(seconds=0.5))


@dataclass(kw_only=True)
class Street:
    """One server with one channel, and Ada, who set something up for it."""

    discord: FakeDiscord
    guild: Guild
    papers: Channel
    ada: Person
    courier: Courier

    @property
    def storage(self) -> SqlStorage:
        return self.courier.storage

    async def owe(self, *keys: str, **told: object) -> None:
        now = datetime.now(UTC)
        await owe(self.storage, *[owed(self.papers, each, now=now, **told) for each in keys])

    async def owe_with_thread(self, key: str) -> None:
        await self.owe(key, payload=post(thread="Talk").to_json())

    def posted(self) -> int:
        return len(self.papers.messages)

    def told(self) -> list[str]:
        """What Ada was told in direct messages."""
        return [each.text for each in self.ada.dm.messages.values()]


@pytest.fixture
async def street(new_database: NewDatabase) -> AsyncIterator[Street]:
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        guild = discord.add_guild("Reading group")
        papers = discord.add_channel(guild, "papers")
        ada = discord.add_person("ada", guild=guild)
        async with courier(new_database(), discord.api_url, discord.gateway_url, timing=TIMING) as running:
            async with running.storage.write() as transaction:
                topic = NewSubscription(guild_id=guild.id, channel_id=papers.id, query="graphs", created_by=ada.id)
                await transaction.add_subscription(topic, most=25, now=datetime.now(UTC))
            yield Street(discord=discord, guild=guild, papers=papers, ada=ada, courier=running)
        assert discord.violations == []
