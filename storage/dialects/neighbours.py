"""What SQLite's text index tells of a paper's neighbours: how common its terms are, and which papers share them."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.similarity import Compared
from storage.dialects.sqlite import driver_of, fetch

_LOOKS_EVERY = 200
"""Steps of SQLite's virtual machine between two looks at the clock."""

_TOTALS = "SELECT block FROM paper_index_data WHERE id = 1"
_COUNTS = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM paper_index WHERE paper_index MATCH value LIMIT ?1))
    FROM json_each(?2) ORDER BY key
"""
_SHARING = """
    SELECT papers.id, title, abstract FROM (
        SELECT rowid AS number, bm25(paper_index, 3.0, 1.0, 0.0, 0.0) AS score FROM paper_index
        WHERE paper_index MATCH ?1 ORDER BY score, number DESC LIMIT ?2) AS best
    CROSS JOIN papers ON papers.id = best.number
"""


@asynccontextmanager
async def bounded(connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
    """Let SQLite stop whatever statement of ours still runs after so many seconds. Raises TimeoutError then."""
    driver = await driver_of(connection)
    ends_at = time.monotonic() + seconds
    await driver.set_progress_handler(lambda: time.monotonic() > ends_at, _LOOKS_EVERY)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise TimeoutError(f"reading took over {seconds} s") from error
    finally:
        # None takes it away (docs.python.org, sqlite3).
        await driver.set_progress_handler(None, 0)  # type: ignore[arg-type]


async def count_indexed(connection: AsyncConnection) -> int:
    """How many papers are indexed: FTS5 keeps it as the first number of its first record."""
    rows = await fetch(connection, _TOTALS, ())
    return _first_number(rows[0][0]) if rows else 0


async def count_holding(connection: AsyncConnection, terms: Sequence[str], most: int) -> list[int]:
    """For each term how many papers hold it in title or abstract, `most` where there are more."""
    asked = [f'{{title abstract}} : "{each}"' for each in terms]
    return [count for (count,) in await fetch(connection, _COUNTS, (most, json.dumps(asked)))]


async def papers_sharing(connection: AsyncConnection, terms: Sequence[str], limit: int) -> list[Compared]:
    """The papers whose titles and abstracts hold some of these terms, the closest first."""
    asked = f"{{title abstract}} : ({' OR '.join(map(_quoted, terms))})"
    rows = await fetch(connection, _SHARING, (asked, limit))
    return [Compared(id=number, title=title, abstract=abstract) for number, title, abstract in rows]


def _quoted(term: str) -> str:
    return f'"{term}"'


def _first_number(block: bytes) -> int:
    """A number as SQLite writes it: seven bits a byte, the greatest first (https://sqlite.org/fileformat.html#varint).

    None here is so great that it takes nine bytes.
    """
    value = 0
    for byte in block[:8]:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value
