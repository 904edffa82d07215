"""The text index of either kind of database: how it is made, and how papers get into it and out of it."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PaperTerms
from storage.dialects import fts5, gin

LAYOUT = fts5.LAYOUT
"""Raised whenever the tables of either change: the index is then built anew."""


async def make_index(connection: AsyncConnection) -> None:
    """Make the tables, empty; what was there is gone. Nothing is found in them before `finish_index`."""
    await (fts5 if connection.dialect.name == "sqlite" else gin).make_index(connection)


async def finish_index(connection: AsyncConnection) -> None:
    """Make what searches need besides, and what is made fastest when all papers are in."""
    if connection.dialect.name != "sqlite":
        await gin.finish_index(connection)


async def merge_titles(connection: AsyncConnection, *, begins: bool) -> bool:
    """Put together what half-typed titles are looked up in; whether there is more to do after this step."""
    return connection.dialect.name == "sqlite" and await fts5.merge_titles(connection, begins=begins)


async def add_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Index papers that are not in the index, by number."""
    await (fts5 if connection.dialect.name == "sqlite" else gin).add_terms(connection, entries)


async def remove_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Take papers out of the index; the terms are those they were added with."""
    await (fts5 if connection.dialect.name == "sqlite" else gin).remove_terms(connection, entries)
