"""What a topic would have brought over the last days: the one count that previews, and all that replay days, go by."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.arrivals import Span, days_until
from bot.domain.papers import KnownPaper
from bot.domain.previews import DAYS, SAMPLE, Offer, Preview, Step, previewed, steps
from bot.domain.query import Query
from bot.interfaces import Storage


class Previews:
    """Tries queries out on the papers that have arrived, counting each on the day of its arrival."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def preview(self, query: Query, zone: str) -> Preview:
        """What the query would have brought over the last days of this zone, or the last on which papers arrived where
        none did of late. Raises UserError where that takes too long.
        """
        span, is_old, ways = await self._span(zone), False, list[Step]()

        def further(newest: Sequence[KnownPaper]) -> list[Query]:
            ways[:] = steps(query, [each.paper for each in newest])
            return [each.query for each in ways]

        tried = await self._storage.try_out(query, since=span.since, until=span.until, sample=SAMPLE, further=further)
        latest = None if tried.arrived else await self._storage.latest_arrival(before=span.since)
        if latest is not None:
            span, is_old = days_until(latest, DAYS, span.zone), True
            tried = await self._storage.try_out(
                query, since=span.since, until=span.until, sample=SAMPLE, further=further
            )
        offers = [Offer(step=each, total=total) for each, total in zip(ways, tried.further, strict=False)]
        return previewed(query, span, tried, offers, is_old=is_old)

    async def count(self, query: Query, zone: str) -> int:
        """How many papers the query would have brought: the total of its preview."""
        span = await self._span(zone)
        (matched,) = await self._storage.count_arrivals([query], since=span.since, until=span.until)
        return sum(matched.values())

    async def _span(self, zone: str) -> Span:
        return days_until(self._clock(), DAYS, await asyncio.to_thread(ZoneInfo, zone))
