"""What goes after a while: everything of servers that were left, and deliveries that ended long ago.

Each call deletes a bounded number of rows. The keys of deliveries stay, as hashes: what was posted is never owed again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import DeliveryKind, DeliveryState
from storage.daily_posts import note_unsent
from storage.daily_schema import daily_posts, nominations, recaps, schedule_drafts, schedules, votes
from storage.dialects.inserting import insert_into
from storage.schema import (
    deliveries,
    held_back,
    resting_channels,
    served_guilds,
    servers,
    spent_keys,
    subscriptions,
    topic_drafts,
)
from storage.subscriptions import count_change

OF_SERVERS: Sequence[Table] = (
    subscriptions,
    schedules,
    held_back,
    deliveries,
    resting_channels,
    served_guilds,
    topic_drafts,
    schedule_drafts,
    daily_posts,
    recaps,
    nominations,
    votes,
)
"""Tables whose rows name a server; its own row goes last, for it says that the others are to go."""
_OPEN = [DeliveryState.OWED, DeliveryState.HELD]


def key_hash(key: str, part: int) -> int:
    """What stays of a delivery's key: 63 bits, of which two keys have the same hardly ever."""
    told = hashlib.sha256(b"\0".join([key.encode(), str(part).encode()])).digest()
    return int.from_bytes(told[:8], "big") >> 1


async def spent(connection: AsyncConnection, keys: Iterable[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """Those of these keys and parts that were owed once and are forgotten."""
    hashes = {key_hash(*each): each for each in keys}
    known = await connection.execute(select(spent_keys.c.hash).where(spent_keys.c.hash.in_(list(hashes))))
    return frozenset(hashes[each] for each in known.scalars())


async def forget_left(connection: AsyncConnection, *, before: datetime, limit: int) -> int:
    """Delete up to so many rows a table of one server that was left before this; how many."""
    left = select(servers.c.guild_id).where(servers.c.left_at < before).order_by(servers.c.left_at).limit(1)
    guild = (await connection.execute(left)).scalar()
    if guild is None:
        return 0
    return await forget_server(connection, guild, limit=limit)


async def forget_server(connection: AsyncConnection, guild: int, *, limit: int) -> int:
    """Delete up to so many rows a table of a server, and what it settled when nothing else is left; how many."""
    gone = 0
    for table in OF_SERVERS:
        some = await _delete(connection, table, table.c.guild_id == guild, limit)
        if some and table is subscriptions:
            await count_change(connection)
        gone += some
    return gone or await _delete(connection, servers, servers.c.guild_id == guild, 1)


async def channels_of(connection: AsyncConnection, guild: int) -> frozenset[int]:
    """The channels of a server of which something is kept."""
    found: set[int] = set()
    for table in OF_SERVERS:
        if "channel_id" in table.c:
            theirs = select(table.c.channel_id).where(table.c.guild_id == guild).distinct()
            found.update((await connection.execute(theirs)).scalars())
    return frozenset(found)


async def forget_old(connection: AsyncConnection, *, before: datetime, limit: int) -> int:
    """Delete up to so many deliveries that ended before this, and papers held back; how many."""
    ended = deliveries.c.settled_at < before
    told = [deliveries.c[each] for each in ("id", "key", "part", "kind", "state", "attempts")]
    wanted = select(*told).where(ended & deliveries.c.state.not_in(_OPEN))
    rows = list(await connection.execute(wanted.limit(limit)))
    if rows:
        papers = [each for each in rows if each.kind == DeliveryKind.DAILY]
        await note_unsent(connection, [each for each in papers if each.state != DeliveryState.SENT])
        kept = [{"hash": key_hash(row.key, row.part)} for row in rows]
        await connection.execute(insert_into(connection, spent_keys).on_conflict_do_nothing(), kept)
        await connection.execute(delete(deliveries).where(deliveries.c.id.in_([row.id for row in rows])))
    followed = exists().where(subscriptions.c.id == held_back.c.subscription_id)
    orphaned = ~followed | held_back.c.delivery_key.is_not(None) | (held_back.c.reason == "paused")
    return len(rows) + await _delete(connection, held_back, (held_back.c.matched_at < before) & orphaned, limit)


async def _delete(connection: AsyncConnection, table: Table, which: ColumnElement[bool], limit: int) -> int:
    """Delete up to so many of these rows, found again by their keys."""
    keys = tuple(table.primary_key.columns)
    some = select(*keys).where(which).limit(limit)
    return (await connection.execute(delete(table).where(tuple_(*keys).in_(some)))).rowcount
