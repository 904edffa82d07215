"""SQLite for asyncio with one turn of the connection's thread a statement: its rows come with it, all at once.

aiosqlite takes a turn each for a cursor, the statement, the rows and closing the cursor, as SQLAlchemy uses it. A turn
costs as much as a small statement.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite

_CHUNK = 64
"""Rows that aiosqlite's own cursors fetch at a time; ours fetch all."""


class Cursor:
    """What SQLAlchemy needs of a cursor. It is closed at the end of each statement, and never keeps a lock."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        return await self._turn(sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> Self:
        return await self._turn(sqlite3.Cursor.executemany, statement, parameters)

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open between statements."""

    async def _turn(self, run: Any, statement: str, parameters: Any) -> Self:
        told = await self._connection.in_thread(run, statement, parameters)
        self._rows, self.description, self.rowcount, self.lastrowid = told
        return self


class Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors are these; all else is as it was.

    `_execute` and `_conn` are undocumented (seen in aiosqlite 0.22), which is why pyproject.toml pins it.
    """

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def in_thread(self, run: Any, statement: str, parameters: Any) -> Any:
        return await self._execute(_run, self._conn, run, statement, parameters)  # type: ignore[no-untyped-call]


def _run(connection: sqlite3.Connection, run: Any, statement: str, parameters: Any) -> Any:
    cursor = connection.cursor()
    try:
        run(cursor, statement, parameters)
        rows = cursor.fetchall() if cursor.description else []
        return rows, cursor.description, cursor.rowcount, cursor.lastrowid
    except UnicodeDecodeError as error:  # what SQLite says quotes a damaged table, which SQLAlchemy must know
        damage = sqlite3.DatabaseError(str(error))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage from error
    finally:
        cursor.close()


async def connected(path: Path, *, patience: float) -> Connection:
    """A connection to this file that begins no transaction by itself."""

    def connector() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)

    connection = Connection(connector, _CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy has it: who is killed must not wait for a statement
    try:
        await connection
    except BaseException:  # cancelled, say: its thread has an end to tell of, while there is a loop to hear it
        await asyncio.shield(asyncio.to_thread(connection._thread.join))
        raise
    return connection
