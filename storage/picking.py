"""The part of storage for picking papers of the day: each question is one turn on a reading connection."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import TypeVar

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

    async def list_judged(self, *, before: date, limit: int) -> list[tuple[int, int]]:
        """The numbers of the papers last listed before this day, with their votes as they stood by then, in order."""
        return await self._look(lambda turn: candidates.list_judged(turn, before=before, limit=limit))

    async def count_lifting_votes(self, papers: Collection[int], *, guild_id: int) -> dict[int, int]:
        """How many people of a server vote for each of these papers, without whoever nominated it there."""
        return await self._look(lambda turn: candidates.count_lifting_votes(turn, papers, guild_id=guild_id))

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
