"""Keeps the text index true to the analysis that made it: builds it anew, step by step, when the analysis changes."""

import asyncio
import logging
import unicodedata
from collections.abc import Callable, Sequence

import Stemmer
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import ANALYSIS_VERSION, prepare, title_key
from bot.errors import OperatorError
from storage.database import Database
from storage.dialects.inserting import insert_into
from storage.dialects.text_index import LAYOUT, add_terms, finish_index, make_index, merge_titles
from storage.papers import COLUMNS, add_titles, known_paper
from storage.sameness import add_words, words_apart
from storage.schema import meta, other_titles, papers, title_words

_log = logging.getLogger(__name__)

_STEP = 200
"""Papers analysed in one transaction, so that others may write and the event loop turn between two."""

_PAUSE = 0.05
"""Seconds between two steps of tidying up. SQLite wakes nobody who waits to write: other programs look every tenth of a
second whether they may, and where one step follows the other they wait for ten seconds and longer."""

_UNDERWAY = "being built "


def index_version() -> str:
    """What the terms depend on: our analysis, the tables, the stemmer, and Python's Unicode tables."""
    return f"{ANALYSIS_VERSION}.{LAYOUT} snowball {Stemmer.version()} unicode {unicodedata.unidata_version}"


async def ensure_index(
    database: Database, *, at_once: int | None = None, tell: Callable[[int], None] | None = None
) -> None:
    """Build the index unless it is there and as this program makes it. Killed in the middle, it goes on from there.

    `tell` hears of every step how many papers it indexed; so many are indexed `at_once`, in one transaction.
    """
    wanted = index_version()
    async with database.read() as connection:
        if await _get(connection, "index") == wanted:
            return
    total = 0
    while True:
        async with database.write() as connection:
            indexed = await _step(connection, wanted, at_once or _STEP)
        total += indexed
        if tell is not None:
            tell(indexed)
        if not indexed:
            _log.info("text index built papers=%d version=%r", total, wanted)
            if total:
                await tidy_index(database)
            return


async def tidy_index(database: Database) -> None:
    """Put together what many transactions left in pieces, in short ones, between which others can write."""
    begins = is_left = True
    while is_left:
        async with database.write() as connection:
            is_left = await merge_titles(connection, begins=begins)
        begins = False
        if is_left:
            await asyncio.sleep(_PAUSE)


async def require_index(connection: AsyncConnection) -> None:
    """Raise OperatorError where another program has rebuilt the index, or is just rebuilding it, in its own way."""
    if await _get(connection, "index") != index_version():
        raise OperatorError("Another version of Paperboy has taken over this database. Update and restart this one.")


async def _step(connection: AsyncConnection, wanted: str, at_once: int) -> int:
    """Index the next papers; how many. None left: the index is declared whole."""
    state = await _get(connection, "index")
    if state == wanted:
        return 0
    if state != _UNDERWAY + wanted:
        await make_index(connection)
        await connection.execute(delete(title_words))
        await _set(connection, "index", _UNDERWAY + wanted)
        await _set(connection, "indexed through", "0")
    through = int(await _get(connection, "indexed through") or 0)
    following = select(*COLUMNS, papers.c.title_key).where(papers.c.id > through).order_by(papers.c.id).limit(at_once)
    rows = (await connection.execute(following)).all()
    if not rows:
        await finish_index(connection)
        await _set(connection, "index", wanted)
        return 0
    prepared = [(row.id, prepare(known_paper(row[:-1]).paper)) for row in rows]
    await add_terms(connection, [(number, each.terms) for number, each in prepared])
    await add_words(connection, [(number, words_apart(each)) for number, each in prepared])
    keys = [
        {"number": number, "key": each.title_key}
        for (number, each), row in zip(prepared, rows, strict=True)
        if each.title_key != row.title_key
    ]
    if keys:
        changed = update(papers).where(papers.c.id == bindparam("number")).values(title_key=bindparam("key"))
        await connection.execute(changed, keys)
    await _rekey_other_titles(connection, [number for number, _ in prepared])
    await _set(connection, "indexed through", str(rows[-1].id))
    return len(rows)


async def _rekey_other_titles(connection: AsyncConnection, numbers: Sequence[int]) -> None:
    theirs = other_titles.c.paper_id.in_(numbers)
    rows = (await connection.execute(select(other_titles.c.paper_id, other_titles.c.title).where(theirs))).all()
    await connection.execute(delete(other_titles).where(theirs))
    await add_titles(connection, [(row.paper_id, title_key(row.title), row.title) for row in rows])


async def _get(connection: AsyncConnection, key: str) -> str | None:
    value: str | None = (await connection.execute(select(meta.c.value).where(meta.c.key == key))).scalar()
    return value


async def _set(connection: AsyncConnection, key: str, value: str) -> None:
    statement = insert_into(connection, meta).values(key=key, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
