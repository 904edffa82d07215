"""Papers that matched a topic and were not posted at once: why, and what brings them after all."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import DeliveryState
from bot.domain.digests import MOST_AT_ONCE, digest_topic
from bot.domain.flat import instant
from bot.domain.subscriptions import Subscription
from storage.dialects.inserting import insert_into
from storage.dialects.wording import Worded, fetch
from storage.papers import chunks
from storage.schema import deliveries, held_back, subscriptions
from storage.subscriptions import some_subscriptions

_AT_ONCE = 500
_BY_TIME = (held_back.c.matched_at, held_back.c.paper_id)
_WAITING = [each.value for each in HoldReason if each.waits]
# A key begins with the topic's number and ends with the paper's; a semicolon comes right after a colon.
_POSTED = Worded(
    sqlite="""
    WITH asked(topic, since, start) AS (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), 'topic:' || json_extract(value, '$[0]')
        FROM json_each(?))
    SELECT topic, (
        SELECT count(*) FROM deliveries
        WHERE key > start || ':' AND key < start || ';' AND (not_before >= since OR state = 'owed')) AS posted
    FROM asked WHERE posted > 0
    """,
    postgresql="""
    WITH asked (topic, since) AS (
        SELECT CAST(value ->> 0 AS bigint), CAST(value ->> 1 AS bigint)
        FROM json_array_elements(CAST(? AS json)) AS listed (value)
    ),
    counted (topic, posted) AS (
        SELECT topic, (
            SELECT count(*) FROM deliveries
            WHERE key > 'topic:' || topic || ':' AND key < 'topic:' || topic || ';'
            AND (not_before >= since OR state = 'owed'))
        FROM asked
    )
    SELECT topic, posted FROM counted WHERE posted > 0
    """,
)


async def hold_back(connection: AsyncConnection, held: Sequence[HeldBack]) -> None:
    """Keep these; what a topic held back of a paper before stays as it was."""
    once = insert_into(connection, held_back).on_conflict_do_nothing()
    for some in chunks(held, _AT_ONCE):
        await connection.execute(once, [_row(each) for each in some])


async def count_posted(connection: AsyncConnection, since: Mapping[int, datetime]) -> dict[int, int]:
    """How many messages each of these topics was owed since its own moment, or is owed still; those with none left out.

    What a closed channel did not get yet counts for today, so that no wall of it comes when the channel opens.
    """
    asked = json.dumps([[topic, instant(moment)] for topic, moment in since.items()])
    return dict(await fetch(connection, _POSTED, (asked,))) if since else {}


async def list_waiting(connection: AsyncConnection, topic: int, *, until: datetime, limit: int) -> list[HeldBack]:
    """What waits for the topic's next digest and matched before `until`, the earliest first."""
    wanted = select(held_back).where(_waits(topic, until)).order_by(*_BY_TIME).limit(limit)
    return [known_hold(row) for row in await connection.execute(wanted)]


async def count_waiting_until(connection: AsyncConnection, topic: int, *, until: datetime) -> int:
    """How many those are."""
    counted = select(func.count()).select_from(held_back).where(_waits(topic, until))
    return int((await connection.execute(counted)).scalar_one())


def _waits(topic: int, until: datetime) -> ColumnElement[bool]:
    mine = (held_back.c.subscription_id == topic) & held_back.c.delivery_key.is_(None)
    return mine & (held_back.c.matched_at < until) & held_back.c.reason.in_(_WAITING)


async def list_topics_waiting(connection: AsyncConnection) -> list[Subscription]:
    """The topics that are not paused and of which something waits for a digest, by number.

    While its last digest is still owed, a topic gets no other: a channel that is closed for days is owed one.
    """
    return await some_subscriptions(connection, _may_be_told())


@cache
def _may_be_told() -> ColumnElement[bool]:
    waiting = held_back.c.delivery_key.is_(None) & held_back.c.reason.in_(_WAITING)
    numbers = select(held_back.c.subscription_id).where(waiting).distinct()
    may = subscriptions.c.id.in_(numbers) & subscriptions.c.paused_at.is_(None)
    start = literal("digest:") + cast(subscriptions.c.id, Text)
    is_owed = deliveries.c.state == literal(DeliveryState.OWED.value, literal_execute=True)
    last = exists().where(is_owed & (deliveries.c.key > start + ":") & (deliveries.c.key < start + ";"))
    return may & ~last


async def bring_held_back(connection: AsyncConnection, topic: int, papers: Sequence[int], *, key: str) -> None:
    """Say which delivery brings these papers of a topic."""
    mine = held_back.c.subscription_id == topic
    for some in chunks(papers, _AT_ONCE):
        await connection.execute(
            update(held_back).where(mine & held_back.c.paper_id.in_(list(some))).values(delivery_key=key)
        )


async def bring_rest(connection: AsyncConnection, topic: int, *, until: datetime, key: str, limit: int) -> int:
    """Say so of up to so many more that wait and matched before `until`, the earliest; how many."""
    first = select(held_back.c.paper_id).where(_waits(topic, until)).order_by(*_BY_TIME).limit(limit)
    brought = update(held_back).where((held_back.c.subscription_id == topic) & held_back.c.paper_id.in_(first))
    return (await connection.execute(brought.values(delivery_key=key))).rowcount


async def release_refused(connection: AsyncConnection, key: str) -> None:
    """Let what a digest was to bring, which Discord refused, wait for the next one; what was refused before, no more.

    Of very many papers the first `MOST_AT_ONCE` do: this is part of a transaction that does not take long.
    """
    mine = (held_back.c.subscription_id == digest_topic(key)) & (held_back.c.delivery_key == key)
    once = mine & held_back.c.refused_key.is_(None) & held_back.c.reason.in_(_WAITING)
    first = select(held_back.c.paper_id).where(once).order_by(*_BY_TIME).limit(MOST_AT_ONCE)
    released = update(held_back).where(mine & held_back.c.paper_id.in_(first))
    await connection.execute(released.values(delivery_key=None, refused_key=key))


async def take_back(connection: AsyncConnection, key: str) -> None:
    """Let a digest that was refused bring again what still waits for another one, for it is sent after all."""
    mine = (held_back.c.subscription_id == digest_topic(key)) & (held_back.c.refused_key == key)
    await connection.execute(
        update(held_back).where(mine & held_back.c.delivery_key.is_(None)).values(delivery_key=key)
    )


def known_hold(row: Row[Any]) -> HeldBack:
    """What was held back in one row of the table."""
    return HeldBack(**{**row._mapping, "reason": HoldReason(row.reason)})


def _row(held: HeldBack) -> dict[str, object]:
    return {each: getattr(held, each) for each in HeldBack.__dataclass_fields__}


async def list_brought(
    connection: AsyncConnection, topic: int, key: str, *, guild_id: int, limit: int, offset: int
) -> list[int]:
    """The papers that one delivery of a topic brought, the earliest first."""
    wanted = select(held_back.c.paper_id).where(_brought(topic, key, guild_id)).order_by(*_BY_TIME)
    return list((await connection.execute(wanted.limit(limit).offset(offset))).scalars())


async def count_brought(connection: AsyncConnection, topic: int, key: str, *, guild_id: int) -> int:
    """How many those are."""
    counted = select(func.count()).select_from(held_back).where(_brought(topic, key, guild_id))
    return int((await connection.execute(counted)).scalar_one())


def _brought(topic: int, key: str, guild_id: int) -> ColumnElement[bool]:
    mine = (held_back.c.subscription_id == topic) & (held_back.c.delivery_key == key)
    return mine & (held_back.c.guild_id == guild_id)


async def count_waiting(connection: AsyncConnection, channel_id: int) -> dict[int, int]:
    """How many papers wait for the next digest of each topic whose papers this channel gets."""
    waiting = held_back.c.delivery_key.is_(None) & held_back.c.reason.in_(_WAITING)
    here = select(subscriptions.c.id).where(subscriptions.c.channel_id == channel_id)
    wanted = select(held_back.c.subscription_id, func.count().label("many"))
    wanted = wanted.where(waiting & held_back.c.subscription_id.in_(here))
    counted = await connection.execute(wanted.group_by(held_back.c.subscription_id))
    return {row.subscription_id: row.many for row in counted}
