"""The classics that are posted when nothing else is there: read once, and kept one at a time. It chooses none."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.analysis import PreparedPaper
from bot.domain.masks import places
from bot.domain.papers import FoundPaper, KnownPaper
from bot.domain.query import Query
from bot.interfaces import Storage
from bot.services.preparing import made_ready


class Classics:
    """A shelf of papers that need not be in storage. Each is put there only when it is to be posted."""

    def __init__(self, storage: Storage, shelf: Callable[[], Sequence[FoundPaper]]) -> None:
        """`shelf` reads the papers, in their order, and is called in a thread."""
        self._storage = storage
        self._read = shelf
        self._shelf: list[PreparedPaper] | None = None

    async def list_matching(self, query: Query | None, *, now: datetime) -> list[tuple[PreparedPaper, int | None]]:
        """Those that a query matches, or all, in their order, with the number of each that is in storage."""
        if self._shelf is None:
            ready, _ = await made_ready(await asyncio.to_thread(self._read))
            self._shelf = [each.prepared for each in ready]
        some = self._shelf if query is None else await asyncio.to_thread(_matching, self._shelf, query, now)
        numbers = await self._storage.find_numbers([each for paper in some for each in paper.flat.external_ids()])
        return [
            (each, next((numbers[one] for one in each.flat.external_ids() if one in numbers), None)) for each in some
        ]

    async def keep(self, classic: PreparedPaper, *, now: datetime) -> KnownPaper:
        """The classic in storage, put there as by an import: it is no news for anybody's topic."""
        async with self._storage.write() as transaction:
            await transaction.add_import(now)
            (put,) = await transaction.put_papers([classic], now=now)
        (known,) = await self._storage.get_papers([put.paper_id])
        return known


def _matching(papers: Sequence[PreparedPaper], query: Query, now: datetime) -> list[PreparedPaper]:
    from bot.domain.matching import Matcher  # noqa: PLC0415 (arrays: 0.1 s and 13 MiB, and only where a query needs them)

    matcher = Matcher()
    number = matcher.add(query)
    return [papers[each] for each in places(matcher.match(papers, now=now).mask(number))]
