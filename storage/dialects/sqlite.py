"""How SQLite is opened and tuned: engines, pragmas, and a first look at the file. Knows no table."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import aiosqlite
from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import OperatorError
from storage.dialects.compiled import compiled_statements
from storage.dialects.dialect import ForeignDatabase
from storage.dialects.file import bot_lock, make_file
from storage.dialects.one_turn import connected
from storage.dialects.sqlite_troubles import BUSY_SECONDS, DAMAGED, ERRORS, in_words
from storage.dialects.statements import Statement, in_words_of
from storage.dialects.vocabulary import TABLES
from storage.readers import Interrupted

CHECK_SECONDS = 0.1
"""How long the look for damage at the start may take; a small database is seen whole in it."""
_LONGEST_WAIT = 600
"""Seconds that one who would migrate waits for another one to be done."""

IS_FOREIGN = (
    "SELECT EXISTS (SELECT 1 FROM sqlite_master) "
    "AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'alembic_version')"
)
"""Asks a database whether it holds tables, and not ours."""

_PRAGMAS = ("foreign_keys = ON", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -8000")
_READER_PRAGMAS = ("query_only = ON", "cache_size = -2000")  # single rows: the searches have connections of their own
_SEARCH_CACHE = "PRAGMA cache_size = -24000"
"""KiB for each connection that searches, filled in a large library alone: with 8,000 a search of millions took a fifth
longer. Mapping the file is as quick, but then a disk that errs ends the process (https://sqlite.org/mmap.html)."""
_WRITER_PRAGMAS = ("cache_size = -16000", "wal_autocheckpoint = 4000", "secure_delete = OFF")


class Sqlite:
    """How a file is opened, read and written, and what is said when that fails; a `Dialect`."""

    writers = 1
    errors = ERRORS

    def __init__(self, path: Path) -> None:
        """The file is made, readable by its owner alone, where there is none. Raises OperatorError where it cannot."""
        self._path = path
        self.name = str(path)
        make_file(path)

    def writing_engine(self) -> AsyncEngine:
        return writing_engine(self._path)

    def reading_engine(self, connections: int) -> AsyncEngine:
        return reading_engine(self._path, connections)

    def reading_connection(self) -> "SqliteReading":
        return SqliteReading(self._path, TABLES)

    async def look_over(self) -> None:
        """Make the file ready. Raises OperatorError where it is damaged, ForeignDatabase where it is not ours."""
        if not await asyncio.to_thread(look_over, self._path):
            raise OperatorError(f"The database {self.name} {DAMAGED}")

    async def be_a_bot(self) -> Callable[[], None]:
        """As `be_the_bot`: a file is for one process."""
        return await self.be_the_bot()

    async def be_the_bot(self) -> Callable[[], None]:
        """Take the lock that one bot at a time holds; what is returned gives it back. Raises OperatorError."""
        return bot_lock(self._path)

    async def hold_still(self, connection: AsyncConnection) -> None:
        """What it sees is that of its first look."""
        await connection.exec_driver_sql("BEGIN")
        await connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")

    async def remember_erased(self, secret: bytes, subject: str, now: datetime) -> None:
        """Put it on the list beside the file."""
        await asyncio.to_thread(_erasing().remember, self._path, secret, subject, now)

    def secure_deletes(self, connection: AsyncConnection) -> AbstractAsyncContextManager[None]:
        """What is deleted meanwhile is overwritten with zeros."""
        secure: AbstractAsyncContextManager[None] = _erasing().secure_deletes(connection)
        return secure

    async def sweep(self, connection: AsyncConnection, numbers: Collection[int]) -> None:
        """Remove traces from freed places of the file and its log."""
        await _erasing().sweep(connection, self._path, numbers)

    async def stand_alone(self, connection: AsyncConnection) -> None:
        """Nothing is left to do: no two write at once."""

    def in_words(self, error: BaseException) -> str | None:
        """What is wrong with the file and what to do."""
        return in_words(error, self._path)

    @asynccontextmanager
    async def saved(self, *, before: str) -> AsyncIterator[None]:
        """While it lasts nobody else migrates; a backup is made first of a database that holds something."""
        from storage.dialects.sqlite_copies import back_up_before, backup_lock  # noqa: PLC0415 (a start needs none of it)

        lock = backup_lock(self._path, wait=_LONGEST_WAIT)
        await asyncio.to_thread(lock.acquire)
        try:
            await asyncio.to_thread(back_up_before, self._path, before)
            yield
        finally:
            lock.release()


def _erasing() -> ModuleType:
    from storage.dialects import sqlite_erasing  # noqa: PLC0415 (a start needs none of it)

    return sqlite_erasing


def writing_engine(path: Path) -> AsyncEngine:
    """One connection whose transactions take the write lock when they begin.

    A transaction that first reads and then writes would be refused, not queued, where another wrote in between.
    """
    engine = _engine(path, 1, _WRITER_PRAGMAS)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    event.listen(engine.sync_engine, "invalidate", _roll_back)
    return engine


def reading_engine(path: Path, connections: int) -> AsyncEngine:
    """Connections that cannot write and are in no transaction between statements."""
    return _engine(path, connections, _READER_PRAGMAS)


class SqliteReading:
    """A connection that cannot write, for one thread at a time."""

    kind = "sqlite"
    is_usable = True

    def __init__(self, path: Path, tables: Sequence[str]) -> None:
        """`tables` make what the connection has for itself."""
        self._connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        for statement in (*tables, _SEARCH_CACHE, "PRAGMA query_only = ON"):
            self._connection.execute(statement)

    def begin(self) -> None:
        self._connection.execute("BEGIN")

    def end(self) -> None:
        self._connection.rollback()

    def fetch(self, statement: Statement, parameters: Sequence[object]) -> list[Any]:
        try:
            return self._connection.execute(in_words_of(self.kind, statement), parameters).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise Interrupted from error

    def rows(self, statement: Statement, parameters: Sequence[object]) -> Iterator[Any]:
        try:
            yield from self._connection.execute(in_words_of(self.kind, statement), parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise Interrupted from error

    def interrupt(self) -> None:
        self._connection.interrupt()

    def close(self) -> None:
        self._connection.close()


def _engine(path: Path, connections: int, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,  # a transaction that is not committed is rolled back when its connection is closed
        async_creator=lambda: connected(path, patience=BUSY_SECONDS),
        execution_options={"compiled_cache": compiled_statements()},
    )

    def tune(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", tune)
    return engine


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _roll_back(connection: Any, *_: object) -> None:
    """SQLAlchemy closes a connection whose statement was cancelled; SQLite keeps its lock while a cursor is left."""
    connection.rollback()


async def driver_of(connection: AsyncConnection) -> aiosqlite.Connection:
    """The connection as aiosqlite has it."""
    driver: aiosqlite.Connection = (await connection.get_raw_connection()).driver_connection  # type: ignore[assignment]
    return driver


async def fetch(connection: AsyncConnection, statement: str, parameters: Sequence[object]) -> list[Any]:
    """All rows of one statement, as they are: SQLAlchemy makes something of each."""
    return list(await (await driver_of(connection)).execute_fetchall(statement, parameters))


def look_over(path: Path) -> bool:
    """Put the file into write-ahead mode and look for damage as long as `CHECK_SECONDS` allow; whether it is sound.

    Raises sqlite3.Error where the file cannot be read at all, and ForeignDatabase where it is another program's.
    Blocks: call it in a thread.
    """
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)) as opened:
        sound = _is_sound(opened)
        if sound and opened.execute(IS_FOREIGN).fetchone() == (1,):
            raise ForeignDatabase
        _write_ahead(opened)
        return sound


def _is_sound(opened: sqlite3.Connection) -> bool:
    timer = threading.Timer(CHECK_SECONDS, opened.interrupt)
    timer.start()
    try:
        (verdict,) = opened.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return True
    finally:
        timer.cancel()
        timer.join()
    return bool(verdict == "ok")


def _write_ahead(opened: sqlite3.Connection) -> None:
    """SQLite does not wait for its busy timeout here, so two programs that open a new database at once take turns."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            opened.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
