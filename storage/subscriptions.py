"""What channels follow. Every question names the server or channel; only matching asks for all."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.flat import moment
from bot.domain.people import FORGOTTEN
from bot.domain.posting import Cadence, Posting
from bot.domain.subscriptions import Followed, NewSubscription, Subscription
from storage.dialects.wording import fetch
from storage.meta import get_meta, put_meta
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
        await connection.execute(subscriptions.insert(), {**_row(new), "created_at": now})
        await count_change(connection)
        known = (await connection.execute(same)).one()
    return _subscription(known)


async def change_subscription(connection: AsyncConnection, changed: Subscription) -> bool:
    """Keep these choices for a topic of its server, wherever it is posted now; False where it is gone.

    That its channel follows no other topic with this query, the caller has made sure of in the same transaction.
    """
    mine = (subscriptions.c.id == changed.id) & (subscriptions.c.guild_id == changed.guild_id)
    kept = {each: value for each, value in _row(changed).items() if each not in _NEVER_CHANGED}
    await count_change(connection)
    return bool((await connection.execute(update(subscriptions).where(mine).values(kept))).rowcount)


async def remove_subscription(connection: AsyncConnection, number: int, *, guild_id: int) -> bool:
    """Let nobody follow this any more; whether anybody of this server did."""
    await count_change(connection)
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
    return [_subscription(row) for row in await connection.execute(wanted)]


async def some_subscriptions(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Subscription]:
    """Those topics, by number."""
    wanted = select(subscriptions).where(which).order_by(subscriptions.c.id)
    return [_subscription(row) for row in await connection.execute(wanted)]


async def get_followed(connection: AsyncConnection, *, unless: int | None) -> Followed | None:
    """Everything that is followed; None where that is what it was at the version `unless`."""
    version = int(await get_meta(connection, _CHANGES) or 0)
    if version == unless:
        return None
    rows = await fetch(connection, str(select(subscriptions).order_by(subscriptions.c.id)), ())
    return Followed(version=version, topics=await asyncio.to_thread(_topics, rows))


async def count_change(connection: AsyncConnection) -> None:
    """Make a new version of what is followed, which whoever has read the last one notices."""
    await put_meta(connection, _CHANGES, str(int(await get_meta(connection, _CHANGES) or 0) + 1))


async def newest_follower(connection: AsyncConnection, channel_id: int) -> int | None:
    """Who last had this channel follow something, or None."""
    theirs = select(subscriptions.c.created_by).where(subscriptions.c.channel_id == channel_id)
    theirs = theirs.where(subscriptions.c.created_by != FORGOTTEN)
    found: int | None = (await connection.execute(theirs.order_by(subscriptions.c.id.desc()).limit(1))).scalar()
    return found


_CHANGES = "topics_changed"
_CHOSEN = tuple(each.name for each in fields(Posting))
_NEVER_CHANGED = frozenset({"id", "guild_id", "created_at", "created_by"})


def _row(topic: NewSubscription | Subscription) -> dict[str, Any]:
    """A topic as the table has it: what was chosen stands beside the rest."""
    told = asdict(topic)
    return {**told.pop("posting"), **told}


def _subscription(row: Row[Any]) -> Subscription:
    told = dict(row._mapping)
    return Subscription(posting=_posting(tuple(told.pop(each) for each in _CHOSEN)), **told)


def _topics(rows: Sequence[Sequence[Any]]) -> tuple[Subscription, ...]:
    """All topics of rows as the driver gives them; those that are posted alike share what was chosen."""
    postings: dict[tuple[Any, ...], Posting] = {}
    names = [each.name for each in subscriptions.c]
    topics = []
    for row in rows:
        told = dict(zip(names, row, strict=True))
        chosen = tuple(told.pop(each) for each in _CHOSEN)
        told["created_at"] = moment(told["created_at"])
        told["paused_at"] = None if told["paused_at"] is None else moment(told["paused_at"])
        if chosen not in postings:
            postings[chosen] = _posting(chosen)
        topics.append(Subscription(posting=postings[chosen], **told))
    return tuple(topics)


def _posting(chosen: Sequence[Any]) -> Posting:
    told = dict(zip(_CHOSEN, chosen, strict=True))
    switches = {each: bool(told[each]) for each in ("has_threads", "is_silent")}
    return Posting(**{**told, **switches, "cadence": Cadence(told["cadence"])})
