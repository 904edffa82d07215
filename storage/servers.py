"""What servers have settled."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.servers import ServerSettings
from storage.schema import servers


async def get_server(connection: AsyncConnection, guild_id: int) -> ServerSettings:
    """The settings of a server; those of one that never set anything, where it did not."""
    row = (await connection.execute(select(servers).where(servers.c.guild_id == guild_id))).one_or_none()
    return ServerSettings(guild_id=guild_id) if row is None else ServerSettings(**row._mapping)
