"""Makes what is erased gone from a SQLite database's files, and keeps it gone when an older backup is restored.

What was erased is on a list beside the database, as hashes that only the database's own secret can make.
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import UserError
from storage.dialects.erased import SUFFIX, hashed, line
from storage.dialects.sqlite import driver_of
from storage.dialects.sqlite_examining import COMPANIONS
from storage.housekeeping import OF_SERVERS
from storage.personal import PERSONAL
from storage.schema import servers

_log = logging.getLogger(__name__)

_CHUNK = 1 << 20
_OVERLAP = 32
"""Bytes; more than any trace is long."""
_MOST_SOUGHT = 40
"""Numbers that files are looked through for; where there are more, the database is written anew without a look."""
_FULL_WIDTH = 1 << 47
"""From here on SQLite writes a number in eight bytes (https://sqlite.org/fileformat2.html#record_format); a Discord
number is above."""


@asynccontextmanager
async def secure_deletes(connection: AsyncConnection) -> AsyncIterator[None]:
    """What is deleted in this block is overwritten with zeros."""
    await connection.exec_driver_sql("PRAGMA secure_delete = ON")
    yield
    await connection.exec_driver_sql("PRAGMA secure_delete = OFF")


async def sweep(connection: AsyncConnection, path: Path, numbers: Collection[int]) -> None:
    """Remove traces of these numbers, which no table holds any more, from what the files have in freed places.

    `connection` is in no transaction, and nobody else of this process writes. Only where a trace is found is the whole
    database written anew. Raises UserError where another program is in the way.
    """
    driver = await driver_of(connection)
    await _empty_log(driver)
    sought = [each for each in numbers if each >= _FULL_WIDTH][:_MOST_SOUGHT]
    if len(sought) == len(numbers) and not await asyncio.to_thread(has_traces, path, sought):
        return
    _log.info("database written anew to remove traces of what was erased")
    await driver.execute_fetchall("PRAGMA temp_store = FILE")  # in memory it would be there twice
    try:
        await driver.execute_fetchall("VACUUM")
    finally:
        await driver.execute_fetchall("PRAGMA temp_store = MEMORY")
    await _empty_log(driver)
    if await asyncio.to_thread(has_traces, path, sought):
        _log.error("traces of what was erased are left path=%s", path)


async def _empty_log(driver: aiosqlite.Connection) -> None:
    ((is_busy, _, _),) = await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    if is_busy:
        raise UserError(
            "It is erased from my tables; the last traces could not be removed, for a backup or another program reads "
            "them just now. Ask again in a few minutes."
        )


def has_traces(path: Path, numbers: Collection[int]) -> bool:
    """Whether any file of the database holds one of these numbers, as SQLite writes it or in digits. Blocks."""
    wanted = [form for each in numbers for form in (each.to_bytes(8, "big"), str(each).encode())]
    files = [path, *(path.with_name(path.name + each) for each in COMPANIONS)]
    return any(form in piece for each in files if each.exists() for piece in _pieces(each) for form in wanted)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        before = b""
        while chunk := opened.read(_CHUNK):
            yield before + chunk
            before = chunk[-_OVERLAP:]


def remember(path: Path, secret: bytes, subject: str, now: datetime) -> None:
    """Put a person or server, such as `person:17`, on the list of what is erased. Blocks."""
    handle = os.open(list_of(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, line(now.isoformat(), hashed(secret, subject)).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def erase_again(opened: sqlite3.Connection, secret: bytes, later: Collection[str]) -> int:
    """Erase from a backup, opened with no transaction, those of whom there are these hashes; how many."""
    if not later:
        return 0
    opened.execute("PRAGMA secure_delete = ON")
    people, guilds = 0, 0
    for each in PERSONAL:
        for number in _numbers(opened, each.table.name, each.column):
            if hashed(secret, f"person:{number}") in later:
                people += 1
                for statement in each.erase:
                    opened.execute(statement, {"person": number})
    for table in (*OF_SERVERS, servers):
        for number in _numbers(opened, table.name, "guild_id"):
            if hashed(secret, f"server:{number}") in later:
                guilds += 1
                opened.execute(f"DELETE FROM {table.name} WHERE guild_id = ?", (number,))  # noqa: S608 (our names)
    if people or guilds:
        opened.execute("VACUUM")
    return people + guilds


def _numbers(opened: sqlite3.Connection, table: str, column: str) -> list[int]:
    with suppress(sqlite3.OperationalError):  # a table that an older backup does not have
        found = opened.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        return [number for (number,) in found]
    return []


def list_of(path: Path) -> Path:
    """The list beside a database."""
    return path.with_name(path.name + SUFFIX)
