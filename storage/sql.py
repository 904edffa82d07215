"""Storage in an SQL database: the whole of `interfaces.Storage`, put together from one file per noun."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PreparedPaper
from bot.domain.papers import ExternalId, KnownPaper
from bot.domain.query import Query
from bot.errors import UserError
from bot.interfaces import Matches, PutOutcome
from storage import papers
from storage.database import Database
from storage.indexing import require_index
from storage.putting import put_papers
from storage.searching import search_papers, suggest_papers

SEARCH_SECONDS = 2.0
"""How long one search may keep a reading connection from others."""


class SqlTransaction:
    """One open write transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_papers(self, found: Sequence[PreparedPaper], *, now: datetime) -> list[PutOutcome]:
        """Add, revise or leave each paper, the text index with it; one outcome a paper, in order."""
        return await put_papers(self._connection, found, now=now)


class SqlStorage:
    """An open database. `async with` closes it."""

    def __init__(self, database: Database, release: Callable[[], None]) -> None:
        self._database = database
        self._release = release

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlTransaction]:
        """Open the one write transaction; commits when the block ends, rolls back if it raises."""
        async with self._database.write() as connection:
            await require_index(connection)
            yield SqlTransaction(connection)

    async def get_papers(self, ids: Sequence[int]) -> list[KnownPaper]:
        """The papers with these numbers, in the order asked, the unknown left out."""
        async with self._database.read() as connection:
            return await papers.get_papers(connection, ids)

    async def find_paper(self, external_id: ExternalId) -> KnownPaper | None:
        """The paper with this id, or None."""
        async with self._database.read() as connection:
            numbers = await papers.find_numbers(connection, [external_id])
            return next(iter(await papers.get_papers(connection, list(numbers.values()))), None)

    async def search_papers(self, query: Query, *, now: datetime, limit: int, offset: int = 0) -> Matches:
        """The papers a query matches, best first; spans back from now are counted from its day in UTC."""
        try:
            async with self._database.read(within=SEARCH_SECONDS) as connection:
                return await search_papers(connection, query, limit, offset, now.astimezone(UTC).date())
        except TimeoutError:
            raise UserError(
                "That search takes too long. Write more letters before each star, or add a rarer word."
            ) from None

    async def suggest_papers(self, text: str, *, limit: int) -> list[KnownPaper]:
        """Papers whose title continues this half-typed text, best first; empty text: the best known."""
        async with self._database.read() as connection:
            return await papers.get_papers(connection, await suggest_papers(connection, text, limit))

    async def count_papers(self) -> int:
        async with self._database.read() as connection:
            return await papers.count_papers(connection)

    async def close(self) -> None:
        """Finish what is in flight and release every connection and lock."""
        try:
            await self._database.close()
        finally:
            self._release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
