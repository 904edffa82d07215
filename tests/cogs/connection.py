"""The client with cogs of a test's own on a pretend Discord: no database, no cogs of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import PaperboyClient, point_at
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from cogs._markdown import escape
from tests.at_hand import at_hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A running client, the Discord it is connected to, and ada, who can type in one channel."""

    discord: FakeDiscord
    client: PaperboyClient
    ada: Person
    channel: Channel


@asynccontextmanager
async def connected(*cogs: commands.Cog, patience: float = 1.5) -> AsyncIterator[Connection]:
    """Connected and ready; when the block ends, nothing Discord would have refused may have been sent."""
    services: Any = None  # a test's own cogs use none
    client = PaperboyClient(services=services, escape=escape, new_reference=lambda: "3f9a2c", patience=patience)
    for cog in cogs:
        await client.add_cog(cog)
    real = Route.BASE, str(DiscordWebSocket.DEFAULT_GATEWAY)
    async with FakeDiscord() as discord:
        guild = discord.add_guild("Reading group")
        channel = discord.add_channel(guild, "papers")
        ada = discord.add_person("ada", guild=guild)
        await discord.start()
        point_at(discord.api_url, discord.gateway_url)
        try:
            async with client:
                await client.login("token")
                async with at_hand(client):
                    yield Connection(discord=discord, client=client, ada=ada, channel=channel)
        finally:
            point_at(*real)
        assert discord.take_violations() == []
