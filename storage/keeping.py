"""The part of storage for servers and digests: short transactions, one a call."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.arranging import HeldBack
from bot.domain.digests import MOST_AT_ONCE
from bot.domain.posts import Posted
from bot.domain.servers import ServerSettings
from bot.domain.shards import ALL, Shards
from bot.domain.subscriptions import Subscription
from storage import deliveries, held_back, homes, housekeeping, servers
from storage.meta import put_meta_once
from storage.outbox import SqlDeliveries


class SqlServers(SqlDeliveries):
    """What servers have settled, and what goes after a while, in an SQL database."""

    async def belongs_to(self, application_id: int) -> int:
        """The Discord application that this database is of: this one from now on, where it was of none."""
        async with self._database.write() as connection:
            return int(await put_meta_once(connection, "application", str(application_id)))

    async def get_server(self, guild_id: int) -> ServerSettings:
        """What a server has settled."""
        async with self._database.read() as connection:
            return await servers.get_server(connection, guild_id)

    async def put_server(self, settings: ServerSettings) -> None:
        """Keep these settings over those the server had."""
        async with self._database.write() as connection:
            await servers.put_server(connection, settings)

    async def note_presence(self, present: Collection[int], *, of: Shards = ALL, now: datetime) -> None:
        """Remember that these are all the servers of some shards that Paperboy is in."""
        async with self._database.write() as connection:
            await servers.note_presence(connection, frozenset(present), of=of, now=now)

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

    async def posted_here(self, papers: Sequence[int], *, guild_id: int, channel_id: int) -> list[Posted]:
        """Which of these papers the channel got before, or is owed; the earliest message of each."""
        async with self._database.read() as connection:
            return await homes.posted_here(connection, papers, guild_id=guild_id, channel_id=channel_id)

    async def list_brought(
        self, topic: int, key: str, *, guild_id: int, limit: int = MOST_AT_ONCE, offset: int = 0
    ) -> list[int]:
        """The papers that one delivery of a topic of this server brought, in order."""
        async with self._database.read() as connection:
            return await held_back.list_brought(connection, topic, key, guild_id=guild_id, limit=limit, offset=offset)

    async def count_brought(self, topic: int, key: str, *, guild_id: int) -> int:
        """How many those are."""
        async with self._database.read() as connection:
            return await held_back.count_brought(connection, topic, key, guild_id=guild_id)

    async def list_topics_waiting(self) -> list[Subscription]:
        """The topics that are not paused and of which something waits for a digest, by number."""
        async with self._database.read() as connection:
            return await held_back.list_topics_waiting(connection)

    async def list_waiting(self, topic: int, *, until: datetime, limit: int = MOST_AT_ONCE) -> list[HeldBack]:
        """What waits for the topic's next digest and matched before `until`, the earliest first."""
        async with self._database.read() as connection:
            return await held_back.list_waiting(connection, topic, until=until, limit=limit)

    async def count_waiting_until(self, topic: int, *, until: datetime) -> int:
        """How many those are."""
        async with self._database.read() as connection:
            return await held_back.count_waiting_until(connection, topic, until=until)

    async def keys_owed(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of these keys of which a message is owed, or was, unless that is long ago."""
        async with self._database.read() as connection:
            return await deliveries.keys_owed(connection, keys)

    async def count_waiting(self, channel_id: int) -> dict[int, int]:
        """How many papers wait for the next digest of each topic that is posted in this channel."""
        async with self._database.read() as connection:
            return await held_back.count_waiting(connection, channel_id)
