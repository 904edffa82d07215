"""How SQLite is opened and tuned: engines, pragmas, and a first look at the file. Knows no table."""

import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, Table, event
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.dialects.compiled import compiled_statements
from storage.dialects.one_turn import connected

BUSY_SECONDS = 10
CHECK_SECONDS = 0.1
"""How long the look for damage at the start may take; a small database is seen whole in it."""

IS_FOREIGN = (
    "SELECT EXISTS (SELECT 1 FROM sqlite_master) "
    "AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'alembic_version')"
)
"""Asks a database whether it holds tables, and not ours."""

_PRAGMAS = ("foreign_keys = ON", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -8000")
_WRITER_PRAGMAS = ("cache_size = -16000", "wal_autocheckpoint = 4000", "secure_delete = OFF")


class ForeignDatabaseError(Exception):
    """The file holds tables, and not ours."""


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
    return _engine(path, connections, ("query_only = ON",))


def reading_connection(path: Path, tables: Sequence[str]) -> sqlite3.Connection:
    """A connection that cannot write, for one thread at a time; `tables` make what it has for itself."""
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    for statement in (*tables, "PRAGMA query_only = ON"):
        connection.execute(statement)
    return connection


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


async def put_row(connection: AsyncConnection, table: Table, row: Mapping[str, object]) -> None:
    """Write a whole row, over the one with the same primary key where there is one."""
    await connection.execute(_put_into(table), row)


@cache
def _put_into(table: Table) -> Insert:
    put = insert(table)
    others = {column.name: put.excluded[column.name] for column in table.c if not column.primary_key}
    return put.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)


def look_over(path: Path) -> bool:
    """Put the file into write-ahead mode and look for damage as long as `CHECK_SECONDS` allow; whether it is sound.

    Raises sqlite3.Error where the file cannot be read at all, and ForeignDatabaseError where it is another program's.
    Blocks: call it in a thread.
    """
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)) as opened:
        sound = _is_sound(opened)
        if sound and opened.execute(IS_FOREIGN).fetchone() == (1,):
            raise ForeignDatabaseError
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
