"""The connections to the database and who may use them when; the only commit is here. Knows no table.

Errors that the operator can mend leave as OperatorError.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.patience import Patience
from bot.errors import OperatorError
from storage.dialects.sqlite import BUSY_SECONDS, reading_connection, reading_engine, writing_engine
from storage.dialects.vocabulary import TABLES
from storage.readers import Readers, Turn

Result = TypeVar("Result")

READERS = 3
CLOSE_SECONDS = 10

DAMAGED = (
    "is damaged. Stop Paperboy, move the file away and put your last backup in its place; "
    "without a backup, start with a new database and import your papers again."
)
"""Said of a database, after its name."""


class Database:
    """One writing connection and a few reading ones, each given out in the order people asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = writing_engine(path)
        self._readers = reading_engine(path, READERS)
        self._writing = asyncio.Lock()
        self._reading = asyncio.Semaphore(READERS)
        self._searchers = Readers(lambda: reading_connection(path, TABLES), READERS)
        self._closed = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The one write transaction: committed when the block ends, rolled back when it raises."""
        self._require_open()
        with told(self.path):
            async with self._writing, self._writer.connect() as connection:
                await connection.begin()
                yield connection
                await connection.commit()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """The writing connection in no transaction, for what only works so; nobody else writes meanwhile."""
        self._require_open()
        with told(self.path):
            async with self._writing, self._writer.connect() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A reading connection. Each statement sees what is committed when it runs; none holds a transaction open."""
        self._require_open()
        with told(self.path):
            async with self._reading, self._readers.connect() as connection:
                yield connection

    async def ask(self, work: Callable[[Turn], Result], *, within: float | Patience) -> Result:
        """What `work` makes of a reading connection in one go, in the order people asked, as `Readers.ask`."""
        self._require_open()
        with told(self.path):
            return await self._searchers.ask(work, within=within)

    async def close(self) -> None:
        """Finish what is running, for `CLOSE_SECONDS` at most, and close every connection; nothing can begin now."""
        if self._closed:
            return
        self._closed = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS), self._writing:
                for _ in range(READERS):
                    await self._reading.acquire()
        with told(self.path):
            await self._searchers.close()
            await self._readers.dispose()
            await self._writer.dispose()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError(f"the database {self.path} is closed")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Raise OperatorError, in words that say what to do, for what SQLite says about the file at `path`."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        words = _in_words(error)
        if words is None:
            raise
        raise OperatorError(f"The database {path} {words}") from error


def _code(error: sqlite3.Error | DBAPIError) -> int:
    """SQLite's primary result code (https://sqlite.org/rescode.html); 0 where it gave none."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def _in_words(error: sqlite3.Error | DBAPIError) -> str | None:
    """What is wrong with the file and what to do."""
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"is busy: another program has been writing to it for over {BUSY_SECONDS} seconds. Try again later."
        case sqlite3.SQLITE_FULL:
            return "cannot grow: the disk is full. Free some space and try again."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            return "cannot be opened for writing. Check the permissions of the file and its folder."
        case sqlite3.SQLITE_IOERR:
            return f"cannot be read or written ({error}). Check the disk."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DAMAGED
        case _:  # what Python says of text that is none has no code
            return DAMAGED if "Could not decode to UTF-8" in str(error) else None
