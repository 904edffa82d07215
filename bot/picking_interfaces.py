"""What picking a paper of the day asks of a database: candidates, what was learned from, what a channel had."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from bot.domain.picks import Candidate
from bot.domain.query import Query


class PickingStorage(Protocol):
    """What is read to pick a paper. Nothing of one server is ever found by another."""

    async def list_candidates(
        self, query: Query | None, *, guild_id: int, since: datetime, now: datetime
    ) -> list[Candidate]:
        """The papers that a query matches, or all, and that arrived, were listed or were voted for here since then.

        What this server's people say of them is not told. Of those that are on no list and that nobody here voted for
        only the newest are there, as many as can be looked at.
        Raises UserError where that takes too long, as `list_judged` does.
        """
        ...

    async def list_judged(self, *, before: date, limit: int) -> list[tuple[int, int]]:
        """The papers last listed before this day, by number, with their votes as they stood by then: the first listed
        first."""
        ...

    async def count_lifting_votes(self, papers: Collection[int], *, guild_id: int) -> dict[int, int]:
        """How many people of a server vote for each of these papers, told by its number of now; none: left out.

        Whoever nominated a paper there does not count: nobody lifts their own.
        """
        ...

    async def had_here(self, papers: Collection[int], *, guild_id: int, channel_id: int) -> frozenset[int]:
        """Which of these papers a channel ever got, is owed or was chosen for: of the day, by a topic, in a digest.

        What was chosen counts whether it was posted or not: no paper comes twice.
        """
        ...
