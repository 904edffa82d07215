"""The connections to the database and who may use them when; the only commit is here. Knows no table.

Errors that the operator can mend leave as OperatorError.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OperatorError
from storage.dialects.sqlite import BUSY_SECONDS, reading_engine, writing_engine

READERS = 3
_INTERRUPT_EVERY = 0.02


class Database:
    """One writing connection and a few reading ones, each given out in the order people asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = writing_engine(path)
        self._readers = reading_engine(path, READERS)
        self._writing = asyncio.Lock()
        self._reading = asyncio.Semaphore(READERS)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The one write transaction: committed when the block ends, rolled back when it raises."""
        with told(self.path):
            async with self._writing, self._writer.connect() as connection:
                await connection.begin()
                yield connection
                await connection.commit()

    @asynccontextmanager
    async def read(self, *, within: float | None = None) -> AsyncIterator[AsyncConnection]:
        """A reading connection. Each statement sees what is committed when it runs; none holds a transaction open.

        Raises TimeoutError when a statement still runs `within` seconds after the block began.
        """
        with told(self.path):
            async with self._reading, self._readers.connect() as connection:
                if within is None:
                    yield connection
                else:
                    async with _bounded(connection, within):
                        yield connection

    async def close(self) -> None:
        """Finish what is running and close every connection."""
        with told(self.path):
            await self._readers.dispose()
            await self._writer.dispose()


@asynccontextmanager
async def _bounded(connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
    """SQLite itself stops the statement, so that the connection stays whole and its thread becomes free."""
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")

    async def stop() -> None:
        await asyncio.sleep(seconds)
        while True:  # an interrupt between two statements stops neither
            await driver.interrupt()
            await asyncio.sleep(_INTERRUPT_EVERY)

    stopping = asyncio.create_task(stop(), name="bounds a reading")
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
            raise
        raise TimeoutError(f"reading took over {seconds} s") from error
    finally:
        stopping.cancel()
        await asyncio.wait({stopping})


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Raise OperatorError, in words that say what to do, for what SQLite says about the file at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_words(error, path) or error from error
    except DBAPIError as error:
        raise _in_words(error.orig, path) or error from error


def _in_words(error: BaseException | None, path: Path) -> OperatorError | None:
    """The primary result codes are listed at https://sqlite.org/rescode.html."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            told = f"is busy: another program has been writing to it for over {BUSY_SECONDS} seconds. Try again later."
        case sqlite3.SQLITE_FULL:
            told = "cannot grow: the disk is full. Free some space and try again."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            told = "cannot be opened for writing. Check the permissions of the file and its folder."
        case sqlite3.SQLITE_IOERR:
            told = f"cannot be read or written ({error}). Check the disk."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            told = DAMAGED
        case _:
            return None
    return OperatorError(f"The database {path} {told}")


DAMAGED = (
    "is damaged. Stop Paperboy, move the file away and put your last backup in its place; "
    "without a backup, start with a new database and import your papers again."
)
