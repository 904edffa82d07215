"""Deliveries and resting channels as people and operators ask for them, and what operators decide about them."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import DeliveryKind, DeliveryState, Trouble
from bot.domain.delivery_views import ChannelStanding, KnownDelivery, OutboxStanding, RestingChannel
from bot.domain.outcomes import UNSURE
from storage.held_back import take_back
from storage.instants import Instant
from storage.meta import get_meta
from storage.schema import deliveries, resting_channels

SHOWN = tuple(deliveries.c[name] for name in KnownDelivery.__dataclass_fields__)
"""What `known_delivery` reads."""
SEEN = "deliveries_seen_at"
"""Under what the database keeps when somebody last saw to deliveries."""
_ANOTHER_DAY = timedelta(days=1)
_MOST_RESTING = 100


async def list_deliveries(
    connection: AsyncConnection, states: Collection[DeliveryState], *, limit: int
) -> list[KnownDelivery]:
    """The newest deliveries in these states."""
    wanted = select(*SHOWN).where(deliveries.c.state.in_(states)).order_by(deliveries.c.id.desc()).limit(limit)
    return [known_delivery(row) for row in await connection.execute(wanted)]


async def channel_standing(connection: AsyncConnection, channel_id: int) -> ChannelStanding:
    """What one channel got last, and what it gets next."""
    here = deliveries.c.channel_id == channel_id
    sent = select(*SHOWN).where(here & (deliveries.c.state == DeliveryState.SENT))
    last = (await connection.execute(sent.order_by(deliveries.c.settled_at.desc()).limit(1))).one_or_none()
    open_ones = select(deliveries.c.state, func.count().label("many"), func.min(deliveries.c.not_before).label("at"))
    open_ones = open_ones.where(here & deliveries.c.state.in_([DeliveryState.OWED, DeliveryState.HELD]))
    found = {row.state: row for row in await connection.execute(open_ones.group_by(deliveries.c.state))}
    owed, held = found.get(DeliveryState.OWED), found.get(DeliveryState.HELD)
    return ChannelStanding(
        last=known_delivery(last) if last is not None else None,
        next_at=owed.at if owed is not None else None,
        owed=owed.many if owed is not None else 0,
        held=held.many if held is not None else 0,
    )


async def outbox_standing(connection: AsyncConnection) -> OutboxStanding:
    """How many deliveries there are in each state, and the channels that rest."""
    counted = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    counts = {DeliveryState(state): many for state, many in await connection.execute(counted)}
    rests = select(resting_channels.c.channel_id)
    is_owed = deliveries.c.state == literal(DeliveryState.OWED.value, literal_execute=True)
    waiting = is_owed & deliveries.c.channel_id.not_in(rests)
    seen = await get_meta(connection, SEEN)
    return OutboxStanding(
        counts=counts,
        resting=tuple(await list_resting(connection, None)),
        oldest_due_at=(await connection.execute(select(func.min(deliveries.c.not_before)).where(waiting))).scalar(),
        seen_at=datetime.fromisoformat(seen) if seen else None,
    )


async def list_resting(connection: AsyncConnection, guild_id: int | None) -> list[RestingChannel]:
    """The channels of a server, or of all, that rest; the longest first."""
    wanted = select(resting_channels).order_by(resting_channels.c.since).limit(_MOST_RESTING)
    if guild_id is not None:
        wanted = wanted.where(resting_channels.c.guild_id == guild_id)
    return [
        RestingChannel(
            channel_id=row.channel_id,
            guild_id=row.guild_id,
            trouble=Trouble(row.trouble),
            missing=tuple(json.loads(row.missing)),
            since=row.since,
            again_at=row.again_at,
        )
        for row in await connection.execute(wanted)
    ]


async def retry_deliveries(connection: AsyncConnection, ids: Sequence[int], *, now: datetime) -> int:
    """Owe these again, whatever became of them, unless they were sent; how many.

    One that was held is looked for as far back as it can be there, and sent where that cannot be: somebody has looked.
    A digest that was refused brings again what has not come with another one since.
    """
    refused = select(deliveries.c.key).where(
        deliveries.c.id.in_(ids)
        & (deliveries.c.kind == DeliveryKind.DIGEST)
        & (deliveries.c.state == DeliveryState.REJECTED)
    )
    for key in (await connection.execute(refused)).scalars().all():
        await take_back(connection, key)
    owed = update(deliveries).where(deliveries.c.id.in_(ids) & (deliveries.c.state != DeliveryState.SENT))
    again = {"lease_until": None, "settled_at": None, "fence": deliveries.c.fence + 1}
    is_held = deliveries.c.state == DeliveryState.HELD
    await connection.execute(owed.where(~is_held).values(not_before=now))
    # Tried once, and nobody knows when: then its nonce is trusted from the next attempt on, as if that were the first.
    at, again_at = literal(now, Instant), literal(now + _ANOTHER_DAY, Instant)
    earliest = _lesser(_lesser(deliveries.c.not_before, func.coalesce(deliveries.c.first_attempt_at, at)), at)
    tried = {"attempts": case((deliveries.c.attempts < 1, 1), else_=deliveries.c.attempts), "first_attempt_at": None}
    await connection.execute(owed.where(is_held).values(not_before=earliest, **tried))
    expires = case((deliveries.c.expires_at < again_at, again_at), else_=deliveries.c.expires_at)
    done = await connection.execute(owed.values(state=DeliveryState.OWED, expires_at=expires, **again))
    return done.rowcount


async def reopen_channels(connection: AsyncConnection, guild_id: int, *, now: datetime) -> int:
    """Try the channels of a server that rest at once, and what is held because its history could not be read; how many.

    Those that Discord asks to be patient with rest on.
    """
    resting = (resting_channels.c.guild_id == guild_id) & (resting_channels.c.trouble != Trouble.THROTTLED)
    opened = update(resting_channels).where(resting & (resting_channels.c.again_at > now)).values(again_at=now)
    unsure = (deliveries.c.state == DeliveryState.HELD) & (deliveries.c.last_error == UNSURE)
    again = {"state": DeliveryState.OWED, "settled_at": None, "fence": deliveries.c.fence + 1}
    owed = update(deliveries).where(unsure & (deliveries.c.guild_id == guild_id)).values(**again)
    return (await connection.execute(opened)).rowcount + (await connection.execute(owed)).rowcount


def _lesser(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one < other, one), else_=other)


async def end_deliveries(
    connection: AsyncConnection, ids: Sequence[int], state: DeliveryState, *, now: datetime
) -> int:
    """Hold or drop these, which are owed or held; how many. Whoever is sending one cannot record it any more."""
    still = deliveries.c.state.in_([DeliveryState.OWED, DeliveryState.HELD])
    ended = update(deliveries).where(deliveries.c.id.in_(ids) & still & (deliveries.c.state != state))
    values: dict[str, object] = {"state": state, "lease_until": None, "fence": deliveries.c.fence + 1}
    return (await connection.execute(ended.values(**values, settled_at=now, last_error="by hand"))).rowcount


def known_delivery(row: Row[Any]) -> KnownDelivery:
    """The delivery in one row of `SHOWN`."""
    return KnownDelivery(**{**row._mapping, "kind": DeliveryKind(row.kind), "state": DeliveryState(row.state)})
