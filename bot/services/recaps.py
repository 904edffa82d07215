"""Makes weekly recaps: at its time one message with the papers that a channel got, their votes and their replies.

What became of a recap, its message and how far the schedule has come are one commit. It owes them and posts none.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.daily_messages import daily_post_key
from bot.domain.deliveries import DeliveryState, NewDelivery, recap_key
from bot.domain.delivery_views import KnownDelivery
from bot.domain.local_days import today_in
from bot.domain.planning import DueDate, next_dates, passed_through
from bot.domain.posts import Recapped
from bot.domain.recap_messages import Told, recap_delivery, recap_post, recap_words
from bot.domain.recaps import Recap, RecapPlan, next_recap, recap_plan, told_dates
from bot.domain.schedules import DailyPost, Schedule, SkipReason
from bot.interfaces import Storage
from bot.services.planning import always

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 20
"""Recaps that are made before others have their turn: Discord is asked for the threads of each."""
_TOGETHER = 4
_SOON = timedelta(seconds=5)
_REMEMBERED = timedelta(days=14)
"""So long people are told what became of the last one."""

CountReplies = Callable[[int, Sequence[int]], Awaitable[Mapping[int, int]]]
"""Takes a server and messages there; how many messages the thread of each has, of those that are known to have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapStanding:
    """When a channel's next recap comes, and what became of the last one."""

    next: DueDate | None
    """None: there is to be none."""
    last: Recap | None
    words: str
    """What became of the last one: no sentence."""
    delivery: KnownDelivery | None


async def nothing_known(_guild: int, _messages: Sequence[int]) -> Mapping[int, int]:
    """Knows of no thread."""
    return {}


class Recaps:
    """The recaps of all schedules. `count_replies` may be set once there is somebody to ask."""

    def __init__(
        self,
        storage: Storage,
        clock: Callable[[], datetime],
        *,
        is_time_right: Callable[[], Awaitable[bool]] = always,
        count_replies: CountReplies = nothing_known,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._is_time_right = is_time_right
        self.count_replies = count_replies
        self._are_left = False

    async def run_due(self) -> int:
        """Make the recaps whose time has come, each once, `MOST_AT_ONCE` at most; how many.

        Nothing where the clock is wrong.
        """
        self._are_left, now = False, self._clock()
        schedules = [each for each in await self._storage.list_schedules() if each.recap_weekday is not None]
        due = await asyncio.to_thread(_plans, schedules, now)
        if not due or not await self._is_time_right():
            return 0
        made = 0
        for start in range(0, min(len(due), MOST_AT_ONCE), _TOGETHER):
            made += sum(await asyncio.gather(*(self._guarded(each, now) for each in due[start : start + _TOGETHER])))
        self._are_left = len(due) > MOST_AT_ONCE
        return made

    async def account_for(self, schedule: Schedule) -> None:
        """The same for one schedule, so that whatever is changed of it is about later dates."""
        now = self._clock()
        if recap_plan(schedule, now, None) is not None and await self._is_time_right():
            await self._guarded(schedule, now)

    async def next_at(self) -> datetime | None:
        """When it should look again."""
        now = self._clock()
        if self._are_left:
            return now + _SOON
        return await asyncio.to_thread(_next, await self._storage.list_schedules(), now)

    async def next_date(self, schedule: Schedule) -> DueDate | None:
        """When the next recap of a schedule comes once it is kept so; None where there is to be none."""
        now, last = self._clock(), await self._storage.last_recap(schedule.channel_id)
        known = await self._storage.get_schedule(schedule.channel_id, guild_id=schedule.guild_id)
        through = passed_through(schedule, now)
        if known is None:  # it tells of dates before its own, of which there are none before the first
            first = next_dates(replace(schedule, planned_through=through), now, 1)
            through = first[0].on if first else through
        elif known.recapped_through is not None:
            through = max(through, known.recapped_through)
        return await asyncio.to_thread(next_recap, replace(schedule, recapped_through=through), now, last)

    async def standing(self, schedule: Schedule) -> RecapStanding:
        """When the next recap of a schedule comes, and what became of the last one."""
        recaps = await self._storage.list_recaps(schedule.channel_id, guild_id=schedule.guild_id, limit=1)
        today = today_in(schedule.zone, self._clock())
        last = recaps[0] if recaps and today - recaps[0].on <= _REMEMBERED else None
        key = recap_key(last.channel_id, last.on) if last else ""
        deliveries = await self._storage.get_daily_deliveries([key], guild_id=schedule.guild_id)
        return RecapStanding(
            next=None if schedule.stopped_at is not None else await self.next_date(schedule),
            last=last,
            words=recap_words(last, deliveries.get(key)) if last else "",
            delivery=deliveries.get(key),
        )

    async def _guarded(self, schedule: Schedule, now: datetime) -> int:
        """One schedule's faults hold up no other's; it is looked at again."""
        try:
            plan = recap_plan(schedule, now, await self._storage.last_recap(schedule.channel_id))
            return await self._account(plan, now) if plan is not None else 0
        except Exception:
            _log.error("fault in a recap channel=%d", schedule.channel_id, exc_info=True)
            return 0

    async def _account(self, plan: RecapPlan, now: datetime) -> int:
        """Keep what a plan says, unless its schedule is another by now; how many recaps that owes."""
        schedule, told, owed = plan.schedule, list(plan.skipped), None
        if plan.due is not None:
            recap, owed = await self._made(schedule, plan.due, now)
            told.append(recap)
        async with self._storage.write() as transaction:
            if await transaction.get_schedule(schedule.channel_id, guild_id=schedule.guild_id) != schedule:
                return 0
            new = [each for each in told if await transaction.add_recap(each)]
            is_owed = owed is not None and told[-1] in new
            if owed is not None and is_owed:
                await transaction.add_deliveries([owed])
            await transaction.recap_through(schedule.id, plan.through)
        _log.info("recap planned channel=%d on=%s owed=%s", schedule.channel_id, plan.through, is_owed)
        return int(is_owed)

    async def _made(self, schedule: Schedule, due: DueDate, now: datetime) -> tuple[Recap, NewDelivery | None]:
        """What a recap becomes, and its message, where anything was posted in its week."""
        recap = Recap(channel_id=schedule.channel_id, on=due.on, guild_id=schedule.guild_id, planned_at=now)
        dates = told_dates(due.on, await self._storage.last_recap(schedule.channel_id))
        told = await self._told(schedule, dates)
        if not told:
            return replace(recap, skipped=SkipReason.NOTHING), None
        post = await asyncio.to_thread(recap_post, schedule, dates, told)
        owed = recap_delivery(schedule, due.on, post, at=due.at, now=now)
        return replace(recap, papers=len(told)), owed

    async def _told(self, schedule: Schedule, dates: tuple[date, date]) -> list[Told]:
        """What the channel got on these dates, with what people have made of it by now."""
        guild, (since, until) = schedule.guild_id, dates
        posts = await self._storage.list_daily_posts(schedule.channel_id, guild_id=guild, since=since, until=until)
        messages = await self._messages([each for each in posts if each.paper_id is not None], guild)
        votes = await self._storage.count_votes([each.paper_id or 0 for each, _ in messages], guild_id=guild)
        replies = await self.count_replies(guild, [message for _, message in messages])
        told = []
        for post, message in messages:
            for known in (await self._storage.get_papers([post.paper_id or 0]))[:1]:
                recapped = Recapped(
                    paper_id=known.id,
                    on=post.on.isoformat(),
                    votes=votes.get(post.paper_id or 0, 0),
                    replies=replies.get(message),
                    message_id=message,
                )
                told.append(Told(known, recapped))
        return told

    async def _messages(self, posts: Sequence[DailyPost], guild_id: int) -> list[tuple[DailyPost, int]]:
        """Those of these that are posted, each with its message; what somebody deleted at once is left out."""
        keys = [daily_post_key(each.channel_id, each.on, each.number) for each in posts]
        deliveries = await self._storage.get_daily_deliveries(keys, guild_id=guild_id)
        found = [(post, deliveries.get(key)) for post, key in zip(posts, keys, strict=True)]
        return [
            (post, delivery.message_id)
            for post, delivery in found
            if delivery is not None and delivery.state is DeliveryState.SENT and delivery.message_id is not None
        ]


def _plans(schedules: Sequence[Schedule], now: datetime) -> list[Schedule]:
    """Those of which some recap is not accounted for."""
    return [each for each in schedules if recap_plan(each, now, None) is not None]


def _next(schedules: Sequence[Schedule], now: datetime) -> datetime | None:
    times = [due.at for each in schedules if (due := next_recap(each, now, None)) is not None]
    return min(times, default=None)
