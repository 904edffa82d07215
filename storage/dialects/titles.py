"""Which papers go by a title or hold a word of it, asked for many at once, as SQLite answers it. Decides nothing.

Each answer is cut where it gets long, and keeps the newest papers: the greatest numbers.
"""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects import gin
from storage.dialects.statements import Statement, Worded
from storage.dialects.wording import fetch
from storage.schema import WITHOUT_ARXIV_ID

_NAMED = """
    SELECT (SELECT group_concat(id) FROM (
               SELECT id FROM papers WHERE title_key = value {condition} ORDER BY id DESC LIMIT ?1) AS few),
           (SELECT group_concat(paper_id) FROM (
               SELECT paper_id FROM other_titles WHERE title_key = value ORDER BY paper_id DESC LIMIT ?1) AS others)
    FROM json_each(?2) AS asked ORDER BY key
"""
_NAMED_ANYHOW = _NAMED.format(condition="")
_NAMED_APART = _NAMED.format(condition=f"AND {WITHOUT_ARXIV_ID}")
_HOLDING = Worded(
    sqlite="""
    SELECT (SELECT group_concat(rowid) FROM (
               SELECT rowid FROM title_index WHERE title_index MATCH value ORDER BY rowid DESC LIMIT ?1))
    FROM json_each(?2) ORDER BY key
    """,
    postgresql="""
    SELECT (SELECT string_agg(CAST(id AS text), ',') FROM (
               SELECT id FROM paper_titles WHERE word_terms @@ CAST(value AS tsquery)
               ORDER BY id DESC LIMIT ?1) AS few)
    FROM json_array_elements_text(CAST(?2 AS json)) WITH ORDINALITY AS asked (value, key) ORDER BY key
    """,
)
_HOLDING_APART = Worded(
    sqlite="""
    SELECT (SELECT group_concat(paper_id) FROM (
               SELECT paper_id FROM title_words WHERE word = value ORDER BY paper_id DESC LIMIT ?1))
    FROM json_each(?2) ORDER BY key
    """,
    postgresql="""
    SELECT (SELECT string_agg(CAST(paper_id AS text), ',') FROM (
               SELECT paper_id FROM title_words WHERE word = value ORDER BY paper_id DESC LIMIT ?1) AS few)
    FROM json_array_elements_text(CAST(?2 AS json)) WITH ORDINALITY AS asked (value, key) ORDER BY key
    """,
)
_TITLED = "SELECT id, title, authors, ids FROM papers WHERE id IN (SELECT value FROM json_each(?) AS wanted)"

Numbers = str | None
"""Numbers of papers with commas between them, the greatest first; None where there are none."""


class Titled(NamedTuple):
    """What of a paper tells it from others; authors and ids as a FlatPaper has them."""

    number: int
    title: str
    authors: str
    ids: str


async def papers_named(
    connection: AsyncConnection, keys: Sequence[int], most: int, *, apart: bool
) -> list[tuple[Numbers, Numbers]]:
    """For each title key the papers that go by it, and those that came with it once; `apart`: of the first only those
    without an arXiv id."""
    return await fetch(connection, _NAMED_APART if apart else _NAMED_ANYHOW, (most, json.dumps(keys)))


async def titles_holding(connection: AsyncConnection, words: Sequence[str], most: int) -> list[Numbers]:
    """For each word the papers whose title holds it."""
    quoted = _quoted if connection.dialect.name == "sqlite" else gin.quoted
    return await _holding(connection, _HOLDING, [quoted(each) for each in words], most)


async def titles_holding_all(
    connection: AsyncConnection, choices: Sequence[Iterable[Sequence[str]]], most: int
) -> list[Numbers]:
    """For each of these the papers whose title holds all words of one of its choices."""
    is_sqlite = connection.dialect.name == "sqlite"
    either, every, quoted = (" OR ", " AND ", _quoted) if is_sqlite else (" | ", " & ", gin.quoted)
    asked = [either.join(f"({every.join(map(quoted, words))})" for words in each) for each in choices]
    return await _holding(connection, _HOLDING, asked, most)


async def titles_holding_apart(connection: AsyncConnection, words: Sequence[str], most: int) -> list[Numbers]:
    """For each word the papers without an arXiv id whose title holds it."""
    return await _holding(connection, _HOLDING_APART, words, most)


async def any_apart(connection: AsyncConnection) -> bool:
    """Whether there is any paper without an arXiv id."""
    ((found,),) = await fetch(connection, "SELECT EXISTS(SELECT 1 FROM title_words)", ())
    return bool(found)


async def titled(connection: AsyncConnection, numbers: Iterable[int]) -> list[Titled]:
    """These papers, in any order."""
    return [Titled._make(row) for row in await fetch(connection, _TITLED, (json.dumps(list(numbers)),))]


async def _holding(connection: AsyncConnection, statement: Statement, asked: Sequence[str], most: int) -> list[Numbers]:
    return [numbers for (numbers,) in await fetch(connection, statement, (most, json.dumps(asked)))]


def _quoted(word: str) -> str:
    return f'"{word}"'
