"""The part of storage for votes and nominations: what is written in a transaction, and what is read without one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.nominations import Nomination
from bot.domain.trends import Trend
from storage import nominations, votes
from storage.database import Database

_STILL_NEW = timedelta(days=7)
"""A paper that was published no longer ago than this before it was first looked at had no upvotes before."""


class SqlVotingTransaction:
    """What is written when people vote and nominate."""

    _connection: AsyncConnection

    async def toggle_vote(self, guild_id: int, paper_id: int, person_id: int, *, now: datetime) -> bool:
        """Keep a person's one vote for a paper in a server, or take it back; whether they vote for it now."""
        return await votes.toggle_vote(self._connection, guild_id, paper_id, person_id, now=now)

    async def find_nomination(self, paper_id: int, *, guild_id: int) -> Nomination | None:
        """What a server has or had of this paper."""
        return await nominations.find_nomination(self._connection, paper_id, guild_id=guild_id)

    async def put_nomination(self, nomination: Nomination) -> Nomination:
        """Keep this over what its server had of its paper, if anything; as it is kept."""
        return await nominations.put_nomination(self._connection, nomination)

    async def place_nominations(self, places: Mapping[int, int], *, guild_id: int) -> None:
        """Give nominations of this server these places, by number."""
        await nominations.place_nominations(self._connection, places, guild_id=guild_id)

    async def list_nominations(self, *, guild_id: int) -> list[Nomination]:
        """What waits in a server, as it stands here."""
        return await nominations.list_nominations(self._connection, guild_id=guild_id)


class SqlVoting:
    """What is read about votes and nominations."""

    _database: Database

    async def count_votes(self, papers: Sequence[int], *, guild_id: int) -> dict[int, int]:
        """How many people of a server vote for each of these papers; those with none left out."""
        async with self._database.read() as connection:
            return await votes.count_votes(connection, papers, guild_id=guild_id)

    async def list_nominations(self, *, guild_id: int) -> list[Nomination]:
        """What waits in a server: those in line in their order, then those to be approved, the earliest first."""
        async with self._database.read() as connection:
            return await nominations.list_nominations(connection, guild_id=guild_id)

    async def was_chosen(self, paper_id: int, *, guild_id: int) -> date | None:
        """The last date for which this paper was chosen in a server, as far as any."""
        async with self._database.read() as connection:
            return await nominations.was_chosen(connection, paper_id, guild_id=guild_id)

    async def trends_here(self, *, guild_id: int, since: datetime, limit: int) -> list[Trend]:
        """The papers that most people of a server have voted for since then."""
        async with self._database.read() as connection:
            return await votes.trends_here(connection, guild_id=guild_id, since=since, limit=limit)

    async def trends_everywhere(self, *, since: date, limit: int) -> list[Trend]:
        """The papers whose upvotes on Hugging Face grew most from this day on (UTC)."""
        new_since = datetime.combine(since, time.min, tzinfo=UTC) - _STILL_NEW
        async with self._database.read() as connection:
            return await votes.trends_everywhere(connection, since=since, new_since=new_since, limit=limit)
