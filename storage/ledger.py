"""The accounts of what feeds brought, and where each feed is resumed. Decides nothing."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ledger import FeedDay, FeedState
from storage.dialects.inserting import put_row
from storage.schema import checkpoints, feed_days


async def get_feed_day(connection: AsyncConnection, source: str, feed: str, day: date) -> FeedDay | None:
    """The account of one day, kept from change by others until the transaction ends."""
    wanted = (feed_days.c.day == day) & (feed_days.c.source == source) & (feed_days.c.feed == feed)
    row = (await connection.execute(select(feed_days).where(wanted).with_for_update())).one_or_none()
    return _feed_day(row) if row else None


async def put_feed_day(connection: AsyncConnection, day: FeedDay) -> None:
    """Write the account of a day over the one there was."""
    await put_row(connection, feed_days, asdict(day))


async def list_feed_days(connection: AsyncConnection, since: date) -> list[FeedDay]:
    """The accounts from this day on: the newest day first, then by source and feed."""
    ordered = select(feed_days).order_by(feed_days.c.day.desc(), feed_days.c.source, feed_days.c.feed)
    return [_feed_day(row) for row in await connection.execute(ordered.where(feed_days.c.day >= since))]


async def get_checkpoint(connection: AsyncConnection, source: str, feed: str) -> str | None:
    """Where a feed is resumed, or None: it was never read."""
    wanted = (checkpoints.c.source == source) & (checkpoints.c.feed == feed)
    checkpoint: str | None = (await connection.execute(select(checkpoints.c.checkpoint).where(wanted))).scalar()
    return checkpoint


async def put_checkpoint(connection: AsyncConnection, source: str, feed: str, checkpoint: str) -> None:
    """Remember where a feed is resumed."""
    await put_row(connection, checkpoints, {"source": source, "feed": feed, "checkpoint": checkpoint})


def _feed_day(row: Row[Any]) -> FeedDay:
    return FeedDay(**{**row._mapping, "state": FeedState(row.state)})
