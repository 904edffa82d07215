"""The text index as SQLite keeps it: two FTS5 tables of finished terms. No word of a person reaches its query syntax.

`paper_index` finds what a query asks for; `title_index` completes half-typed titles. Both keep no text of their own
(https://sqlite.org/fts5.html#contentless_tables), so what is taken out must be told with the terms it was put in with.
Neither keeps lengths (`columnsize=0`): looking them up was four fifths of the time that bm25() took, and ordering
the best matches by their titles finds more than lengths do.
"""

import json
from collections.abc import Iterable, Sequence
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import WELL_KNOWN, PaperTerms
from bot.domain.ranking import Candidate, Found
from storage.dialects import vocabulary
from storage.dialects.conditions import Where
from storage.dialects.sqlite import fetch

LAYOUT = 2
"""Raise it whenever the tables below change: the index is then built anew."""

_AT_ONCE = 1_000
"""Papers given to the driver between two turns of the event loop."""

_TABLES = (
    "CREATE VIRTUAL TABLE paper_index USING fts5(title, abstract, authors, labels, content='', columnsize=0, "
    "tokenize='ascii')",
    "CREATE VIRTUAL TABLE title_index USING fts5(words, content='', columnsize=0, detail=none, prefix='1 2 3', "
    "tokenize='ascii')",
    # The titles again, slim, for ordering what was found: reading whole papers for it took twice the time.
    "CREATE TABLE paper_titles (id INTEGER PRIMARY KEY, terms TEXT NOT NULL, lead TEXT NOT NULL)",
    # How much may wait in memory before it is written: many small pieces cost far more to merge.
    "INSERT INTO paper_index(paper_index, rank) VALUES ('hashsize', 16000000)",
    "INSERT INTO paper_index(paper_index, rank) VALUES ('automerge', 8)",
)
_WEIGHTS = (10.0, 1.0, 4.0, 0.0)
"""What a term counts for in the title, the abstract, the author names and the labels."""


_POPULAR = 1_000


async def make_index(connection: AsyncConnection) -> None:
    """Make both tables, empty; what was there is gone."""
    for name in ("paper_index", "title_index", "paper_titles", *vocabulary.NAMES):
        await connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    for statement in (*_TABLES, *vocabulary.TABLES):
        await connection.exec_driver_sql(statement)


async def add_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Index papers that are not in the index, by number.

    All that a transaction has is best given at once: where a number is less than the one before, FTS5 writes out what
    it holds, and every piece it writes must be merged later.
    """
    rows = sorted(entries, key=itemgetter(0))
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        await connection.exec_driver_sql(
            "INSERT INTO paper_index(rowid, title, abstract, authors, labels) VALUES (?, ?, ?, ?, ?)",
            [(number, *terms[:4]) for number, terms in some],
        )
        await connection.exec_driver_sql(
            "INSERT INTO title_index(rowid, words) VALUES (?, ?)", [(number, _title(terms)) for number, terms in some]
        )
        await connection.exec_driver_sql(
            "INSERT INTO paper_titles(id, terms, lead) VALUES (?, ?, ?)",
            [(number, terms.title, terms.authors.partition(" ")[0]) for number, terms in some],
        )
    await vocabulary.learn(connection, rows)


async def remove_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Take papers out of the index; the terms are those they were added with."""
    rows = sorted(entries, key=itemgetter(0))
    if rows:
        await connection.exec_driver_sql(
            "INSERT INTO paper_index(paper_index, rowid, title, abstract, authors, labels) "
            "VALUES ('delete', ?, ?, ?, ?, ?)",
            [(number, *terms[:4]) for number, terms in rows],
        )
        await connection.exec_driver_sql(
            "INSERT INTO title_index(title_index, rowid, words) VALUES ('delete', ?, ?)",
            [(number, _title(terms)) for number, terms in rows],
        )
        await connection.exec_driver_sql("DELETE FROM paper_titles WHERE id = ?", [(number,) for number, _ in rows])
        await vocabulary.unlearn(connection, rows)


async def count_matches(connection: AsyncConnection, asked: Where) -> int:
    ((count,),) = await fetch(connection, f"SELECT count(*) FROM {asked.source}", asked.parameters)  # noqa: S608
    return int(count)


async def best_matches(connection: AsyncConnection, asked: Where, limit: int) -> list[Found]:
    """The papers whose text matches best, best first; the newer first among equals."""
    # Without lengths, each column counts as -1 terms long: bm25() then divides 0 by 0, which is NULL, for a match of
    # labels alone where papers have 12 terms on average.
    score = "ifnull(-bm25(paper_index, ?, ?, ?, ?), 0.0)" if asked.is_matched else "0.0"
    weights = _WEIGHTS if asked.is_matched else ()
    rows = await fetch(
        connection,
        f"SELECT id, terms, lead, score FROM (SELECT {asked.number} AS number, {score} AS score FROM {asked.source} "  # noqa: S608
        "ORDER BY score DESC, number DESC LIMIT ?) AS best "
        "JOIN paper_titles ON paper_titles.id = best.number ORDER BY score DESC, id DESC",
        (*weights, *asked.parameters, limit),
    )
    return [Found(id=number, title=title.split(), lead=lead, score=score) for number, title, lead, score in rows]


async def newest_matches(connection: AsyncConnection, asked: Where, limit: int, offset: int = 0) -> list[int]:
    statement = f"SELECT {asked.number} FROM {asked.source} ORDER BY {asked.number} DESC LIMIT ? OFFSET ?"  # noqa: S608
    return [number for (number,) in await fetch(connection, statement, (*asked.parameters, limit, offset))]


async def newest_titles(connection: AsyncConnection, asked: Where, limit: int) -> list[Found]:
    """The newest papers that match, newest first."""
    rows = await fetch(
        connection,
        f"SELECT id, terms, lead FROM (SELECT {asked.number} AS number FROM {asked.source} "  # noqa: S608
        f"ORDER BY {asked.number} DESC LIMIT ?) AS newest "
        "JOIN paper_titles ON paper_titles.id = newest.number ORDER BY id DESC",
        (*asked.parameters, limit),
    )
    return [Found(id=number, title=title.split(), lead=lead) for number, title, lead in rows]


async def popular_titles(connection: AsyncConnection, asked: Where, limit: int) -> list[Found]:
    """The papers with the most upvotes among the newest `_POPULAR` that match."""
    rows = await fetch(
        connection,
        f"SELECT number, terms, lead, upvotes FROM (SELECT {asked.number} AS number FROM {asked.source} "  # noqa: S608
        f"ORDER BY {asked.number} DESC LIMIT {_POPULAR}) AS newest JOIN paper_titles ON paper_titles.id = number "
        "JOIN papers AS known ON known.id = number ORDER BY upvotes DESC, number DESC LIMIT ?",
        (*asked.parameters, limit),
    )
    return [Found(id=number, title=title.split(), lead=lead, upvotes=votes or 0) for number, title, lead, votes in rows]


async def abstracts(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, str]:
    """The abstracts of these papers, as they stand."""
    return dict(
        await fetch(
            connection,
            "SELECT papers.id, abstract FROM json_each(?) AS wanted CROSS JOIN papers ON papers.id = wanted.value",
            (json.dumps(list(numbers)),),
        )
    )


async def titles_beginning(
    connection: AsyncConnection, words: Sequence[str], limit: int, *, well_known: bool = False
) -> list[Candidate]:
    """The newest papers whose title holds all these words, the last one perhaps only begun."""
    asked = [*map(_quoted, (*words[:-1], *([WELL_KNOWN] if well_known else []))), f"{_quoted(words[-1])}*"]
    rows = await fetch(
        connection,
        "SELECT id, title, upvotes FROM (SELECT rowid FROM title_index WHERE title_index MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) AS begun JOIN papers ON papers.id = begun.rowid",
        (" AND ".join(asked), limit),
    )
    return [Candidate(id=number, title=title, upvotes=upvotes or 0) for number, title, upvotes in rows]


def _title(terms: PaperTerms) -> str:
    return f"{terms.title_words} {WELL_KNOWN}" if WELL_KNOWN in terms.labels.split() else terms.title_words


def _quoted(terms: str) -> str:
    return f'"{terms}"'
