"""Finds the papers most like one: by its rarest terms from the text index, then compared whole. Changes nothing."""

import asyncio
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import KnownPaper
from bot.domain.similarity import COUNTED, Likeness, terms_of_paper
from storage.dialects.neighbours import bounded, count_holding, count_indexed, papers_sharing

SIMILAR_SECONDS = 1.0
"""How long one question may keep a reading connection from others; it takes a fiftieth of that on a quiet machine."""

_COMPARED = 50
"""Papers that are compared whole."""
_REMEMBERED = 50_000
"""Terms whose counts are remembered: some five megabytes."""
_GROWN = 50
"""What is remembered is counted again when one paper in so many is new or gone."""


class TermCounts:
    """How many papers hold each term, remembered; may lag behind a little, which changes only an order."""

    def __init__(self) -> None:
        self.papers = 0
        """How many there were when counting began."""
        self._counts: dict[str, int] = {}

    async def of(self, connection: AsyncConnection, terms: Iterable[str]) -> dict[str, int]:
        """The counts of these terms, up to `COUNTED`; a term that no paper holds counts 0."""
        papers = await count_indexed(connection)
        if abs(papers - self.papers) * _GROWN > self.papers or len(self._counts) > _REMEMBERED:
            self.papers, self._counts = papers, {}
        counts, wanted = self._counts, list(terms)
        unknown = [each for each in wanted if each not in counts]
        if unknown:
            counts.update(zip(unknown, await count_holding(connection, unknown, COUNTED), strict=True))
        return {each: counts[each] for each in wanted}


async def similar_papers(connection: AsyncConnection, counts: TermCounts, known: KnownPaper, limit: int) -> list[int]:
    """The numbers of the papers most like this one, best first; none where nothing is alike. Raises TimeoutError."""
    held = terms_of_paper(known.paper)
    async with bounded(connection, SIMILAR_SECONDS):
        likeness = Likeness(held, await counts.of(connection, held), counts.papers)
        if not likeness.sought:
            return []
        found = await papers_sharing(connection, likeness.sought, _COMPARED + 1)
    others = [each for each in found if each.id != known.id]
    # Fifty abstracts take some ten milliseconds to part into terms: beside the event loop.
    return (await asyncio.to_thread(likeness.best_first, others))[:limit]
