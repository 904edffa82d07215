"""The papers that a channel had, and how the messages with them stand. Changes nothing."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import DeliveryKind, DeliveryState, daily_key
from bot.domain.delivery_views import KnownDelivery
from bot.domain.schedules import DailyPost
from storage.daily_posts import known_post
from storage.daily_schema import daily_posts
from storage.delivery_lists import SHOWN, known_delivery
from storage.dialects.wording import one_of
from storage.schema import deliveries

_LOOKED_AT = 30
"""Dates of which the newest that was posted is looked for."""


async def list_daily_papers(
    connection: AsyncConnection, channel_id: int, *, guild_id: int, limit: int, offset: int
) -> list[DailyPost]:
    """The dates of a channel of this server that have a paper, the newest first."""
    wanted = select(daily_posts).where(_with_paper(channel_id, guild_id))
    ordered = wanted.order_by(daily_posts.c.on.desc(), daily_posts.c.number.desc()).limit(limit).offset(offset)
    return [known_post(row) for row in await connection.execute(ordered)]


async def count_daily_papers(connection: AsyncConnection, channel_id: int, *, guild_id: int) -> int:
    """How many those are."""
    counted = select(func.count()).select_from(daily_posts).where(_with_paper(channel_id, guild_id))
    return int((await connection.execute(counted)).scalar_one())


async def get_daily_deliveries(
    connection: AsyncConnection, keys: Sequence[str], *, guild_id: int
) -> dict[str, KnownDelivery]:
    """How those of this server with these keys stand."""
    mine = one_of(connection, deliveries.c.key, keys) & (deliveries.c.guild_id == guild_id) & (deliveries.c.part == 0)
    return {row.key: known_delivery(row) for row in await connection.execute(select(*SHOWN).where(mine))}


async def newest_daily_message(connection: AsyncConnection, channel_id: int) -> int | None:
    """The message with the newest paper of a date that this channel got."""
    own = (daily_posts.c.channel_id == channel_id) & (daily_posts.c.number == 0) & daily_posts.c.paper_id.is_not(None)
    dates = select(daily_posts.c.on).where(own).order_by(daily_posts.c.on.desc()).limit(_LOOKED_AT)
    keys = [daily_key(channel_id, on) for on in (await connection.execute(dates)).scalars()]
    sent = (deliveries.c.kind == DeliveryKind.DAILY) & (deliveries.c.state == DeliveryState.SENT)
    found = select(deliveries.c.message_id).where(
        one_of(connection, deliveries.c.key, keys) & sent & deliveries.c.message_id.is_not(None)
    )
    return (await connection.execute(found.order_by(deliveries.c.id.desc()).limit(1))).scalar()


def _with_paper(channel_id: int, guild_id: int) -> ColumnElement[bool]:
    theirs = (daily_posts.c.channel_id == channel_id) & (daily_posts.c.guild_id == guild_id)
    return theirs & daily_posts.c.paper_id.is_not(None)
