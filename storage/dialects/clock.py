"""The clock by which processes that share a database agree. Knows no table."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def now_of(connection: AsyncConnection) -> datetime:
    """The time: of the server where there is one, for its clients may each have another."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    told: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return told.astimezone(UTC)
