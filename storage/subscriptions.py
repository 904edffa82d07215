"""What channels follow. Every question names the server or channel; only matching asks for all."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.subscriptions import NewSubscription, Subscription
from storage.schema import subscriptions


async def add_subscription(
    connection: AsyncConnection, new: NewSubscription, *, most: int, now: datetime
) -> Subscription | None:
    """Let a channel follow a query, once; what it follows now. None where it follows `most` others already."""
    here = subscriptions.c.channel_id == new.channel_id
    same = select(subscriptions).where(here & (subscriptions.c.query == new.query))
    known = (await connection.execute(same)).one_or_none()
    if known is None:
        count = (await connection.execute(select(func.count()).select_from(subscriptions).where(here))).scalar_one()
        if count >= most:
            return None
        await connection.execute(insert(subscriptions), {**asdict(new), "created_at": now})
        known = (await connection.execute(same)).one()
    return Subscription(**known._mapping)


async def remove_subscription(connection: AsyncConnection, number: int, *, guild_id: int) -> bool:
    """Let nobody follow this any more; whether anybody of this server did."""
    gone = delete(subscriptions).where((subscriptions.c.id == number) & (subscriptions.c.guild_id == guild_id))
    return bool((await connection.execute(gone)).rowcount)


async def list_subscriptions(
    connection: AsyncConnection, *, guild_id: int | None = None, channel_id: int | None = None
) -> list[Subscription]:
    """What a channel or a server follows, or all; in the order in which it was set up."""
    wanted = select(subscriptions).order_by(subscriptions.c.id)
    if guild_id is not None:
        wanted = wanted.where(subscriptions.c.guild_id == guild_id)
    if channel_id is not None:
        wanted = wanted.where(subscriptions.c.channel_id == channel_id)
    return [Subscription(**row._mapping) for row in await connection.execute(wanted)]


async def newest_follower(connection: AsyncConnection, channel_id: int) -> int | None:
    """Who last had this channel follow something, or None."""
    theirs = select(subscriptions.c.created_by).where(subscriptions.c.channel_id == channel_id)
    found: int | None = (await connection.execute(theirs.order_by(subscriptions.c.id.desc()).limit(1))).scalar()
    return found
