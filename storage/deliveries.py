"""The messages that are owed: added with what they tell of, claimed by one sender at a time, and what came of each.

Decides nothing but whose turn it is: the servers take turns, and a channel's messages go one by one, in order.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Claim, DeliveryKind, DeliveryState, NewDelivery, nonce
from bot.domain.flat import instant
from bot.domain.shards import Shards
from storage.dialects.inserting import insert_into
from storage.dialects.locking import claim_alone, still_free
from storage.dialects.wording import in_words_of
from storage.housekeeping import spent
from storage.instants import Instant
from storage.meta import get_meta, put_meta_once
from storage.papers import chunks
from storage.schema import deliveries, served_guilds

SECRET = "install_secret"  # noqa: S105 (the name of a row)

_AT_ONCE = 200
"""Rows that are made ready in one go, while nothing else gets its turn on the event loop."""

_IN_LINE = """
    WITH RECURSIVE spot (channel_id) AS (
        SELECT min(channel_id) FROM deliveries INDEXED BY deliveries_in_line WHERE state = 'owed'
        UNION ALL
        SELECT (
            SELECT min(channel_id) FROM deliveries INDEXED BY deliveries_in_line
            WHERE state = 'owed' AND channel_id > spot.channel_id
        )
        FROM spot WHERE channel_id IS NOT NULL
    ),
    first (id) AS MATERIALIZED (
        SELECT (
            SELECT id FROM deliveries AS mine INDEXED BY deliveries_in_line
            WHERE state = 'owed' AND channel_id = spot.channel_id AND not_before <= :now
            AND NOT EXISTS (
                SELECT 1 FROM deliveries AS before
                WHERE before.key = mine.key AND before.part < mine.part AND before.state IN ('owed', 'held')
            )
            ORDER BY id LIMIT 1
        )
        FROM spot
        WHERE channel_id IS NOT NULL AND channel_id NOT IN :busy
        AND NOT EXISTS (
            SELECT 1 FROM deliveries AS leased
            WHERE leased.channel_id = spot.channel_id AND lease_until IS NOT NULL AND lease_until > :now
        )
        AND NOT EXISTS (
            SELECT 1 FROM resting_channels AS resting
            WHERE resting.channel_id = spot.channel_id AND (again_at > :now OR NOT :probes)
        )
    )
    SELECT id FROM (
        SELECT id, coalesce(guild_id, 0) AS guild, row_number() OVER (PARTITION BY guild_id ORDER BY id) AS place
        FROM first JOIN deliveries USING (id)
        WHERE (coalesce(guild_id, 0) >> 22) % :count IN :shards
    ) AS placed
    LEFT JOIN served_guilds ON guild_id = guild
    ORDER BY place, coalesce(turn, 0), id LIMIT :most
"""
"""The first message of each channel that is free, the servers' first ones before their second ones and so on, and
first those of the server that has waited longest. Channels are found by hopping through the index, not by reading it.
"""

_CLAIM = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("claimed"))
    .values(
        fence=deliveries.c.fence + 1,
        attempts=deliveries.c.attempts + 1,
        lease_until=bindparam("until", type_=Instant),
        first_attempt_at=text("coalesce(first_attempt_at, :at)"),
    )
)
_AMONG = deliveries.c.key.in_(bindparam("keys", expanding=True))
_ALL_OF = select(deliveries).where(deliveries.c.id.in_(bindparam("ids", expanding=True)))


async def install_secret(connection: AsyncConnection) -> bytes:
    """What makes this installation's nonces its own; made when it is first asked for, and part of every backup."""
    known = await get_meta(connection, SECRET)
    return bytes.fromhex(known or await put_meta_once(connection, SECRET, secrets.token_hex(32)))


async def has_install_secret(connection: AsyncConnection) -> bool:
    """Whether anything was ever owed here, or anybody ever saw to it."""
    return await get_meta(connection, SECRET) is not None


async def add_deliveries(connection: AsyncConnection, owed: Sequence[NewDelivery]) -> int:
    """Owe these messages, except those whose key and part were ever owed; how many are new."""
    if not owed:
        return 0
    secret = await install_secret(connection)
    new = 0
    once = insert_into(connection, deliveries).on_conflict_do_nothing(index_elements=["key", "part"])
    for some in chunks(owed, _AT_ONCE):
        over = await spent(connection, [(each.key, each.part) for each in some])
        if rows := [_new_row(secret, each) for each in some if (each.key, each.part) not in over]:
            new += len((await connection.execute(once.returning(deliveries.c.id), rows)).all())
    return new


async def keys_owed(connection: AsyncConnection, keys: Sequence[str]) -> frozenset[str]:
    """Those of these keys of which a message is owed, or was, unless that is long ago."""
    found: set[str] = set()
    for some in chunks(keys, _AT_ONCE):
        found.update((await connection.execute(select(deliveries.c.key).where(_AMONG), {"keys": list(some)})).scalars())
    return frozenset(found)


def _new_row(secret: bytes, new: NewDelivery) -> dict[str, object]:
    told = {name: getattr(new, name) for name in NewDelivery.__dataclass_fields__}
    return {
        **told,
        "nonce": nonce(secret, new.key, new.part),
        "state": DeliveryState.OWED,
        "attempts": 0,
        "fence": 0,
    }


async def claim_deliveries(
    connection: AsyncConnection,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    busy: Collection[int],
    probes: bool,
    of: Shards,
) -> list[Claim]:
    """Take up to so many messages that are due, one a channel, in the order in which they should be sent."""
    await claim_alone(connection)
    asked: dict[str, object] = {"now": instant(now), "busy": list(busy), "probes": probes, "most": limit}
    asked |= {"shards": sorted(of.ids), "count": of.count}
    in_line = text(in_words_of(connection.dialect.name, _IN_LINE)).bindparams(
        bindparam("busy", expanding=True), bindparam("shards", expanding=True), bindparam("count", type_=BigInteger)
    )
    found = list((await connection.execute(in_line, asked)).scalars())
    is_free = deliveries.c.lease_until.is_(None) | (deliveries.c.lease_until <= now)
    ids = await still_free(connection, found, is_free & (deliveries.c.state == DeliveryState.OWED))
    if not ids:
        return []
    taken = [{"claimed": each, "until": now + lease, "at": instant(now)} for each in ids]
    await connection.execute(_CLAIM, taken)
    rows = {row.id: row for row in await connection.execute(_ALL_OF, {"ids": ids})}
    claims = [_claim(rows[each]) for each in ids]
    await _note_turns(connection, {each.guild_id or 0 for each in claims})
    return claims


async def _note_turns(connection: AsyncConnection, guilds: Collection[int]) -> None:
    noted = insert_into(connection, served_guilds).values(guild_id=bindparam("guild"), turn=bindparam("next"))
    noted = noted.on_conflict_do_update(index_elements=["guild_id"], set_={"turn": noted.excluded.turn})
    last = (await connection.execute(select(func.coalesce(func.max(served_guilds.c.turn), 0)))).scalar_one()
    await connection.execute(noted, [{"guild": each, "next": last + 1} for each in sorted(guilds)])


def _claim(row: Row[Any]) -> Claim:
    told = {name: value for name, value in row._mapping.items() if name in Claim.__dataclass_fields__}
    return Claim(**{**told, "kind": DeliveryKind(row.kind)})
