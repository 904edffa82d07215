"""The part of storage that remembers servers: all of `server_interfaces.ServerStorage`, a short transaction a call."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.servers import ServerSettings
from storage import housekeeping, servers
from storage.outbox import SqlDeliveries


class SqlServers(SqlDeliveries):
    """What servers have settled, and what goes after a while, in an SQL database."""

    async def get_server(self, guild_id: int) -> ServerSettings:
        """What a server has settled."""
        async with self._database.read() as connection:
            return await servers.get_server(connection, guild_id)

    async def put_server(self, settings: ServerSettings) -> None:
        """Keep these settings over those the server had."""
        async with self._database.write() as connection:
            await servers.put_server(connection, settings)

    async def note_presence(self, present: Collection[int], *, now: datetime) -> None:
        """Remember that these are all the servers that Paperboy is in."""
        async with self._database.write() as connection:
            await servers.note_presence(connection, frozenset(present), now=now)

    async def note_server(self, guild_id: int, *, is_present: bool, now: datetime) -> None:
        """Remember whether Paperboy is in this server; if not, since when, which stays what it was."""
        async with self._database.write() as connection:
            await servers.note_server(connection, guild_id, is_present=is_present, now=now)

    async def forget_left(self, *, before: datetime, limit: int) -> int:
        """Delete some of what is kept of servers left before that moment; how many rows went."""
        async with self._database.write() as connection:
            return await housekeeping.forget_left(connection, before=before, limit=limit)

    async def forget_old(self, *, before: datetime, limit: int) -> int:
        """Delete some deliveries, and papers held back, that ended before that moment; how many went."""
        async with self._database.write() as connection:
            return await housekeeping.forget_old(connection, before=before, limit=limit)
