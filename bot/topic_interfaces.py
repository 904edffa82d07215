"""What topics ask of a database besides their papers: arrivals to try a query on, and drafts of topics."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.arrivals import Arrived, Tally, TriedOut
from bot.domain.papers import KnownPaper
from bot.domain.query import Query
from bot.domain.subscriptions import Subscription
from bot.domain.topic_drafts import TopicDraft
from bot.domain.topic_records import TopicRecord


class TopicTransaction(Protocol):
    """What is written about topics."""

    async def add_import(self, at: datetime) -> None:
        """Remember that what is first seen at this moment comes with an import: it is no news."""
        ...

    async def followed_in(self, channel_id: int) -> list[Subscription]:
        """What a channel follows, as it stands in this transaction."""
        ...

    async def add_topic_draft(self, draft: TopicDraft) -> int:
        """Keep a draft for a day; its number."""
        ...


class TopicStorage(Protocol):
    """What is read about topics. Nothing of one server is ever found by another."""

    async def list_arrivals(self, *, since: datetime, until: datetime) -> list[Arrived]:
        """The papers that arrived from `since` on and before `until`, in the order of their arrival.

        Raises UserError where that takes too long, as the others do.
        """
        ...

    async def count_arrivals(self, queries: Sequence[Query | None], *, since: datetime, until: datetime) -> list[Tally]:
        """How many of these papers each query matches, in order; None matches all.

        Exactly those that `matching` finds match when it is given each on the day of its arrival.
        """
        ...

    async def latest_arrival(self, *, before: datetime) -> datetime | None:
        """When the last paper before this moment arrived; None where none did. Raises UserError as the others do."""
        ...

    async def try_out(
        self,
        query: Query,
        *,
        since: datetime,
        until: datetime,
        sample: int,
        further: Callable[[Sequence[KnownPaper]], Sequence[Query]],
    ) -> TriedOut:
        """What this query matches of these papers, and how many each of the queries that `further` makes of the latest.

        `further` is called in another thread; all is counted at the same moment.
        """
        ...

    async def get_topic_draft(self, number: int, *, guild_id: int, person_id: int, now: datetime) -> TopicDraft | None:
        """The draft that this person made in this server, if it is not too old."""
        ...

    async def topic_record(self, number: int, *, since: datetime) -> TopicRecord:
        """When a message of this topic was posted last, and how many were since."""
        ...
