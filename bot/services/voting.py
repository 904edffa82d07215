"""Votes of a server's people for papers: one a person, which they may take back. Who may vote, callers check."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.interfaces import Storage


class Voting:
    """The votes of all servers, each server's apart."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def toggle(self, paper_id: int, *, guild_id: int, person_id: int) -> bool:
        """Keep this person's vote for this paper in a server, or take it back; whether they vote for it now."""
        async with self._storage.write() as transaction:
            return await transaction.toggle_vote(guild_id, paper_id, person_id, now=self._clock())

    async def count(self, paper_id: int, guild_id: int) -> int:
        """How many people of a server vote for a paper."""
        return (await self.counts([paper_id], guild_id)).get(paper_id, 0)

    async def counts(self, papers: Sequence[int], guild_id: int) -> dict[int, int]:
        """How many people of a server vote for each of these papers; those with none left out."""
        return await self._storage.count_votes(papers, guild_id=guild_id) if papers else {}
