"""What else somebody may have meant whose search found papers: one query to offer. What was found stays as it is."""

from datetime import datetime

from bot.domain.forgiveness import doubtful, respelt
from bot.domain.patience import Patience
from bot.domain.query import Query
from bot.interfaces import Storage

_SHARE = 0.5
"""How much of the time that is left may be spent on what is only offered."""


class SecondThoughts:
    """Looks for what may have been meant, for one search, at this time and within its patience."""

    def __init__(self, storage: Storage, now: datetime, within: Patience) -> None:
        self._storage = storage
        self._now = now
        self._patience = Patience(_SHARE * within.left)

    async def on_spelling(self, query: Query, found: int) -> Query | None:
        """The query without mistakes that hardly any paper makes, where so more is found than these few papers."""
        spellings = await self._storage.commoner_spellings(doubtful(query), within=self._patience)
        if not spellings:
            return None
        meant = respelt(query, spellings)
        more = await self._storage.search_papers(meant, now=self._now, limit=1, within=self._patience)
        return meant if more.total > found else None
