"""Connects a client for all its shards, as an app does that has a database to itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.client import PaperboyClient


@asynccontextmanager
async def at_hand(client: PaperboyClient) -> AsyncIterator[None]:
    """The client, which is logged in, knows its servers while the block runs; then it is closed."""
    connections = client.connections

    async def turn(_: int) -> None:
        """Nobody waits for anybody."""

    connections.begin((await connections.ask()).shards, held=lambda _: True, turn=turn)
    for each in range(client.shard_count or 0):
        connections.join(each)
    try:
        await connections.until_one_is_at_hand()
        yield
    finally:
        await connections.leave(connections.joined)
        await client.close()
