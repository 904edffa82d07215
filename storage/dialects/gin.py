"""The text index as PostgreSQL keeps it: a tsvector of finished terms a paper, without places, under a GIN index.

Terms of titles and of authors stand in it once more, each behind its mark, which no term holds: so one look at the
index answers what a query asks of any column, and only for phrases the texts themselves are read. `gin_blocks` says
what else it holds. No text search
configuration of PostgreSQL has a say: what a term is, `domain.analysis` alone decides.
"""

from collections.abc import Iterable, Iterator
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import WELL_KNOWN, PaperTerms, first_author, shared_labels
from storage.dialects.gin_blocks import blocks_of

TITLE_MARK, AUTHOR_MARK = "=", "@"

_AT_ONCE = 500
"""Papers given to the driver between two turns of the event loop."""

# What is long goes to pages of its own: to look at many papers of which only numbers are wanted reads few pages then.
_SLIM = "WITH (toast_tuple_target = 128)"
# What is not in order yet, every search reads from end to end.
_PENDING = "WITH (gin_pending_list_limit = 512)"
_TABLES = (
    "CREATE TABLE paper_index (id bigint PRIMARY KEY, is_known boolean NOT NULL, terms tsvector NOT NULL, "
    'title text COLLATE "C" NOT NULL, abstract text COLLATE "C" NOT NULL, authors text COLLATE "C" NOT NULL) ' + _SLIM,
    'CREATE TABLE paper_titles (id bigint PRIMARY KEY, words text COLLATE "C" NOT NULL, '
    'lead text COLLATE "C" NOT NULL, word_terms tsvector NOT NULL)',
)
_INDEXES = (
    f"CREATE INDEX IF NOT EXISTS paper_index_terms ON paper_index USING gin (terms) {_PENDING}",
    f"CREATE INDEX IF NOT EXISTS paper_index_known ON paper_index USING gin (terms) {_PENDING} WHERE is_known",
    f"CREATE INDEX IF NOT EXISTS paper_titles_words ON paper_titles USING gin (word_terms) {_PENDING}",
)
# No term holds a space. As lists they would take the driver longer than all else does.
_ADD = "INSERT INTO paper_index VALUES ($1, $2, array_to_tsvector(string_to_array($3::text, ' ')), $4, $5, $6)"
_ADD_TITLE = "INSERT INTO paper_titles VALUES ($1, $2, $3, array_to_tsvector(string_to_array($4::text, ' ')))"


async def make_index(connection: AsyncConnection) -> None:
    """Make the tables, empty and without indexes; what was there is gone."""
    await connection.exec_driver_sql("DROP TABLE IF EXISTS paper_index, paper_titles")
    for statement in _TABLES:
        await connection.exec_driver_sql(statement)


async def finish_index(connection: AsyncConnection) -> None:
    """Make the indexes, which takes a fraction of the time when all papers are in."""
    await connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for statement in _INDEXES:
        await connection.exec_driver_sql(statement)


async def add_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Index papers that are not in the index, by number."""
    for some in _batches(entries):
        rows = [(number, _is_known(terms), _lexemes(number, terms), *terms[:3]) for number, terms in some]
        titles = [
            (number, terms.title_words, first_author(terms.authors), " ".join(sorted(set(terms.title_words.split()))))
            for number, terms in some
        ]
        await connection.exec_driver_sql(_ADD, rows)
        await connection.exec_driver_sql(_ADD_TITLE, titles)


async def remove_terms(connection: AsyncConnection, entries: Iterable[tuple[int, PaperTerms]]) -> None:
    """Take papers out of the index."""
    for some in _batches(entries):
        numbers = ([number for number, _ in some],)
        for table in ("paper_index", "paper_titles"):
            await connection.exec_driver_sql(f"DELETE FROM {table} WHERE id = ANY($1::bigint[])", numbers)  # noqa: S608


def quoted(term: str, mark: str = "", *, prefix: bool = False) -> str:
    """A term in the syntax of tsquery (https://www.postgresql.org/docs/current/datatype-textsearch.html).

    No term holds a quotation mark or a backslash.
    """
    return f"'{mark}{term}'{':*' if prefix else ''}"


def _is_known(terms: PaperTerms) -> bool:
    return WELL_KNOWN in terms.labels.split()


def _lexemes(number: int, terms: PaperTerms) -> str:
    found = {*blocks_of(number), *terms.title.split(), *terms.abstract.split(), *terms.labels.split()}
    found.update(TITLE_MARK + each for each in (*terms.title.split(), *shared_labels(terms.labels).split()))
    found.update(AUTHOR_MARK + each for each in terms.authors.split())
    return " ".join(found)


def _batches(entries: Iterable[tuple[int, PaperTerms]]) -> Iterator[list[tuple[int, PaperTerms]]]:
    rows = sorted(entries, key=itemgetter(0))
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
