"""What became of each weekly recap of each channel. Tells of no papers."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.recaps import Recap
from bot.domain.schedules import SkipReason
from storage.daily_schema import recaps
from storage.dialects.inserting import insert_into


async def add_recap(connection: AsyncConnection, recap: Recap) -> bool:
    """Keep what became of a recap, unless something has become of it already; whether it is new."""
    put = insert_into(connection, recaps).on_conflict_do_nothing()
    return bool((await connection.execute(put, asdict(recap))).rowcount)


async def list_recaps(connection: AsyncConnection, channel_id: int, *, guild_id: int, limit: int) -> list[Recap]:
    """What became of the newest recaps of a channel of this server, the newest first."""
    theirs = (recaps.c.channel_id == channel_id) & (recaps.c.guild_id == guild_id)
    ordered = select(recaps).where(theirs).order_by(recaps.c.on.desc()).limit(limit)
    return [_recap(row) for row in await connection.execute(ordered)]


async def last_recap(connection: AsyncConnection, channel_id: int) -> date | None:
    """The date of the newest recap of this channel that was not skipped."""
    told = (recaps.c.channel_id == channel_id) & recaps.c.skipped.is_(None)
    last: date | None = (await connection.execute(select(func.max(recaps.c.on)).where(told))).scalar()
    return last


def _recap(row: Row[Any]) -> Recap:
    told = dict(row._mapping)
    return Recap(**{**told, "skipped": None if told["skipped"] is None else SkipReason(told["skipped"])})
