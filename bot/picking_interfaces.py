"""What picking a paper of the day asks of a database: candidates, what was learned from, what a channel had."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from bot.domain.papers import Paper
from bot.domain.picks import Candidate
from bot.domain.query import Query


class PickingStorage(Protocol):
    """What is read to pick a paper. Nothing of one server is ever found by another."""

    async def list_candidates(
        self, query: Query | None, *, guild_id: int, since: datetime, now: datetime
    ) -> list[Candidate]:
        """The papers that a query matches, or all, and that arrived, were listed or were voted for here since then.

        Of those that are on no list and that nobody here voted for only the newest, as many as can be looked at.
        Raises UserError where that takes too long, as `list_judged` does.
        """
        ...

    async def list_judged(self, *, before: date, limit: int) -> list[tuple[Paper, int]]:
        """The papers last listed before this day, with their votes as they stood by then, the earliest first."""
        ...

    async def list_in_line(self, *, guild_id: int) -> list[int]:
        """The papers that people of this server nominated and that wait for their day, in their order."""
        ...

    async def had_here(self, papers: Collection[int], *, guild_id: int, channel_id: int) -> frozenset[int]:
        """Which of these papers a channel ever got, is owed or was chosen for: of the day, by a topic, in a digest."""
        ...
