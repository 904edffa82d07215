"""What is remembered of Discord servers: what they have settled, and whether Paperboy is in them."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.servers import ServerSettings
from bot.domain.shards import ALL, Shards


class ServerStorage(Protocol):
    """Remembers servers. Every change is one short transaction."""

    async def belongs_to(self, application_id: int) -> int:
        """The Discord application that this database is of: this one from now on, where it was of none."""
        ...

    async def get_server(self, guild_id: int) -> ServerSettings:
        """What a server has settled."""
        ...

    async def put_server(self, settings: ServerSettings) -> None:
        """Keep these settings over those the server had."""
        ...

    async def note_presence(self, present: Collection[int], *, of: Shards = ALL, now: datetime) -> None:
        """Remember that these are all the servers of some shards that Paperboy is in."""
        ...

    async def note_server(self, guild_id: int, *, is_present: bool, now: datetime) -> None:
        """Remember whether Paperboy is in this server; if not, since when, which stays what it was."""
        ...

    async def forget_left(self, *, before: datetime, limit: int) -> int:
        """Delete some of what is kept of servers left before that moment, so many rows of a kind; how many went."""
        ...

    async def forget_old(self, *, before: datetime, limit: int) -> int:
        """Delete so many deliveries, and papers held back, that ended before that moment; how many went.

        Their keys stay known: none of them is ever owed again.
        """
        ...
