"""What topics ask of the database besides what is followed: trials on what arrived, drafts, records."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.arrivals import Arrived, Tally, TriedOut
from bot.domain.flat import moment
from bot.domain.papers import KnownPaper
from bot.domain.query import Query
from bot.domain.subscriptions import Subscription
from bot.domain.topic_drafts import TopicDraft
from bot.domain.topic_records import TopicRecord
from bot.errors import UserError
from storage import arrivals, subscriptions, topic_drafts, topic_records
from storage.database import Database
from storage.readers import OutOfTime, Turn

Result = TypeVar("Result")

_SECONDS = 5.0
"""How long it may take to try queries out on what has arrived; on a machine that is not busy it takes one at most."""
_TOO_MUCH = "That was too much to try out in time. Add a word or a category to the query, or try again later."


class SqlTopicTransaction:
    """The part of a write transaction that is about topics alone."""

    _connection: AsyncConnection

    async def add_import(self, at: datetime) -> None:
        """Remember that what is first seen at this moment comes with an import."""
        await arrivals.add_import(self._connection, at)

    async def followed_in(self, channel_id: int) -> list[Subscription]:
        """What a channel follows, as it stands in this transaction."""
        return await subscriptions.list_subscriptions(self._connection, channel_id=channel_id)

    async def add_topic_draft(self, draft: TopicDraft) -> int:
        """Keep a draft for a day; its number."""
        return await topic_drafts.add_topic_draft(self._connection, draft)


class SqlTopics:
    """The part of storage that is about topics alone."""

    _database: Database

    async def list_arrivals(self, *, since: datetime, until: datetime) -> list[Arrived]:
        """The papers that arrived from `since` on and before `until`, in the order of their arrival."""
        found = await self._try(
            lambda turn: sorted(arrivals.arrivals(turn, since, until).items(), key=itemgetter(1, 0))
        )
        return [Arrived(paper_id=number, at=moment(at)) for number, at in found]

    async def count_arrivals(self, queries: Sequence[Query | None], *, since: datetime, until: datetime) -> list[Tally]:
        """How many of these papers each query matches, in order; None matches all."""
        return await self._try(lambda turn: arrivals.count_arrivals(turn, queries, since, until))

    async def latest_arrival(self, *, before: datetime) -> datetime | None:
        """When the last paper before this moment arrived."""
        at = await self._try(lambda turn: arrivals.latest_arrival(turn, before))
        return None if at is None else moment(at)

    async def try_out(
        self,
        query: Query,
        *,
        since: datetime,
        until: datetime,
        sample: int,
        further: Callable[[Sequence[KnownPaper]], Sequence[Query]],
    ) -> TriedOut:
        """What this query matches of these papers, and how many each query that `further` makes of the latest."""
        return await self._try(lambda turn: arrivals.try_out(turn, query, since, until, sample, further))

    async def get_topic_draft(self, number: int, *, guild_id: int, person_id: int, now: datetime) -> TopicDraft | None:
        """The draft that this person made in this server, if it is not too old."""
        async with self._database.read() as connection:
            return await topic_drafts.get_topic_draft(
                connection, number, guild_id=guild_id, person_id=person_id, now=now
            )

    async def topic_record(self, number: int, *, since: datetime) -> TopicRecord:
        """When a message of this topic was posted last, and how many were since."""
        async with self._database.read() as connection:
            return await topic_records.topic_record(connection, number, since=since)

    async def _try(self, work: Callable[[Turn], Result]) -> Result:
        try:
            return await self._database.ask(work, within=_SECONDS)
        except OutOfTime:
            raise UserError(_TOO_MUCH) from None
