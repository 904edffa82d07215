"""Runs the schedules of papers of the day through past days: what each channel would have got. It writes nothing."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.papers import KnownPaper
from bot.domain.planning import DueDate, next_dates
from bot.domain.query_errors import QueryError
from bot.domain.recaps import told_dates
from bot.domain.schedules import Fallback, Schedule
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.picking import Picking

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedRecap:
    """The recap that a channel would have got on one of its dates."""

    due: DueDate
    schedule: Schedule
    papers: tuple[KnownPaper, ...]
    """Those of the rehearsed dates of its week."""
    has_classics: bool
    """Whether classics would have been among them, which are not named. Without papers and these there is no recap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedDate:
    """What a channel would have got on one of its dates."""

    due: DueDate
    schedule: Schedule
    paper: KnownPaper | None
    """None: nothing new stood out, and nothing was nominated."""
    because: str
    """Why this one; or what would have come in its place."""


async def rehearse_daily(
    storage: Storage, *, first: date, last: date, guild_id: int | None = None, channel_id: int | None = None
) -> list[RehearsedDate]:
    """Play these days, in UTC, with the schedules as they are now: of all servers, of one, or of one channel.

    What a channel truly had by today it does not get again, and nominations count as they are now.
    """
    picking = Picking(storage, lambda: ())
    told: list[RehearsedDate] = []
    for each in await storage.list_schedules(guild_id=guild_id):
        if channel_id not in (None, each.channel_id):
            continue
        had: set[int] = set()
        for due in await asyncio.to_thread(_due, each, first, last):
            found = await _picked(picking, each, due, had)
            had |= {found.paper.id} if found.paper else set()
            told.append(found)
    return told


def rehearsed_recaps(dates: Sequence[RehearsedDate], *, first: date, last: date) -> list[RehearsedRecap]:
    """The recaps of these days, of what these dates, which were rehearsed for the same days, would have brought."""
    told: list[RehearsedRecap] = []
    schedules = {each.schedule.channel_id: each.schedule for each in dates}
    for channel, schedule in schedules.items():
        if schedule.recap_weekday is None:
            continue
        weekly = replace(schedule, weekdays=frozenset({schedule.recap_weekday}))
        for due in _due(weekly, first, last):
            since, until = told_dates(due.on, None)
            week = [each for each in dates if each.schedule.channel_id == channel and since <= each.due.on <= until]
            papers = tuple(each.paper for each in week if each.paper is not None)
            has_classics = len(papers) < len(week) and schedule.fallback is Fallback.SHELF
            told.append(RehearsedRecap(due=due, schedule=schedule, papers=papers, has_classics=has_classics))
    return told


def _due(schedule: Schedule, first: date, last: date) -> list[DueDate]:
    """The dates of the schedule whose time falls into these days."""
    begin, end = (datetime.combine(each, time(), UTC) for each in (first, last + _DAY))
    return list(_until(schedule, begin - timedelta(microseconds=1), end))


def _until(schedule: Schedule, begin: datetime, end: datetime) -> Iterator[DueDate]:
    now = begin
    while True:
        played = replace(schedule, planned_through=now.date() - 2 * _DAY)
        upcoming = next_dates(played, now, 1)
        if not upcoming or upcoming[0].at >= end:
            return
        yield upcoming[0]
        now = upcoming[0].at


async def _picked(picking: Picking, schedule: Schedule, due: DueDate, had: set[int]) -> RehearsedDate:
    """One date; a classic is only told of, for it would have to be written down."""
    quiet = replace(schedule, fallback=Fallback.SILENCE)
    try:
        picked = await picking.pick(quiet, due.on, now=due.at, avoiding=had)
    except (QueryError, UserError) as error:
        return RehearsedDate(due=due, schedule=schedule, paper=None, because=f"nothing: {error}")
    if picked is not None:
        return RehearsedDate(due=due, schedule=schedule, paper=picked.paper, because=picked.because)
    instead = "a classic, if one is left" if schedule.fallback is Fallback.SHELF else "nothing: silence was chosen"
    return RehearsedDate(due=due, schedule=schedule, paper=None, because=instead)
