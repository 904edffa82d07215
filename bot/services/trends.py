"""What gains votes: everywhere on Hugging Face, or in one server. Whose server that is, callers make sure of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.papers import KnownPaper
from bot.domain.trends import Period, Trend
from bot.interfaces import Storage

MOST = 10
"""Papers told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A paper and the votes that it gained."""

    known: KnownPaper
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Trending:
    """What gained votes in a period, the most first."""

    period: Period
    is_here: bool
    """Whether the votes are those of one server, not of Hugging Face."""
    first_day: date
    """The first whole day (UTC) of which everywhere's votes are counted."""
    gains: tuple[Gain, ...]


class Trends:
    """Looks for what is gaining votes by the clock it was given."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def trending(self, period: Period, *, guild_id: int | None = None) -> Trending:
        """The papers that gained most: by votes of this server's people, else by upvotes on Hugging Face."""
        now = self._clock()
        first = period.first_day(now)
        if guild_id is None:
            found = await self._storage.trends_everywhere(since=first, limit=MOST)
        else:
            found = await self._storage.trends_here(guild_id=guild_id, since=period.since(now), limit=MOST)
        gains = await self._known(found)
        return Trending(period=period, is_here=guild_id is not None, first_day=first, gains=gains)

    async def _known(self, found: list[Trend]) -> tuple[Gain, ...]:
        """With their papers; one that was joined to another in between is left out."""
        papers = {each.id: each for each in await self._storage.get_papers([each.paper_id for each in found])}
        return tuple(Gain(known=papers[each.paper_id], trend=each) for each in found if each.paper_id in papers)
