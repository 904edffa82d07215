"""What the paper of the day asks of a database: schedules, and what became of each of their dates."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.delivery_views import KnownDelivery
from bot.domain.recaps import Recap
from bot.domain.schedules import DailyPost, Schedule, ScheduleDraft


class DailyTransaction(Protocol):
    """What is written about papers of the day."""

    async def get_schedule(self, channel_id: int, *, guild_id: int) -> Schedule | None:
        """What this channel of this server has or had, as it stands here, stopped or not."""
        ...

    async def put_schedule(self, schedule: Schedule) -> Schedule:
        """Keep this as what its channel has, over what it had, whose number it takes; what it has now.

        No date is planned a second time for it: those whose outcome is on record stay accounted for.
        """
        ...

    async def plan_through(self, schedule: int, on: date) -> None:
        """Say that every date up to this one is accounted for; it never goes back."""
        ...

    async def add_daily_posts(self, posts: Sequence[DailyPost]) -> list[DailyPost]:
        """Keep what became of these dates, unless something has become of them already; those that are new."""
        ...

    async def remove_skip(self, channel_id: int, on: date, *, guild_id: int) -> bool:
        """Take back that somebody skipped this date; whether anybody had."""
        ...

    async def has_outcome(self, channel_id: int, on: date) -> bool:
        """Whether it is on record what became of this date, or becomes of it."""
        ...

    async def next_number(self, channel_id: int, on: date) -> int:
        """The number of the next post that is asked for on this date besides its own."""
        ...

    async def papers_given(self, channel_id: int) -> frozenset[int]:
        """As `DailyStorage.papers_given`, as it stands here."""
        ...

    async def recap_through(self, schedule: int, on: date) -> None:
        """Say that every recap up to this date is accounted for; it never goes back."""
        ...

    async def add_recap(self, recap: Recap) -> bool:
        """Keep what became of a recap, unless something has become of it already; whether it is new."""
        ...

    async def add_schedule_draft(self, draft: ScheduleDraft) -> int:
        """Keep a draft for a day; its number."""
        ...


class DailyStorage(Protocol):
    """What is read about papers of the day. Nothing of one server is ever found by another."""

    async def list_schedules(self, *, guild_id: int | None = None) -> list[Schedule]:
        """All that are not stopped, or those of a server; in the order in which they were set up."""
        ...

    async def get_schedule(self, channel_id: int, *, guild_id: int) -> Schedule | None:
        """What this channel of this server has or had, stopped or not."""
        ...

    async def get_schedule_draft(
        self, number: int, *, guild_id: int, person_id: int, now: datetime
    ) -> ScheduleDraft | None:
        """The draft that this person made in this server, if it is not too old."""
        ...

    async def list_daily_posts(self, channel_id: int, *, guild_id: int, since: date, until: date) -> list[DailyPost]:
        """What became of these dates, both ends included, of a channel of this server: the newest first."""
        ...

    async def papers_given(self, channel_id: int) -> frozenset[int]:
        """The papers that were chosen for this channel, by the numbers they have now; those left out that it missed.

        What it missed it never gets by itself, see `PickingStorage.had_here`, but by whoever asks for it.
        """
        ...

    async def list_daily_papers(
        self, channel_id: int, *, guild_id: int, limit: int, offset: int = 0
    ) -> list[DailyPost]:
        """The dates of a channel of this server that have a paper, the newest first."""
        ...

    async def count_daily_papers(self, channel_id: int, *, guild_id: int) -> int:
        """How many those are."""
        ...

    async def get_daily_deliveries(self, keys: Sequence[str], *, guild_id: int) -> dict[str, KnownDelivery]:
        """How those of this server with these keys stand; those left out that were never owed, or too long ago."""
        ...

    async def newest_daily_message(self, channel_id: int) -> int | None:
        """The message with the newest paper of a date that this channel got, asked for ones left out."""
        ...

    async def list_recaps(self, channel_id: int, *, guild_id: int, limit: int) -> list[Recap]:
        """What became of the newest recaps of a channel of this server, the newest first."""
        ...

    async def last_recap(self, channel_id: int) -> date | None:
        """The date of the newest recap of this channel that was not skipped."""
        ...
