"""Runs statements that are written once for both databases. Knows no table."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects import sqlite
from storage.dialects.statements import Statement, Worded, for_asyncpg, in_words_of

__all__ = ["Worded", "execute_many", "fetch", "in_words_of", "one_of"]


async def fetch(connection: AsyncConnection, statement: Statement, parameters: Sequence[object]) -> list[Any]:
    """All rows of one statement as the driver gives them, in one turn of the connection's thread where it has one."""
    if connection.dialect.name == "sqlite":
        return await sqlite.fetch(connection, in_words_of("sqlite", statement), parameters)
    return list(await connection.exec_driver_sql(for_asyncpg(statement), tuple(parameters)))


async def execute_many(connection: AsyncConnection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Give a statement to the driver for each of these rows: making them named parameters takes longer."""
    is_sqlite = connection.dialect.name == "sqlite"
    await connection.exec_driver_sql(statement if is_sqlite else for_asyncpg(statement), list(rows))


def one_of(connection: AsyncConnection, column: ColumnElement[str], texts: Sequence[str]) -> ColumnElement[bool]:
    """Whether a column holds one of these, however many they are."""
    told = json.dumps(list(texts))
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(told).table_valued("value").c.value))
    listed = func.json_array_elements_text(cast(literal(told, Text), JSON)).table_valued("value")
    return column.in_(select(listed.c.value))
