"""What servers have settled, and since when each is left."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.servers import ServerSettings
from bot.domain.shards import Shards
from storage.daily_schema import schedules
from storage.dialects.inserting import insert_into
from storage.schema import servers, subscriptions

_KNOWN = select(subscriptions.c.guild_id).union(select(schedules.c.guild_id), select(servers.c.guild_id))
_LEFT = select(servers.c.guild_id).where(servers.c.left_at.is_not(None))


async def get_server(connection: AsyncConnection, guild_id: int) -> ServerSettings:
    """The settings of a server; those of one that never set anything, where it did not."""
    row = (await connection.execute(select(servers).where(servers.c.guild_id == guild_id))).one_or_none()
    return ServerSettings(guild_id=guild_id) if row is None else ServerSettings(**row._mapping)


async def put_server(connection: AsyncConnection, settings: ServerSettings) -> None:
    """Keep these settings over those the server had; since when it is left, if it is, stays what it was."""
    put = insert_into(connection, servers)
    told = asdict(settings)
    others = {name: put.excluded[name] for name in told if name not in ("guild_id", "left_at")}
    await connection.execute(put.on_conflict_do_update(index_elements=["guild_id"], set_=others), told)


async def note_presence(connection: AsyncConnection, present: frozenset[int], *, of: Shards, now: datetime) -> None:
    """Remember in which servers of some shards Paperboy is; of those it is not in any more, since when."""
    known = (await connection.execute(_KNOWN)).scalars()
    gone = frozenset(each for each in known if of.has(each)) - present
    were_gone = frozenset((await connection.execute(_LEFT)).scalars())
    await _note(connection, sorted(gone - were_gone), left_at=now)
    await _note(connection, sorted(were_gone & present), left_at=None)


async def note_server(connection: AsyncConnection, guild_id: int, *, is_present: bool, now: datetime) -> None:
    """Remember whether Paperboy is in this server; if not, since when, which stays what it was."""
    settings = await get_server(connection, guild_id)
    if is_present != (settings.left_at is None):
        await _note(connection, [guild_id], left_at=None if is_present else now)


async def _note(connection: AsyncConnection, guilds: Sequence[int], *, left_at: datetime | None) -> None:
    put = insert_into(connection, servers)
    put = put.on_conflict_do_update(index_elements=["guild_id"], set_={"left_at": put.excluded.left_at})
    if rows := [asdict(ServerSettings(guild_id=each, left_at=left_at)) for each in guilds]:
        await connection.execute(put, rows)
