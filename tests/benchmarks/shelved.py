"""Databases to measure on: one that is there, or one made of a file for as long as it is needed."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.analysis import prepare
from bot.domain.papers import Paper
from bot.services.imports import import_files
from bot.sources.formats import FORMATS
from storage import open_storage
from storage.dialects.sqlite import fetch
from storage.sql import SqlStorage

NOW = datetime(2026, 9, 1, tzinfo=UTC)
_TOGETHER = 2_000


def clock() -> datetime:
    """Always the same time."""
    return NOW


@asynccontextmanager
async def shelved(path: Path) -> AsyncIterator[SqlStorage]:
    """The database at `path` where that ends in `.db`; else a new one with the papers of this file."""
    if path.suffix == ".db":
        async with await open_storage(f"sqlite:///{path}") as storage:
            yield storage
        return
    async with emptied() as storage:
        await import_files([path], storage=storage, formats=FORMATS, now=NOW)
        yield storage


@asynccontextmanager
async def emptied(papers: Sequence[Paper] = ()) -> AsyncIterator[SqlStorage]:
    """A new database with these papers."""
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"sqlite:///{folder}/papers.db") as storage:
            for start in range(0, len(papers), _TOGETHER):
                async with storage.write() as transaction:
                    await transaction.put_papers([prepare(each) for each in papers[start : start + _TOGETHER]], now=NOW)
            yield storage


async def numbers(storage: SqlStorage) -> list[int]:
    """The numbers of all papers."""
    async with storage._database.read() as connection:
        return [number for (number,) in await fetch(connection, "SELECT id FROM papers ORDER BY id", ())]
