"""INSERT … ON CONFLICT as each database has it; both say it alike. Knows no table."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert


def insert_into(connection: AsyncConnection, table: Table) -> "Insert":
    """An insert that may say what is to happen where there is such a row already."""
    return _insert(connection.dialect.name, table)


async def put_row(connection: AsyncConnection, table: Table, *rows: Mapping[str, object]) -> None:
    """Write whole rows, one at least, each over the one with the same primary key where there is one."""
    await connection.execute(_put(connection.dialect.name, table), rows)


def _insert(database: str, table: Table) -> "Insert":
    if database == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (a twentieth of a second that SQLite need not pay)

    return postgresql.insert(table)


@cache
def _put(database: str, table: Table) -> "Insert":
    put = _insert(database, table)
    others = {column.name: put.excluded[column.name] for column in table.c if not column.primary_key}
    return put.on_conflict_do_update(index_elements=list(table.primary_key), set_=others)
