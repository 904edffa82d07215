"""The part of storage for picking papers of the day: each question is one turn on a reading connection."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import TypeVar

from bot.domain.papers import Paper
from bot.domain.picks import Candidate
from bot.domain.query import Query
from bot.errors import UserError
from storage import candidates
from storage.database import Database
from storage.readers import OutOfTime, Turn

Result = TypeVar("Result")

_SECONDS = 10.0
"""How long a question may take; on a machine that is not busy none takes one."""


class SqlPicking:
    """What is read to pick a paper of the day."""

    _database: Database

    async def list_candidates(
        self, query: Query | None, *, guild_id: int, since: datetime, now: datetime
    ) -> list[Candidate]:
        """The papers that a query matches, or all, and that arrived, were listed or were voted for here since then."""
        return await self._look(
            lambda turn: candidates.list_candidates(turn, query, guild_id=guild_id, since=since, now=now)
        )

    async def list_judged(self, *, before: date, limit: int) -> list[tuple[Paper, int]]:
        """The papers last listed before this day, with their votes as they stood by then, the earliest first."""
        return await self._look(lambda turn: candidates.list_judged(turn, before=before, limit=limit))

    async def list_in_line(self, *, guild_id: int) -> list[int]:
        """The papers that people of this server nominated and that wait for their day, in their order."""
        return await self._look(lambda turn: candidates.list_in_line(turn, guild_id=guild_id))

    async def had_here(self, papers: Collection[int], *, guild_id: int, channel_id: int) -> frozenset[int]:
        """Which of these papers a channel ever got, is owed or was chosen for: of the day, by a topic, in a digest."""
        return await self._look(
            lambda turn: candidates.had_here(turn, papers, guild_id=guild_id, channel_id=channel_id)
        )

    async def _look(self, work: Callable[[Turn], Result]) -> Result:
        try:
            return await self._database.ask(work, within=_SECONDS)
        except OutOfTime:
            raise UserError("Choosing a paper takes too long just now. Try again in a moment.") from None
