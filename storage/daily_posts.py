"""What became of each local date of each channel, and which papers a channel has had. Chooses nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, case, cast, delete, exists, false, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.daily_messages import date_of_key
from bot.domain.deliveries import DeliveryKind, DeliveryState
from bot.domain.schedules import DailyPost, Origin, SkipReason
from storage.daily_schema import daily_posts
from storage.dialects.inserting import insert_into
from storage.schema import deliveries


async def add_daily_posts(connection: AsyncConnection, posts: Sequence[DailyPost]) -> list[DailyPost]:
    """Keep what became of these dates, unless something has become of them already; those that are new."""
    added = []
    for each in posts:
        put = insert_into(connection, daily_posts).on_conflict_do_nothing()
        if (await connection.execute(put, asdict(each))).rowcount:
            added.append(each)
    return added


async def remove_skip(connection: AsyncConnection, channel_id: int, on: date, *, guild_id: int) -> bool:
    """Take back that somebody skipped this date; whether anybody had."""
    theirs = (daily_posts.c.channel_id == channel_id) & (daily_posts.c.guild_id == guild_id)
    skipped = (daily_posts.c.on == on) & (daily_posts.c.number == 0) & (daily_posts.c.skipped == SkipReason.ASKED)
    return bool((await connection.execute(delete(daily_posts).where(theirs & skipped))).rowcount)


async def has_outcome(connection: AsyncConnection, channel_id: int, on: date) -> bool:
    """Whether it is on record what became of this date, or becomes of it."""
    own = (daily_posts.c.channel_id == channel_id) & (daily_posts.c.on == on) & (daily_posts.c.number == 0)
    return (await connection.execute(select(daily_posts.c.on).where(own))).first() is not None


async def next_number(connection: AsyncConnection, channel_id: int, on: date) -> int:
    """The number of the next post that is asked for on this date besides its own."""
    theirs = (daily_posts.c.channel_id == channel_id) & (daily_posts.c.on == on)
    last = (await connection.execute(select(func.max(daily_posts.c.number)).where(theirs))).scalar()
    return (last or 0) + 1


async def list_daily_posts(
    connection: AsyncConnection, channel_id: int, *, guild_id: int, since: date, until: date
) -> list[DailyPost]:
    """What became of these dates, both ends included, of a channel of this server: the newest first."""
    theirs = (daily_posts.c.channel_id == channel_id) & (daily_posts.c.guild_id == guild_id)
    wanted = select(daily_posts).where(theirs & daily_posts.c.on.between(since, until))
    ordered = wanted.order_by(daily_posts.c.on.desc(), daily_posts.c.number.desc())
    return [known_post(row) for row in await connection.execute(ordered)]


async def papers_given(connection: AsyncConnection, channel_id: int) -> frozenset[int]:
    """The papers that were chosen for this channel and not missed."""
    theirs = (daily_posts.c.channel_id == channel_id) & daily_posts.c.paper_id.is_not(None) & ~was_missed()
    return frozenset((await connection.execute(select(daily_posts.c.paper_id).where(theirs))).scalars())


def was_missed() -> ColumnElement[bool]:
    """Whether the message of a date can never have been posted: its time ran out, or it was dropped unattempted.

    That is on record with the date once the message is forgotten. One that Discord refused is not: it would be refused
    again, on every date.
    """
    own = literal(f"{DeliveryKind.DAILY}:") + cast(daily_posts.c.channel_id, Text) + ":" + cast(daily_posts.c.on, Text)
    besides = literal(":") + cast(daily_posts.c.number, Text)
    key = own + case((daily_posts.c.number == 0, ""), else_=besides)
    dropped = (deliveries.c.state == DeliveryState.DROPPED.value) & (deliveries.c.attempts == 0)
    ended = (deliveries.c.state == DeliveryState.EXPIRED.value) | dropped
    found = exists().where((deliveries.c.key == key) & (deliveries.c.part == 0) & ended)
    return func.coalesce(daily_posts.c.skipped == SkipReason.MISSED.value, false()) | found


async def note_unsent(connection: AsyncConnection, ended: Sequence[Row[Any]]) -> None:
    """Keep of these papers of dates, by `key`, `state` and `attempts` of their messages, that they did not come.

    Without it they would count as posted once their messages are forgotten.
    """
    for row in ended:
        of = date_of_key(row.key)
        never = row.state == DeliveryState.EXPIRED or (row.state == DeliveryState.DROPPED and not row.attempts)
        theirs = (daily_posts.c.channel_id == of.channel) & (daily_posts.c.on == of.on)
        reason = SkipReason.MISSED if never else SkipReason.REFUSED
        await connection.execute(
            update(daily_posts).where(theirs & (daily_posts.c.number == of.number)).values(skipped=reason)
        )


def known_post(row: Row[Any]) -> DailyPost:
    """What became of the date in one row."""
    told = dict(row._mapping)
    return DailyPost(
        **{
            **told,
            "origin": None if told["origin"] is None else Origin(told["origin"]),
            "skipped": None if told["skipped"] is None else SkipReason(told["skipped"]),
        }
    )
