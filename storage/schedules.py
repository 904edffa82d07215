"""When each channel gets its paper of the day, and the drafts of that. Every question names the server or channel."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.flat import instant, moment
from bot.domain.planning import begun_through
from bot.domain.schedules import DRAFT_KEPT_FOR, Fallback, Schedule, ScheduleDraft
from storage.daily_posts import list_daily_posts
from storage.daily_schema import schedule_drafts, schedules
from storage.dialects.inserting import insert_into
from storage.dialects.wording import fetch

_MADE_ONCE = ("id", "guild_id", "channel_id")
_NAMES = tuple(each.name for each in schedules.c)
_LIVE = f"""SELECT {", ".join(f'"{each}"' for each in _NAMES)} FROM schedules WHERE stopped_at IS NULL"""  # noqa: S608 (its own names)


async def put_schedule(connection: AsyncConnection, schedule: Schedule) -> Schedule:
    """Keep this as what its channel has, over what it had, whose number it takes; what it has now.

    No date is planned a second time for it: those whose outcome is on record stay accounted for.
    """
    known = await get_schedule(connection, schedule.channel_id, guild_id=schedule.guild_id)
    row = _row(schedule)
    if known is not None:
        posts = await list_daily_posts(
            connection,
            schedule.channel_id,
            guild_id=schedule.guild_id,
            since=schedule.planned_through,
            until=known.planned_through,
        )
        row["planned_through"] = begun_through(schedule, known, posts)
        row["recapped_through"] = max(filter(None, (schedule.recapped_through, known.recapped_through)), default=None)
    put = insert_into(connection, schedules)
    others = {name: put.excluded[name] for name in row if name not in _MADE_ONCE}
    await connection.execute(put.on_conflict_do_update(index_elements=["channel_id"], set_=others), row)
    kept = select(schedules).where(schedules.c.channel_id == schedule.channel_id)
    return _schedule((await connection.execute(kept)).one())


async def get_schedule(connection: AsyncConnection, channel_id: int, *, guild_id: int) -> Schedule | None:
    """What this channel of this server has or had, stopped or not."""
    found = select(schedules).where((schedules.c.channel_id == channel_id) & (schedules.c.guild_id == guild_id))
    row = (await connection.execute(found)).one_or_none()
    return None if row is None else _schedule(row)


async def list_schedules(connection: AsyncConnection, *, guild_id: int | None = None) -> list[Schedule]:
    """All that are not stopped, or those of a server; in the order in which they were set up."""
    which, whose = (_LIVE, ()) if guild_id is None else (f"{_LIVE} AND guild_id = ?", (guild_id,))
    rows = await fetch(connection, f"{which} ORDER BY id", whose)
    return await asyncio.to_thread(_schedules, rows)  # all servers' at once would hold up everyone else


async def newest_maker(connection: AsyncConnection, channel_id: int) -> int | None:
    """Who set up this channel's paper of the day, or None."""
    found = select(schedules.c.created_by).where(schedules.c.channel_id == channel_id)
    return (await connection.execute(found)).scalar()


async def plan_through(connection: AsyncConnection, number: int, on: date) -> None:
    """Say that every date up to this one is accounted for; it never goes back."""
    ahead = (schedules.c.id == number) & (schedules.c.planned_through < on)
    await connection.execute(update(schedules).where(ahead).values(planned_through=on))


async def recap_through(connection: AsyncConnection, number: int, on: date) -> None:
    """Say that every recap up to this date is accounted for; it never goes back."""
    ahead = (schedules.c.id == number) & (schedules.c.recapped_through < on)
    await connection.execute(update(schedules).where(ahead).values(recapped_through=on))


async def add_schedule_draft(connection: AsyncConnection, draft: ScheduleDraft) -> int:
    """Keep a draft, and forget those that are too old; its number."""
    await connection.execute(delete(schedule_drafts).where(schedule_drafts.c.made_at < draft.made_at - DRAFT_KEPT_FOR))
    told = {
        **asdict(draft.schedule),
        "weekdays": sorted(draft.schedule.weekdays),
        "created_at": instant(draft.schedule.created_at),
        "planned_through": draft.schedule.planned_through.isoformat(),
        "recapped_through": draft.schedule.recapped_through and draft.schedule.recapped_through.isoformat(),
        "stopped_at": None,
    }
    row = {
        "guild_id": draft.schedule.guild_id,
        "person_id": draft.person_id,
        "schedule": json.dumps(told),
        "made_at": draft.made_at,
    }
    return int((await connection.execute(insert(schedule_drafts).returning(schedule_drafts.c.id), row)).scalar_one())


async def get_schedule_draft(
    connection: AsyncConnection, number: int, *, guild_id: int, person_id: int, now: datetime
) -> ScheduleDraft | None:
    """The draft that this person made in this server, if it is not too old."""
    mine = (schedule_drafts.c.guild_id == guild_id) & (schedule_drafts.c.person_id == person_id)
    recent = schedule_drafts.c.made_at >= now - DRAFT_KEPT_FOR
    found = select(schedule_drafts).where((schedule_drafts.c.id == number) & mine & recent)
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    told = json.loads(row.schedule)
    schedule = Schedule(
        **{
            **told,
            "weekdays": frozenset(told["weekdays"]),
            "fallback": Fallback(told["fallback"]),
            "created_at": moment(told["created_at"]),
            "planned_through": date.fromisoformat(told["planned_through"]),
            "recapped_through": told.get("recapped_through") and date.fromisoformat(told["recapped_through"]),
        }
    )
    return ScheduleDraft(id=row.id, person_id=row.person_id, made_at=row.made_at, schedule=schedule)


def _row(schedule: Schedule) -> dict[str, Any]:
    row = {**asdict(schedule), "weekdays": _bits(schedule.weekdays)}
    del row["id"]
    return row


def _bits(weekdays: Collection[int]) -> int:
    return sum(1 << each for each in weekdays)


def _schedule(row: Row[Any]) -> Schedule:
    told = dict(row._mapping)
    return Schedule(**{**told, "weekdays": _weekdays(told["weekdays"]), "fallback": Fallback(told["fallback"])})


def _weekdays(bits: int) -> frozenset[int]:
    return frozenset(each for each in range(7) if bits >> each & 1)


def _schedules(rows: Sequence[Sequence[Any]]) -> list[Schedule]:
    """Those of rows as the driver gives them, that are not stopped."""
    return [_unfolded(dict(zip(_NAMES, row, strict=True))) for row in rows]


def _date(told: date | str) -> date:
    """SQLite's driver gives text."""
    return date.fromisoformat(told) if isinstance(told, str) else told


def _unfolded(told: dict[str, Any]) -> Schedule:
    days = {each: _date(told[each]) for each in ("planned_through", "recapped_through") if told[each]}
    switches = {each: bool(told[each]) for each in ("has_thread", "is_pinned", "is_silent")}
    weekdays, fallback = _weekdays(told["weekdays"]), Fallback(told["fallback"])
    created = moment(told["created_at"])
    return Schedule(**{**told, **days, **switches, "weekdays": weekdays, "fallback": fallback, "created_at": created})
