"""What servers have settled, and since when each is left."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.servers import ServerSettings
from storage.schema import servers, subscriptions


async def get_server(connection: AsyncConnection, guild_id: int) -> ServerSettings:
    """The settings of a server; those of one that never set anything, where it did not."""
    row = (await connection.execute(select(servers).where(servers.c.guild_id == guild_id))).one_or_none()
    return ServerSettings(guild_id=guild_id) if row is None else ServerSettings(**row._mapping)


async def put_server(connection: AsyncConnection, settings: ServerSettings) -> None:
    """Keep these settings over those the server had."""
    put = insert(servers)
    told = asdict(settings)
    others = {name: put.excluded[name] for name in told if name != "guild_id"}
    await connection.execute(put.on_conflict_do_update(index_elements=["guild_id"], set_=others), told)


async def note_presence(connection: AsyncConnection, present: frozenset[int], *, now: datetime) -> None:
    """Remember in which servers Paperboy is; of those it is not in any more, since when."""
    rows = await connection.execute(select(servers.c.guild_id, servers.c.left_at))
    is_there = {row.guild_id: row.left_at is None for row in rows}
    following = (await connection.execute(select(subscriptions.c.guild_id).distinct())).scalars()
    for guild_id in {*is_there, *following}:
        if is_there.get(guild_id, True) != (guild_id in present):
            await note_server(connection, guild_id, is_present=guild_id in present, now=now)


async def note_server(connection: AsyncConnection, guild_id: int, *, is_present: bool, now: datetime) -> None:
    """Remember whether Paperboy is in this server; if not, since when, which stays what it was."""
    settings = await get_server(connection, guild_id)
    if is_present == (settings.left_at is None):
        return
    put = insert(servers).values(**asdict(settings) | {"left_at": None if is_present else now})
    await connection.execute(
        put.on_conflict_do_update(index_elements=["guild_id"], set_={"left_at": put.excluded.left_at})
    )
