"""The connections to the database and who may use them when; the only commit is here. Knows no table.

Errors that the operator can mend leave as OperatorError.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.patience import Patience
from bot.errors import OperatorError
from storage.dialects.dialect import Dialect
from storage.readers import Readers, Turn

Result = TypeVar("Result")

READERS = 3
CLOSE_SECONDS = 3


class Database:
    """A few writing connections, one of SQLite's, and a few reading ones, each given out in the order people asked."""

    def __init__(self, dialect: Dialect) -> None:
        self.name = dialect.name
        self.dialect = dialect
        self._writer = dialect.writing_engine()
        self._readers = dialect.reading_engine(READERS)
        self._alone = asyncio.Lock()
        self._writing = asyncio.Semaphore(dialect.writers)
        self._at_once = asyncio.Semaphore(1)
        self._reading = asyncio.Semaphore(READERS)
        self._searchers = Readers(dialect.reading_connection, READERS)
        self._closed = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The one such transaction of all processes: what it reads, nobody else changes in one before it ends.

        Committed when the block ends, rolled back when it raises.
        """
        async with self._alone, self._transaction() as connection:
            await self.dialect.stand_alone(connection)
            yield connection

    @asynccontextmanager
    async def write_beside(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that locks what it changes by itself, so that others may write meanwhile, where they can."""
        async with self.write() if self.dialect.writers == 1 else self._transaction() as connection:
            yield connection

    @asynccontextmanager
    async def write_at_once(self) -> AsyncIterator[AsyncConnection]:
        """As `write_beside`, on a connection of its own where there is one: the others may all be waiting."""
        async with self.write() if self.dialect.writers == 1 else self._transaction(self._at_once) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, turn: asyncio.Semaphore | None = None) -> AsyncIterator[AsyncConnection]:
        self._require_open()
        with told(self.dialect):
            async with turn or self._writing, self._writer.connect() as connection:
                await connection.begin()
                yield connection
                await connection.commit()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """The writing connection in no transaction, for what only works so; nobody else writes meanwhile."""
        self._require_open()
        with told(self.dialect):
            async with self._alone, self._writing, self._writer.connect() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A reading connection. Each statement sees what is committed when it runs; none holds a transaction open."""
        self._require_open()
        with told(self.dialect):
            async with self._reading, self._readers.connect() as connection:
                yield connection

    @asynccontextmanager
    async def still(self) -> AsyncIterator[AsyncConnection]:
        """A reading connection that sees the database as it is now, however long it reads and whoever writes."""
        async with self.read() as connection:
            try:
                await self.dialect.hold_still(connection)
                yield connection
                await connection.exec_driver_sql("ROLLBACK")
            except BaseException:
                await connection.invalidate()  # it is in the middle of something
                raise

    async def ask(self, work: Callable[[Turn], Result], *, within: float | Patience) -> Result:
        """What `work` makes of a reading connection in one go, in the order people asked, as `Readers.ask`."""
        self._require_open()
        with told(self.dialect):
            return await self._searchers.ask(work, within=within)

    def saved(self, *, before: str) -> AbstractAsyncContextManager[None]:
        """As `Dialect.saved`."""
        return self.dialect.saved(before=before)

    async def close(self) -> None:
        """Finish what is running, for `CLOSE_SECONDS` at most, and close every connection; nothing can begin now."""
        if self._closed:
            return
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._alone:
                for _ in range(self.dialect.writers):
                    await self._writing.acquire()
                for _ in range(READERS):
                    await self._reading.acquire()
                await self._at_once.acquire()
        with told(self.dialect):
            await self._searchers.close()
            await self._readers.dispose()
            await self._writer.dispose()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError(f"the database {self.name} is closed")


@contextmanager
def told(dialect: Dialect) -> Iterator[None]:
    """Raise OperatorError, in words that say what to do, for what the database says."""
    try:
        yield
    except dialect.errors as error:
        words = dialect.in_words(error)
        if words is None:
            raise
        raise OperatorError(f"The database {dialect.name} {words}") from error
