"""How many messages the threads of our messages hold, as Discord counts them. It reads none of them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import discord

from bot.client import PaperboyClient
from cogs._outcomes import EXPECTED

_SECONDS = 10.0
"""So long Discord is asked about the threads of one recap; what is not known by then stays unknown."""


class Replies:
    """Asks with one client."""

    def __init__(self, client: PaperboyClient) -> None:
        self._client = client

    async def count(self, guild_id: int, messages: Sequence[int]) -> Mapping[int, int]:
        """By the number of each of these messages of a server how many there are in its thread, where it has one.

        A thread that was made from a message has its number, and so has a post in a forum.
        """
        found: dict[int, int] = {}
        with self._client.watch.trip(datetime.now(UTC) + timedelta(seconds=_SECONDS)):
            try:
                async with asyncio.timeout(_SECONDS):
                    if not await self._is_in(guild_id):
                        return found
                    for each in messages:
                        if (count := await self._in_thread(guild_id, each)) is not None:
                            found[each] = count
            except EXPECTED:
                return found
        return found

    async def _is_in(self, guild_id: int) -> bool:
        """Whether the bot is in the server; Discord is asked where another process would know."""
        if self._client.connections.at_hand.has(guild_id):
            return self._client.get_guild(guild_id) is not None
        try:
            await self._client.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    async def _in_thread(self, guild_id: int, message: int) -> int | None:
        try:
            thread = await self._client.fetch_channel(message)
        except (discord.NotFound, discord.Forbidden):
            return None
        is_ours = isinstance(thread, discord.Thread) and thread.guild.id == guild_id
        return thread.message_count if isinstance(thread, discord.Thread) and is_ours else None
