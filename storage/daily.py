"""The part of storage for the paper of the day: what is written in a transaction, and what is read without one."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.delivery_views import KnownDelivery
from bot.domain.recaps import Recap
from bot.domain.schedules import DailyPost, Schedule, ScheduleDraft
from storage import daily_outcomes, daily_posts, recaps, schedules
from storage.keeping import SqlServers
from storage.topics import SqlTopicTransaction


class SqlDailyTransaction(SqlTopicTransaction):
    """What is written about papers of the day."""

    async def get_schedule(self, channel_id: int, *, guild_id: int) -> Schedule | None:
        """What this channel of this server has or had, as it stands here, stopped or not."""
        return await schedules.get_schedule(self._connection, channel_id, guild_id=guild_id)

    async def put_schedule(self, schedule: Schedule) -> Schedule:
        """Keep this as what its channel has, over what it had; what it has now."""
        return await schedules.put_schedule(self._connection, schedule)

    async def plan_through(self, schedule: int, on: date) -> None:
        """Say that every date up to this one is accounted for; it never goes back."""
        await schedules.plan_through(self._connection, schedule, on)

    async def add_daily_posts(self, posts: Sequence[DailyPost]) -> list[DailyPost]:
        """Keep what became of these dates, unless something has become of them already; those that are new."""
        return await daily_posts.add_daily_posts(self._connection, posts)

    async def remove_skip(self, channel_id: int, on: date, *, guild_id: int) -> bool:
        """Take back that somebody skipped this date; whether anybody had."""
        return await daily_posts.remove_skip(self._connection, channel_id, on, guild_id=guild_id)

    async def has_outcome(self, channel_id: int, on: date) -> bool:
        """Whether it is on record what became of this date, or becomes of it."""
        return await daily_posts.has_outcome(self._connection, channel_id, on)

    async def next_number(self, channel_id: int, on: date) -> int:
        """The number of the next post that is asked for on this date besides its own."""
        return await daily_posts.next_number(self._connection, channel_id, on)

    async def papers_given(self, channel_id: int) -> frozenset[int]:
        """The papers that were chosen for this channel and not missed, as it stands here."""
        return await daily_posts.papers_given(self._connection, channel_id)

    async def recap_through(self, schedule: int, on: date) -> None:
        """Say that every recap up to this date is accounted for; it never goes back."""
        await schedules.recap_through(self._connection, schedule, on)

    async def add_recap(self, recap: Recap) -> bool:
        """Keep what became of a recap, unless something has become of it already; whether it is new."""
        return await recaps.add_recap(self._connection, recap)

    async def add_schedule_draft(self, draft: ScheduleDraft) -> int:
        """Keep a draft for a day; its number."""
        return await schedules.add_schedule_draft(self._connection, draft)


class SqlDaily(SqlServers):
    """What is read about papers of the day."""

    async def list_schedules(self, *, guild_id: int | None = None) -> list[Schedule]:
        """All that are not stopped, or those of a server; in the order in which they were set up."""
        async with self._database.read() as connection:
            return await schedules.list_schedules(connection, guild_id=guild_id)

    async def get_schedule(self, channel_id: int, *, guild_id: int) -> Schedule | None:
        """What this channel of this server has or had, stopped or not."""
        async with self._database.read() as connection:
            return await schedules.get_schedule(connection, channel_id, guild_id=guild_id)

    async def get_schedule_draft(
        self, number: int, *, guild_id: int, person_id: int, now: datetime
    ) -> ScheduleDraft | None:
        """The draft that this person made in this server, if it is not too old."""
        async with self._database.read() as connection:
            return await schedules.get_schedule_draft(
                connection, number, guild_id=guild_id, person_id=person_id, now=now
            )

    async def list_daily_posts(self, channel_id: int, *, guild_id: int, since: date, until: date) -> list[DailyPost]:
        """What became of these dates, both ends included, of a channel of this server: the newest first."""
        async with self._database.read() as connection:
            return await daily_posts.list_daily_posts(
                connection, channel_id, guild_id=guild_id, since=since, until=until
            )

    async def papers_given(self, channel_id: int) -> frozenset[int]:
        """The papers that were chosen for this channel and not missed."""
        async with self._database.read() as connection:
            return await daily_posts.papers_given(connection, channel_id)

    async def list_daily_papers(
        self, channel_id: int, *, guild_id: int, limit: int, offset: int = 0
    ) -> list[DailyPost]:
        """The dates of a channel of this server that have a paper, the newest first."""
        async with self._database.read() as connection:
            return await daily_outcomes.list_daily_papers(
                connection, channel_id, guild_id=guild_id, limit=limit, offset=offset
            )

    async def count_daily_papers(self, channel_id: int, *, guild_id: int) -> int:
        """How many those are."""
        async with self._database.read() as connection:
            return await daily_outcomes.count_daily_papers(connection, channel_id, guild_id=guild_id)

    async def get_daily_deliveries(self, keys: Sequence[str], *, guild_id: int) -> dict[str, KnownDelivery]:
        """How those of this server with these keys stand; those left out that were never owed, or too long ago."""
        async with self._database.read() as connection:
            return await daily_outcomes.get_daily_deliveries(connection, keys, guild_id=guild_id)

    async def newest_daily_message(self, channel_id: int) -> int | None:
        """The message with the newest paper of a date that this channel got, asked for ones left out."""
        async with self._database.read() as connection:
            return await daily_outcomes.newest_daily_message(connection, channel_id)

    async def list_recaps(self, channel_id: int, *, guild_id: int, limit: int) -> list[Recap]:
        """What became of the newest recaps of a channel of this server, the newest first."""
        async with self._database.read() as connection:
            return await recaps.list_recaps(connection, channel_id, guild_id=guild_id, limit=limit)

    async def last_recap(self, channel_id: int) -> date | None:
        """The date of the newest recap of this channel that was not skipped."""
        async with self._database.read() as connection:
            return await recaps.last_recap(connection, channel_id)
