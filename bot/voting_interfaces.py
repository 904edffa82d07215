"""What people's votes and nominations ask of a database. Nothing of one server is ever found by another."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.nominations import Nomination
from bot.domain.trends import Trend


class VotingTransaction(Protocol):
    """What is written when people vote and nominate. Papers are named by any number that they have or had."""

    async def toggle_vote(self, guild_id: int, paper_id: int, person_id: int, *, now: datetime) -> bool:
        """Keep a person's one vote for a paper in a server, or take it back; whether they vote for it now."""
        ...

    async def find_nomination(self, paper_id: int, *, guild_id: int) -> Nomination | None:
        """What a server has or had of this paper."""
        ...

    async def put_nomination(self, nomination: Nomination) -> Nomination:
        """Keep this over what its server had of its paper, if anything; as it is kept."""
        ...

    async def place_nominations(self, places: Mapping[int, int], *, guild_id: int) -> None:
        """Give nominations of this server these places, by number."""
        ...

    async def list_nominations(self, *, guild_id: int) -> list[Nomination]:
        """As `VotingStorage.list_nominations`, as it stands here."""
        ...


class VotingStorage(Protocol):
    """What is read about votes and nominations."""

    async def count_votes(self, papers: Sequence[int], *, guild_id: int) -> dict[int, int]:
        """How many people of a server vote for each of these papers; those with none left out."""
        ...

    async def list_nominations(self, *, guild_id: int) -> list[Nomination]:
        """What waits in a server: those in line in their order, then those to be approved, the earliest first.

        A paper that was chosen for any day of the server waits no more.
        """
        ...

    async def was_chosen(self, paper_id: int, *, guild_id: int) -> date | None:
        """The last date for which this paper was chosen in a server, as far as any."""
        ...

    async def trends_here(self, *, guild_id: int, since: datetime, limit: int) -> list[Trend]:
        """The papers that most people of a server have voted for since then, and of as many the latest voted for."""
        ...

    async def trends_everywhere(self, *, since: date, limit: int) -> list[Trend]:
        """The papers whose upvotes on Hugging Face grew most from this day on (UTC)."""
        ...
