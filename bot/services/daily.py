"""A channel's paper of the day, as people set it up, skip dates of it, and have one posted at once.

Who may do so, callers check. Every question names the server.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.daily_messages import asked_post, daily_delivery, daily_post, daily_post_key
from bot.domain.deliveries import DeliveryState, recap_key
from bot.domain.local_days import today_in
from bot.domain.papers import KnownPaper
from bot.domain.picks import Picked
from bot.domain.planning import DueDate, begun_through, next_dates, passed_over, passed_through, plan
from bot.domain.posts import Post
from bot.domain.recaps import LATEST, recaps_passed_over
from bot.domain.schedules import DailyPost, Origin, Schedule, ScheduleDraft, SkipReason
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.picking import Picking
from bot.services.planning import Planning
from bot.services.recaps import Recaps

FARTHEST_SKIP = timedelta(days=90)

_DAY = timedelta(days=1)
_ASKED_FOR = timedelta(days=1)
"""So long a paper that somebody had posted at once may be posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyPreview:
    """What a schedule would post if its time were now, and on which dates it posts next."""

    post: Post | None
    """None: nothing would be good enough today, and silence was chosen."""
    dates: Sequence[DueDate]
    recap: DueDate | None
    """When the next recap comes, if any is to."""


class Daily:
    """The papers of the day of all channels."""

    def __init__(
        self,
        storage: Storage,
        picking: Picking,
        planning: Planning,
        recaps: Recaps,
        clock: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._picking = picking
        self._planning = planning
        self._recaps = recaps
        self._clock = clock

    async def run_due(self) -> int:
        """Account for all dates whose time has come, and then for recaps; how many papers are owed now.

        Nothing where the clock is wrong.
        """
        owed = await self._planning.run_due()
        await self._recaps.run_due()
        return owed

    async def next_at(self) -> datetime:
        """When it should look again."""
        at = await self._planning.next_at()
        return min(at, await self._recaps.next_at() or at)

    async def schedules(self, guild_id: int) -> list[Schedule]:
        """What the channels of a server have, stopped ones left out."""
        return await self._storage.list_schedules(guild_id=guild_id)

    async def get(self, channel_id: int, *, guild_id: int) -> Schedule | None:
        """What a channel has or had, stopped or not."""
        return await self._storage.get_schedule(channel_id, guild_id=guild_id)

    async def require(self, channel_id: int, *, guild_id: int) -> Schedule:
        """What a channel has. Raises UserError where it has none, or had."""
        return _running(await self.get(channel_id, guild_id=guild_id))

    async def keep_draft(self, schedule: Schedule, *, person_id: int) -> int:
        """Remember for a day what somebody previews; its number."""
        async with self._storage.write() as transaction:
            draft = ScheduleDraft(person_id=person_id, made_at=self._clock(), schedule=schedule)
            return await transaction.add_schedule_draft(draft)

    async def require_draft(self, number: int, *, guild_id: int, person_id: int) -> Schedule:
        """What this person previews in this server. Raises UserError where that is too long ago."""
        draft = await self._storage.get_schedule_draft(
            number, guild_id=guild_id, person_id=person_id, now=self._clock()
        )
        if draft is None:
            raise UserError("That preview is over. Begin again with /daily here.")
        return draft.schedule

    async def preview(self, schedule: Schedule) -> DailyPreview:
        """What this schedule would post today, and when it posts next once it is kept. Nothing is kept."""
        now = self._clock()
        on = today_in(schedule.zone, now)
        picked = await self._picking.pick(schedule, on, now=now)
        post = daily_post(schedule, on, picked.paper, picked.because) if picked else None
        dates, recap = await self.next_dates(schedule), await self._recaps.next_date(schedule)
        return DailyPreview(post=post, dates=dates, recap=recap)

    async def next_dates(self, schedule: Schedule, count: int = 5) -> list[DueDate]:
        """The next dates on which a schedule posts, or would once it is kept so; skipped ones left out."""
        now = self._clock()
        known = await self._storage.get_schedule(schedule.channel_id, guild_id=schedule.guild_id)
        skipped = await self.skips(schedule)
        if known == schedule:
            return next_dates(known, now, count, skipped=skipped)
        begun = _begun(schedule, now)
        if known is not None:
            posts = await self._posts(schedule, since=begun.planned_through)
            begun = replace(begun, planned_through=begun_through(begun, known, posts))
        return next_dates(begun, now, count, skipped=skipped)

    async def skips(self, schedule: Schedule) -> list[date]:
        """The dates to come that somebody skipped, in order."""
        posts = await self._posts(schedule, since=today_in(schedule.zone, self._clock()))
        return sorted(each.on for each in posts if each.skipped is SkipReason.ASKED)

    async def _posts(self, schedule: Schedule, since: date) -> list[DailyPost]:
        """What became of the dates from this one on, and becomes of those to come."""
        return await self._storage.list_daily_posts(
            schedule.channel_id, guild_id=schedule.guild_id, since=since, until=since + 2 * FARTHEST_SKIP
        )

    async def set_up(self, schedule: Schedule) -> Schedule:
        """Let a channel have this, over what it had; what it has now.

        It begins with the next date whose time is to come. A date that has its paper gets no other, and one that is
        passed over by a new time or zone is on record as that; so it is with recaps.
        Raises UserError where the clock is wrong.
        """
        await self._planning.require_time()
        known = await self.get(schedule.channel_id, guild_id=schedule.guild_id)
        if known is not None and known.stopped_at is None:
            await self._planning.account_for(known)
            await self._recaps.account_for(await self.get(schedule.channel_id, guild_id=schedule.guild_id) or known)
        async with self._storage.write() as transaction:
            now = self._clock()
            known = await transaction.get_schedule(schedule.channel_id, guild_id=schedule.guild_id)
            begun = replace(_begun(schedule, now), created_at=now, stopped_at=None)
            if known is not None:
                begun = replace(begun, created_at=known.created_at)
                await transaction.add_daily_posts(_passed_over(known, begun, now))
                for each in recaps_passed_over(known, begun, now):
                    await transaction.add_recap(each)
            return await transaction.put_schedule(begun)

    async def stop(self, channel_id: int, *, guild_id: int) -> Schedule:
        """Post nothing any more in a channel, nor what is owed; what it had. Raises UserError where it had none."""
        now = self._clock()
        async with self._storage.write() as transaction:
            schedule = _running(await transaction.get_schedule(channel_id, guild_id=guild_id))
            stopped = await transaction.put_schedule(replace(schedule, stopped_at=now))
        today = today_in(schedule.zone, now)
        posts = await self._storage.list_daily_posts(
            channel_id, guild_id=guild_id, since=today - _DAY, until=today + _DAY
        )
        keys = [daily_post_key(channel_id, each.on, each.number) for each in posts]
        keys += [recap_key(channel_id, today - _DAY * back) for back in range(-1, LATEST.days + 2)]
        owed = (await self._storage.get_daily_deliveries(keys, guild_id=guild_id)).values()
        await self._storage.end_deliveries(
            [each.id for each in owed if each.state is DeliveryState.OWED], DeliveryState.DROPPED, now=now
        )
        return stopped

    async def skip(self, channel_id: int, on: date | None, *, guild_id: int, person_id: int) -> date:
        """Post nothing on a date, the next one where none is named; which. Raises UserError where it is too late."""
        schedule = await self.require(channel_id, guild_id=guild_id)
        now = self._clock()
        if on is None:
            upcoming = await self.next_dates(schedule, 1)
            if not upcoming:
                raise UserError("No date is coming up that could be skipped: see /daily status.")
            on = upcoming[0].on
        _require_to_come(schedule, on, now)
        told = DailyPost(
            channel_id=channel_id,
            on=on,
            guild_id=guild_id,
            planned_at=now,
            skipped=SkipReason.ASKED,
            person_id=person_id,
        )
        async with self._storage.write() as transaction:
            current = await transaction.get_schedule(channel_id, guild_id=guild_id)
            if current is None or current.planned_through >= on or not await transaction.add_daily_posts([told]):
                raise UserError(f"{on:%A} {on.day} {on:%B} is settled already. See /daily status.")
        return on

    async def unskip(self, channel_id: int, on: date, *, guild_id: int) -> None:
        """Take back that a date is skipped. Raises UserError where nobody skipped it, or it is over."""
        async with self._storage.write() as transaction:
            schedule = await transaction.get_schedule(channel_id, guild_id=guild_id)
            if schedule is not None and schedule.planned_through >= on:
                raise UserError(f"{on:%A} {on.day} {on:%B} is over: it stays skipped.")
            if not await transaction.remove_skip(channel_id, on, guild_id=guild_id):
                raise UserError(f"{on:%A} {on.day} {on:%B} is not skipped.")

    async def choose_now(self, channel_id: int, *, guild_id: int, avoiding: Collection[int] = ()) -> Picked | None:
        """The paper that would be posted at once, besides the date's own. Raises UserError where none is set up."""
        schedule = await self.require(channel_id, guild_id=guild_id)
        now = self._clock()
        return await self._picking.pick(schedule, today_in(schedule.zone, now), now=now, avoiding=avoiding)

    async def post_now(self, channel_id: int, paper: KnownPaper, because: str, *, guild_id: int, person_id: int) -> str:
        """Owe this paper now, besides the one of the date, which is left as it is; the key of the message.

        Raises UserError where the channel has had it.
        """
        schedule = await self.require(channel_id, guild_id=guild_id)
        now = self._clock()
        on = today_in(schedule.zone, now)
        votes = await self._storage.count_votes([paper.id], guild_id=guild_id)
        post = replace(asked_post(schedule, on, paper, because), votes=votes.get(paper.id, 0))
        async with self._storage.write() as transaction:
            if paper.id in await transaction.papers_given(channel_id):
                raise UserError("This channel has that paper already. Ask for another with /daily now.")
            number = await transaction.next_number(channel_id, on)
            told = DailyPost(
                channel_id=channel_id,
                on=on,
                guild_id=guild_id,
                planned_at=now,
                number=number,
                paper_id=paper.id,
                origin=Origin.ASKED,
                because=because,
                person_id=person_id,
            )
            await transaction.add_daily_posts([told])
            owed = daily_delivery(schedule, on, post, number=number, now=now, until=now + _ASKED_FOR)
            await transaction.add_deliveries([owed])
        return owed.key


def _running(found: Schedule | None) -> Schedule:
    if found is None or found.stopped_at is not None:
        raise UserError("This channel has no paper of the day. Set it up with /daily here.")
    return found


def _begun(schedule: Schedule, now: datetime) -> Schedule:
    """The schedule as it is set up now: nothing before is due."""
    through = passed_through(schedule, now)
    return replace(schedule, planned_through=through, recapped_through=through)


def _passed_over(known: Schedule, begun: Schedule, now: datetime) -> list[DailyPost]:
    """What the dates become that were not accounted for and are not due any more."""
    if known.stopped_at is not None:
        return passed_over(known, begun.planned_through, SkipReason.STOPPED, now)
    found = plan(known, now)
    missed = list(found.skipped) if found else []
    either = replace(known, weekdays=known.weekdays | begun.weekdays)
    return [*missed, *passed_over(either, begun.planned_through, SkipReason.MOVED, now)]


def _require_to_come(schedule: Schedule, on: date, now: datetime) -> None:
    named = f"{on:%A} {on.day} {on:%B}"
    if on <= passed_through(schedule, now):
        raise UserError(f"{named} is over. Name a date to come, or leave it out for the next one.")
    if on > today_in(schedule.zone, now) + FARTHEST_SKIP:
        raise UserError(f"{named} is too far away: a date can be skipped up to {FARTHEST_SKIP.days} days ahead.")
    if on.weekday() not in schedule.weekdays:
        raise UserError(
            f"{named} is not one of the days on which a paper is posted here: /daily status shows the next."
        )
