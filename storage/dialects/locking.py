"""What transactions that write beside each other keep from one another. SQLite has one writer, and needs none of it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import deliveries

_CLAIMING = 0x50617067  # any numbers of our own, of one database alone
_LEAVING = 0x50617068
_LEASING = 0x50617069
_HANGS = "5s"


async def claim_alone(connection: AsyncConnection) -> None:
    """Let no other transaction claim anything before this one ends: two would not see each other's claims."""
    if connection.dialect.name != "sqlite":
        await connection.execute(select(func.pg_advisory_xact_lock(_CLAIMING)))


async def lease_alone(connection: AsyncConnection) -> None:
    """Let no other transaction look after leases before this one ends; whatever else is written waits for nobody.

    A process that hangs in it is ended long before the leases of those who wait are over.
    """
    if connection.dialect.name != "sqlite":
        ends = func.set_config("idle_in_transaction_session_timeout", _HANGS, True)
        await connection.execute(select(ends, func.pg_advisory_xact_lock(_LEASING)))


async def leave_alone(connection: AsyncConnection, guild_id: int | None) -> None:
    """Let no other transaction write down that the bot has left this server before this one ends."""
    if connection.dialect.name != "sqlite":
        server = (guild_id or 0) % (1 << 31)
        await connection.execute(select(func.pg_advisory_xact_lock(cast(_LEAVING, Integer), cast(server, Integer))))


async def still_free(connection: AsyncConnection, ids: Sequence[int], is_free: ColumnElement[bool]) -> list[int]:
    """Those of these deliveries that are free still and that nobody is changing; nobody can until this one ends."""
    if connection.dialect.name == "sqlite":
        return list(ids)
    wanted = select(deliveries.c.id).where(deliveries.c.id.in_(ids) & is_free).with_for_update(skip_locked=True)
    found = set((await connection.execute(wanted)).scalars())
    return [each for each in ids if each in found]
