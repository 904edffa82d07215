"""The law of the query language: what a search finds is what the matcher says, and what the plainest reading says."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import delete, select

from bot.domain.analysis import prepare
from bot.domain.conditions import condition
from bot.domain.masks import places
from bot.domain.matching import Matcher
from bot.domain.papers import KnownPaper, Paper
from bot.domain.patience import Patience
from bot.domain.query import Query
from storage import open_storage
from storage.dialects.text_index import finish_index, make_index
from storage.schema import meta, metadata
from storage.schema import papers as table
from storage.sql import SqlStorage
from tests.domain.plain_reading import PlainPaper
from tests.domain.query_trees import NOW

_PATIENT = 60.0
"""Seconds: a search that is cut short, on a machine that is at something else, tells nothing of what it means."""


class Shelf:
    """A database that is filled anew for each set of papers."""

    def __init__(self, storage: SqlStorage, runner: asyncio.Runner) -> None:
        self._storage = storage
        self._runner = runner
        self.cases = 0
        """Queries that were held against a set of papers so far."""
        self.matches = 0
        """Papers that they found."""

    def disagreements(self, papers: Sequence[Paper], queries: Sequence[Query], *, now: datetime = NOW) -> list[str]:
        """Each query on which search, matcher and the plainest reading of these papers disagree, and what each says."""
        return self._runner.run(self._disagreements(papers, queries, now))

    async def _disagreements(self, papers: Sequence[Paper], queries: Sequence[Query], now: datetime) -> list[str]:
        known = await self._refill(papers, now)
        prepared = [prepare(each.paper) for each in known]
        plain = list(map(PlainPaper, prepared))
        matcher = Matcher(queries)
        masks = matcher.masks(prepared, now=now)
        today = now.astimezone(UTC).date()
        wrong = []
        for query in queries:
            within = Patience(_PATIENT)
            found = await self._storage.search_papers(query, now=now, limit=len(known) + 1, within=within)
            searched = sorted(each.id for each in found.papers)
            matched = sorted(known[place].id for place in places(masks[matcher.add(query)]))
            asked = condition(query.root)
            read = sorted(each.id for each, paper in zip(known, plain, strict=True) if paper.meets(asked, today))
            if not searched == matched == read or found.total != len(read):
                wrong.append(f"{query}: searched {searched} of {found.total}, matched {matched}, read {read}")
            self.cases += 1
            self.matches += len(read)
        return wrong

    async def _refill(self, papers: Sequence[Paper], now: datetime) -> list[KnownPaper]:
        """Put these papers, and no others, on the shelf; what has become of them, some merged with others."""
        async with self._storage._database.write() as connection:
            for each in reversed(metadata.sorted_tables):
                if each is not meta:
                    await connection.execute(delete(each))
            await make_index(connection)
            await finish_index(connection)
        async with self._storage.write() as transaction:
            await transaction.put_papers([prepare(each) for each in papers], now=now)
        async with self._storage._database.read() as connection:
            numbers = list((await connection.execute(select(table.c.id))).scalars())
        return await self._storage.get_papers(numbers)


@contextmanager
def opened_shelf(url: str) -> Iterator[Shelf]:
    with asyncio.Runner() as runner:
        storage = runner.run(open_storage(url))
        try:
            yield Shelf(storage, runner)
        finally:
            runner.run(storage.close())
