"""The text index as SQLite keeps it: FTS5 tables of finished terms. No word of a person reaches its query syntax.

`paper_index` finds what a query asks for, `known_index` the same among the well-known papers alone, which are few.
`title_terms` finds in a twentieth of the time what stands in titles: terms of titles and labels, without places or
columns. `title_index` completes half-typed titles. They keep no text of their own
(https://sqlite.org/fts5.html#contentless_tables), so what is taken out must be told with the terms it was put in with.
None keeps lengths (`columnsize=0`): looking them up was four fifths of the time that bm25() took, and ordering
the best matches by their titles finds more than lengths do.
"""

from collections.abc import Iterable
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import WELL_KNOWN, PaperTerms, first_author, shared_labels

LAYOUT = 4
"""Raise it whenever the tables below change: the index is then built anew."""

_MOST_ASKED = ("title_index", "title_terms", "known_index")
"""What every search or keystroke looks up, and is small beside the rest."""
_MERGED = 250
"""Pages of 4,000 bytes that are written in one step of merging: some tenths of a second at most."""
_AT_ONCE = 1_000
"""Papers given to the driver between two turns of the event loop."""

_TABLES = (
    "CREATE VIRTUAL TABLE paper_index USING fts5(title, abstract, authors, labels, content='', columnsize=0, "
    "tokenize='ascii')",
    "CREATE VIRTUAL TABLE known_index USING fts5(title, abstract, authors, labels, content='', columnsize=0, "
    "tokenize='ascii')",
    "CREATE VIRTUAL TABLE title_index USING fts5(words, content='', columnsize=0, detail=none, prefix='1 2 3', "
    "tokenize='ascii')",
    "CREATE VIRTUAL TABLE title_terms USING fts5(terms, content='', columnsize=0, detail=none, tokenize='ascii')",
    # The titles again, slim, for ordering what was found: reading whole papers for it took twice the time.
    "CREATE TABLE paper_titles (id INTEGER PRIMARY KEY, words TEXT NOT NULL, lead TEXT NOT NULL)",
    # How much may wait in memory before it is written: many small pieces cost far more to merge.
    "INSERT INTO paper_index(paper_index, rank) VALUES ('hashsize', 64000000)",
    "INSERT INTO paper_index(paper_index, rank) VALUES ('automerge', 8)",
    "INSERT INTO title_index(title_index, rank) VALUES ('hashsize', 16000000)",
    "INSERT INTO title_terms(title_terms, rank) VALUES ('hashsize', 16000000)",
)


async def make_index(connection: AsyncConnection) -> None:
    """Make the tables, empty; what was there is gone."""
    for name in ("paper_index", "known_index", "title_index", "title_terms", "paper_titles"):
        await connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    for statement in _TABLES:
        await connection.exec_driver_sql(statement)


async def merge_titles(connection: AsyncConnection, *, begins: bool) -> bool:
    """Put the lists of titles and of well-known papers together, which every few transactions leave another piece of;
    one step of it.

    Whether there is more to do: after one step that `begins`, until there is not. What is asked for is looked up in
    each piece, so that one of them is read up to twice as fast as nine (https://sqlite.org/fts5.html#the_merge_command).
    """
    pages, is_left = -_MERGED if begins else _MERGED, False
    for name in _MOST_ASKED:
        before = await _changes(connection)
        await connection.exec_driver_sql(f"INSERT INTO {name}({name}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
        is_left = is_left or await _changes(connection) - before > 1
    return is_left


async def _changes(connection: AsyncConnection) -> int:
    return int((await connection.exec_driver_sql("SELECT total_changes()")).scalar_one())


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
        if known := [(number, *terms[:4]) for number, terms in some if _is_known(terms)]:
            await connection.exec_driver_sql(
                "INSERT INTO known_index(rowid, title, abstract, authors, labels) VALUES (?, ?, ?, ?, ?)", known
            )
        await connection.exec_driver_sql(
            "INSERT INTO title_index(rowid, words) VALUES (?, ?)",
            [(number, terms.title_words) for number, terms in some],
        )
        await connection.exec_driver_sql(
            "INSERT INTO title_terms(rowid, terms) VALUES (?, ?)",
            [(number, f"{terms.title} {shared_labels(terms.labels)}") for number, terms in some],
        )
        await connection.exec_driver_sql(
            "INSERT INTO paper_titles(id, words, lead) VALUES (?, ?, ?)",
            [(number, terms.title_words, first_author(terms.authors)) for number, terms in some],
        )


async def remove_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Take papers out of the index; the terms are those they were added with."""
    rows = sorted(entries, key=itemgetter(0))
    if rows:
        await connection.exec_driver_sql(
            "INSERT INTO paper_index(paper_index, rowid, title, abstract, authors, labels) "
            "VALUES ('delete', ?, ?, ?, ?, ?)",
            [(number, *terms[:4]) for number, terms in rows],
        )
        if known := [(number, *terms[:4]) for number, terms in rows if _is_known(terms)]:
            await connection.exec_driver_sql(
                "INSERT INTO known_index(known_index, rowid, title, abstract, authors, labels) "
                "VALUES ('delete', ?, ?, ?, ?, ?)",
                known,
            )
        await connection.exec_driver_sql(
            "INSERT INTO title_index(title_index, rowid, words) VALUES ('delete', ?, ?)",
            [(number, terms.title_words) for number, terms in rows],
        )
        await connection.exec_driver_sql(
            "INSERT INTO title_terms(title_terms, rowid, terms) VALUES ('delete', ?, ?)",
            [(number, f"{terms.title} {shared_labels(terms.labels)}") for number, terms in rows],
        )
        await connection.exec_driver_sql("DELETE FROM paper_titles WHERE id = ?", [(number,) for number, _ in rows])


def _is_known(terms: PaperTerms) -> bool:
    return terms.labels.endswith(WELL_KNOWN) or WELL_KNOWN in terms.labels.split()
