"""What the text index's words are: about how many papers hold a term, and how words are spelt. Holds no paper.

Both are guides, never answers: counts are taken from a sample, and a spelling stays when its last paper goes.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PaperTerms
from storage.dialects.sqlite import fetch

TABLES = (
    "CREATE TABLE term_counts (term TEXT PRIMARY KEY, papers INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE spellings (size INTEGER, word TEXT, backwards TEXT NOT NULL, PRIMARY KEY (size, word)) WITHOUT ROWID",
    "CREATE INDEX spellings_backwards ON spellings (size, backwards)",
)
NAMES = ("term_counts", "spellings")

_ALL = ""
"""The term that every paper counts as holding: how many papers there are."""
_COUNTED_WHOLE = 1 << 14
"""Papers of a library in which each one is counted; in larger ones every second, fourth and so on."""
_SHORTEST = 3
"""Letters of a word that may be misspelt."""
_MOST_SPELLINGS = 3_000
_AT_ONCE = 5_000
"""Rows given to the driver between two turns of the event loop."""

_ADD = (
    "INSERT INTO term_counts (term, papers) VALUES (?, ?) ON CONFLICT DO UPDATE SET papers = papers + excluded.papers"
)
_TAKE = "UPDATE term_counts SET papers = max(0, papers - ?2) WHERE term = ?1"
_SPELL = "INSERT OR IGNORE INTO spellings (size, word, backwards) VALUES (?, ?, ?)"
_COUNTS = "SELECT term, papers FROM json_each(?) AS wanted CROSS JOIN term_counts ON term_counts.term = wanted.value"
_BEGINNING = "SELECT term, papers FROM term_counts WHERE term >= ? AND term < ? ORDER BY papers DESC, term LIMIT ?"
_BEGINNING_ALL = "SELECT ifnull(sum(papers), 0) FROM term_counts WHERE term >= ? AND term < ?"
_SPELT = (
    "SELECT word FROM json_each(?1) AS sizes CROSS JOIN spellings ON size = sizes.value WHERE word >= ?2 AND word < ?3 "
    "UNION SELECT word FROM json_each(?1) AS sizes CROSS JOIN spellings ON size = sizes.value "
    "WHERE backwards >= ?4 AND backwards < ?5 LIMIT ?6"
)
_AFTER_ALL = "\U0010ffff"


async def learn(connection: AsyncConnection, entries: Sequence[tuple[int, PaperTerms]]) -> None:
    """Count the terms of papers that come in, and remember how their titles and authors are spelt."""
    await _write(connection, _ADD, await asyncio.to_thread(_counted, entries, await _every(connection)))
    await _write(connection, _SPELL, await asyncio.to_thread(_spelt, entries))


async def unlearn(connection: AsyncConnection, entries: Sequence[tuple[int, PaperTerms]]) -> None:
    """Take the terms of papers that go out of the counts."""
    await _write(connection, _TAKE, await asyncio.to_thread(_counted, entries, await _every(connection)))


async def count_terms(connection: AsyncConnection, terms: Iterable[str]) -> tuple[int, Mapping[str, int]]:
    """How many papers there are, and about how many hold each of these terms; those that hardly any holds left out."""
    found = dict(await fetch(connection, _COUNTS, (json.dumps([_ALL, *terms]),)))
    return found.pop(_ALL, 0), found


async def count_beginning(connection: AsyncConnection, start: str) -> int:
    """In about how many papers the terms that begin like this stand, a paper counted once for each."""
    ((count,),) = await fetch(connection, _BEGINNING_ALL, (start, start + _AFTER_ALL))
    return int(count)


async def commonest_beginning(connection: AsyncConnection, start: str, limit: int) -> list[str]:
    """The terms that begin like this and stand in the most papers."""
    return [term for term, _ in await fetch(connection, _BEGINNING, (start, start + _AFTER_ALL, limit))]


async def spelt_alike(connection: AsyncConnection, word: str, further: int) -> list[str]:
    """Words that may be `word` with a letter wrong, missing, added or swapped: those that share its first or last
    letters, up to `further` longer or shorter."""
    kept = max(1, (len(word) - 1) // 2)
    sizes = list(range(len(word) - further, len(word) + further + 1))
    start, end = word[:kept], word[: -kept - 1 : -1]
    asked = (json.dumps(sizes), start, start + _AFTER_ALL, end, end + _AFTER_ALL, _MOST_SPELLINGS)
    return [found for (found,) in await fetch(connection, _SPELT, asked)]


async def _every(connection: AsyncConnection) -> int:
    papers, _ = await count_terms(connection, ())
    return 1 << (papers // _COUNTED_WHOLE).bit_length()


def _counted(entries: Sequence[tuple[int, PaperTerms]], every: int) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for number, terms in entries:
        if number % every == 0:
            counts.update(
                {*terms.title.split(), *terms.abstract.split(), *terms.authors.split(), *terms.labels.split()}
            )
    return [(_ALL, len(entries)), *((term, every * counts[term]) for term in sorted(counts))]


def _spelt(entries: Sequence[tuple[int, PaperTerms]]) -> list[tuple[int, str, str]]:
    found: set[str] = set()
    for _, terms in entries:
        found.update(terms.title_words.split(), terms.authors.split())
    return sorted((len(word), word, word[::-1]) for word in found if len(word) >= _SHORTEST and word.isalpha())


async def _write(connection: AsyncConnection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        await connection.exec_driver_sql(statement, list(rows[start : start + _AT_ONCE]))
