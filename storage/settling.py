"""What came of each attempt at a delivery, and which channels rest because of it; when deliveries were last seen to."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import bindparam, case, delete, func, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Claim, DeliveryKind, DeliveryState, Timing, Trouble
from bot.domain.outages import Gap, gap_after
from bot.domain.outcomes import Pause, Settlement, rest
from storage.deliveries import has_install_secret, install_secret
from storage.delivery_lists import SEEN
from storage.dialects.inserting import insert_into
from storage.dialects.locking import leave_alone
from storage.held_back import release_refused
from storage.instants import Instant
from storage.meta import get_meta, put_meta
from storage.schema import deliveries, resting_channels

GAP = "deliveries_gap"

Read = TypeVar("Read")

_A_DAY = timedelta(days=1)


async def record_delivery(
    connection: AsyncConnection, claim: Claim, settled: Settlement, *, now: datetime, timing: Timing
) -> Pause | None:
    """Write down what came of a claim, unless somebody has claimed it since: then that one's word will count.

    The pause where somebody is to be told of it, which is so until `note_told`; of a message without what belongs to it
    somebody is told where the one before it had all.
    """
    ours = (deliveries.c.id == claim.id) & (deliveries.c.fence == claim.fence)
    values: dict[str, object] = {"state": settled.state, "last_error": settled.last_error, "lease_until": None}
    if settled.state is not DeliveryState.OWED:
        values["settled_at"] = now
    if settled.message_id is not None:
        values["message_id"] = settled.message_id
    if settled.not_before is not None:
        values["not_before"] = settled.not_before
    if not settled.counts:
        values["attempts"] = deliveries.c.attempts - 1
        values["first_attempt_at"] = case((deliveries.c.attempts > 1, deliveries.c.first_attempt_at), else_=None)
    told = update(deliveries).where(ours & (deliveries.c.state == DeliveryState.OWED)).values(values)
    if not (await connection.execute(told)).rowcount:
        return None
    if settled.state is DeliveryState.REJECTED and claim.kind is DeliveryKind.DIGEST:
        await release_refused(connection, claim.key)
    if settled.reopens:
        await connection.execute(delete(resting_channels).where(resting_channels.c.channel_id == claim.channel_id))
    if settled.message_id is not None and (note := settled.last_error):
        is_news = await _note_before(connection, claim) != note
        return Pause(trouble=Trouble.INCOMPLETE, missing=(note,)) if is_news else None
    return await _pause(connection, claim, settled.pause, now, timing) if settled.pause else None


async def _note_before(connection: AsyncConnection, claim: Claim) -> str | None:
    """What was missing of the newest message of this kind that the channel got before this one."""
    alike = (deliveries.c.channel_id == claim.channel_id) & (deliveries.c.kind == claim.kind)
    others = alike & deliveries.c.message_id.is_not(None) & (deliveries.c.id != claim.id)
    newest = select(deliveries.c.last_error).where(others).order_by(deliveries.c.settled_at.desc()).limit(1)
    return (await connection.execute(newest)).scalar()


async def _pause(
    connection: AsyncConnection, claim: Claim, pause: Pause, now: datetime, timing: Timing
) -> Pause | None:
    """Let a channel rest, longer each time; the pause, where nobody has heard of it."""
    here = resting_channels.c.channel_id == claim.channel_id
    before = (await connection.execute(select(resting_channels).where(here))).one_or_none()
    is_same = before is not None and before.trouble == pause.trouble
    tries = (before.tries if before is not None else 0) + 1
    told_at = before.told_at if before is not None else None
    is_news = pause.trouble.is_told and told_at is None
    if is_news and pause.trouble is Trouble.LEFT:
        await leave_alone(connection, claim.guild_id)
        is_news = not await _is_told_of_leaving(connection, claim.guild_id)
        told_at = now if is_news else None  # its channels are found closed at once: whoever is first tells
    row = {
        "channel_id": claim.channel_id,
        "guild_id": claim.guild_id,
        "trouble": pause.trouble,
        "missing": json.dumps(pause.missing),
        "since": before.since if before is not None and is_same else now,
        "again_at": pause.again_at or now + rest(tries, timing),
        "tries": tries,
        "told_at": told_at,
    }
    put = insert_into(connection, resting_channels)
    others = {name: put.excluded[name] for name in row if name != "channel_id"}
    await connection.execute(put.on_conflict_do_update(index_elements=["channel_id"], set_=others), row)
    return pause if is_news else None


async def _is_told_of_leaving(connection: AsyncConnection, guild_id: int | None) -> bool:
    theirs = (resting_channels.c.guild_id == guild_id) & (resting_channels.c.trouble == Trouble.LEFT)
    told = select(resting_channels.c.channel_id).where(theirs & resting_channels.c.told_at.is_not(None)).limit(1)
    return (await connection.execute(told)).first() is not None


async def note_told(connection: AsyncConnection, channel_id: int, *, now: datetime) -> None:
    """Remember that somebody was told why this channel rests, or cannot be: they are not told again until it opens."""
    here = resting_channels.c.channel_id == channel_id
    await connection.execute(update(resting_channels).where(here).values(told_at=now))


async def expire_deliveries(connection: AsyncConnection, *, now: datetime, limit: int) -> int:
    """End up to so many that nobody wants any more; what may have been posted is looked for first, for another day.

    How many were ended.
    """
    over = (deliveries.c.expires_at <= now) & or_(deliveries.c.attempts == 0, deliveries.c.expires_at <= now - _A_DAY)
    free = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
    is_owed = deliveries.c.state == literal(DeliveryState.OWED.value, literal_execute=True)
    some = select(deliveries.c.id).where(is_owed & over & free).limit(limit)
    values = {"state": DeliveryState.EXPIRED, "settled_at": now, "lease_until": None}
    error = func.coalesce(deliveries.c.last_error, "it came too late")
    ended = update(deliveries).where(deliveries.c.id.in_(some)).values(**values, last_error=error)
    return (await connection.execute(ended)).rowcount


async def note_seen(connection: AsyncConnection, *, now: datetime) -> None:
    """Remember that deliveries were seen to now."""
    await put_meta(connection, SEEN, now.isoformat())


async def noted_gap(connection: AsyncConnection, *, now: datetime) -> Gap | None:
    """The newest time of late in which nobody saw to deliveries, as far as this database knows.

    A backup knows nothing of what was posted after it was made: to it, that time is such a gap.
    """
    is_new = not await has_install_secret(connection)
    await install_secret(connection)
    seen, known = await get_meta(connection, SEEN), await get_meta(connection, GAP)
    earlier = understood(Gap.from_text, known)
    gap = gap_after(understood(datetime.fromisoformat, seen), earlier, is_new=is_new, now=now)
    if gap is not None and gap != earlier:
        await put_meta(connection, GAP, gap.to_text())
    await note_seen(connection, now=now)
    return gap


def understood(as_written: Callable[[str], Read], text: str | None) -> Read | None:
    """What was written; None where nothing was, or a damaged disk has made nonsense of it."""
    try:
        return as_written(text) if text else None
    except ValueError:
        return None


_DUE = text("SELECT 1 FROM deliveries WHERE state = 'owed' AND not_before <= :now LIMIT 1").bindparams(
    bindparam("now", type_=Instant)
)


async def is_any_due(connection: AsyncConnection, *, now: datetime) -> bool:
    """Whether something is owed by now, whoever may claim it when."""
    return (await connection.execute(_DUE, {"now": now})).first() is not None
