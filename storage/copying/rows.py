"""The rows of a table page by page in the order of its key, the same on every kind of database; and their checksum."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Select, Table, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.upkeep_interfaces import Checksum
from storage.copying.marks import is_ours
from storage.daily_schema import votes
from storage.instants import Duration, Instant
from storage.schema import leases, meta, metadata, title_words

PAGE = 2_000
"""Rows that are read, written and kept in memory at once."""

NOT_COPIED = (title_words, leases)
"""What is built anew with the text index, and what processes do at the moment."""

Rows = Sequence[tuple[Any, ...]]

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode


@cache
def tables() -> tuple[Table, ...]:
    """What is copied, those first that others refer to: all but `NOT_COPIED`."""
    assert votes.metadata is metadata  # noqa: S101 (with the tables of the paper of the day, then)
    return tuple(_plain(each) for each in metadata.sorted_tables if each not in NOT_COPIED)


def _plain(table: Table) -> Table:
    """The table with times as the numbers that they are kept as: to make times of them and back takes long."""
    columns = [
        Column(
            each.name,
            BigInteger() if isinstance(each.type, (Instant, Duration)) else each.type,
            primary_key=each.primary_key,
        )
        for each in table.c
    ]
    return Table(table.name, MetaData(), *columns)


async def pages(connection: AsyncConnection, table: Table, after: tuple[Any, ...] | None = None) -> AsyncIterator[Rows]:
    """All rows whose key comes after this one, in the order of the keys."""
    key = tuple(table.primary_key.columns)
    places = [list(table.c).index(each) for each in key]
    while True:
        found = await connection.execute(_page(table, after))
        rows = [tuple(each) for each in found]
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = tuple(rows[-1][each] for each in places)


async def last_key(connection: AsyncConnection, table: Table) -> tuple[Any, ...] | None:
    """The greatest key; None where there are no rows."""
    key = tuple(table.primary_key.columns)
    row = (await connection.execute(_of(table, select(*key)).order_by(*(each.desc() for each in key)).limit(1))).first()
    return None if row is None else tuple(row)


async def count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(_of(table, select(func.count()).select_from(table)))).scalar_one())


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many rows each table has."""
    return {each.name: await count(connection, each) for each in tables()}


async def checksum(connection: AsyncConnection, table: Table, tell: Callable[[int], None]) -> Checksum:
    """The SHA-256 of all rows in the order of the keys, each as a line of JSON: numbers, texts, true, false and null,
    days as ISO 8601 has them. `tell` hears of each page how many rows were read.
    """
    total, digest = 0, hashlib.sha256()
    async for rows in pages(connection, table):
        digest.update("".join([f"{_encoded(each)}\n" for each in rows]).encode())
        total += len(rows)
        tell(len(rows))
    return Checksum(rows=total, sha256=digest.hexdigest())


async def known_of(connection: AsyncConnection) -> dict[str, str]:
    """What a database knows about itself."""
    return {row.key: row.value for row in await connection.execute(select(meta))}


async def held(connection: AsyncConnection) -> dict[str, int]:
    """How many rows the tables have that have any."""
    return {name: many for name, many in (await counts(connection)).items() if many}


def _page(table: Table, after: tuple[Any, ...] | None) -> Select[Any]:
    key = tuple(table.primary_key.columns)
    page = _of(table, select(table)).order_by(*key).limit(PAGE)
    if after is None:
        return page
    values = [literal(value, each.type) for value, each in zip(after, key, strict=True)]
    return page.where(tuple_(*key) > tuple_(*values) if len(key) > 1 else key[0] > values[0])


def _of(table: Table, wanted: Select[Any]) -> Select[Any]:
    """Without what a database notes about itself alone."""
    return wanted.where(~is_ours(table.c.key)) if table.name == meta.name else wanted
