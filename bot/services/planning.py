"""Accounts for every date of every schedule once its time has come: owes its paper, or says why there is none.

A row for the date, the message and how far the schedule has come are one commit, so it may run in several processes
and be killed at any moment. It posts nothing itself.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.daily_messages import daily_delivery, daily_post
from bot.domain.deliveries import NewDelivery
from bot.domain.planning import DueDate, Plan, next_dates, plan, posted_until
from bot.domain.schedules import DailyPost, Schedule, SkipReason
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.picking import Picking

_log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
"""Schedules may be changed at any time, by another process as well."""


async def always() -> bool:
    """Trusts the clock."""
    return True


class Planning:
    """The dates of all schedules."""

    def __init__(
        self,
        storage: Storage,
        picking: Picking,
        clock: Callable[[], datetime],
        *,
        is_time_right: Callable[[], Awaitable[bool]] = always,
    ) -> None:
        self._storage = storage
        self._picking = picking
        self._clock = clock
        self._is_time_right = is_time_right

    async def run_due(self) -> int:
        """Account for all dates whose time has come; how many papers are owed now. Nothing where the clock is wrong."""
        now = self._clock()
        plans = await asyncio.to_thread(_plans, await self._storage.list_schedules(), now)
        if not plans or not await self._is_time_right():
            return 0
        owed = sum([await self._guarded(each, now) for each in plans])
        _log.info("dates planned schedules=%d papers=%d", len(plans), owed)
        return owed

    async def account_for(self, schedule: Schedule) -> None:
        """The same for one schedule, so that whatever is changed of it is about later dates."""
        now = self._clock()
        found = await asyncio.to_thread(plan, schedule, now)
        if found is not None and await self._is_time_right():
            await self._account(found, now)

    async def require_time(self) -> None:
        """Raises UserError where the clock is wrong: by it, dates would be passed over that are yet to come."""
        if not await self._is_time_right():
            raise UserError("My clock is wrong, so I plan nothing by it. Whoever runs me must set it; try again then.")

    async def next_at(self) -> datetime:
        """When it should look again."""
        now = self._clock()
        schedules = await self._storage.list_schedules()
        return min([now + LOOK_EVERY, *await asyncio.to_thread(_next, schedules, now)])

    async def _guarded(self, found: Plan, now: datetime) -> int:
        """One schedule's faults hold up no other's; its dates are looked at again."""
        try:
            return await self._account(found, now)
        except Exception:
            _log.error("fault in planning channel=%d", found.schedule.channel_id, exc_info=True)
            return 0

    async def _account(self, found: Plan, now: datetime) -> int:
        """Keep what a plan says, unless its schedule is another by now; how many papers that owes.

        A skip that was taken back meanwhile leaves its date without anything: then it is looked at again.
        """
        schedule, told, owed = found.schedule, list(found.skipped), None
        if found.due is not None and not await self._is_settled(schedule, found.due):
            post, owed = await self._chosen(schedule, found.due, now)
            told.append(post)
        async with self._storage.write() as transaction:
            if await transaction.get_schedule(schedule.channel_id, guild_id=schedule.guild_id) != schedule:
                return 0
            new = await transaction.add_daily_posts(told)
            if found.due is not None and not await transaction.has_outcome(schedule.channel_id, found.due.on):
                return 0
            is_owed = owed is not None and told[-1] in new
            if owed is not None and is_owed:
                await transaction.add_deliveries([owed])
            await transaction.plan_through(schedule.id, found.through)
        return int(is_owed)

    async def _is_settled(self, schedule: Schedule, due: DueDate) -> bool:
        """Whether something became of a date before its time came: somebody skipped it."""
        posts = await self._storage.list_daily_posts(
            schedule.channel_id, guild_id=schedule.guild_id, since=due.on, until=due.on
        )
        return any(each.number == 0 for each in posts)

    async def _chosen(self, schedule: Schedule, due: DueDate, now: datetime) -> tuple[DailyPost, NewDelivery | None]:
        """What a date becomes, and the message that is owed for it."""
        told = DailyPost(channel_id=schedule.channel_id, on=due.on, guild_id=schedule.guild_id, planned_at=now)
        picked = await self._picking.pick(schedule, due.on, now=now)
        if picked is None:
            return replace(told, skipped=SkipReason.NOTHING), None
        unpinned = await self._storage.newest_daily_message(schedule.channel_id) if schedule.is_pinned else None
        votes = await self._storage.count_votes([picked.paper.id], guild_id=schedule.guild_id)
        post = daily_post(schedule, due.on, picked.paper, picked.because)
        post = replace(post, unpinned=unpinned, votes=votes.get(picked.paper.id, 0))
        owed = daily_delivery(schedule, due.on, post, now=now, until=posted_until(due, schedule))
        return replace(told, paper_id=picked.paper.id, origin=picked.origin, because=picked.because), owed


def _plans(schedules: Sequence[Schedule], now: datetime) -> list[Plan]:
    return [found for each in schedules if (found := plan(each, now)) is not None]


def _next(schedules: Sequence[Schedule], now: datetime) -> list[datetime]:
    return [due.at for each in schedules for due in next_dates(each, now, 1)]
