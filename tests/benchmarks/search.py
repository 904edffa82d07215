"""Measures searches side by side: `python -m tests.benchmarks.search DATABASE`, a file that papers were imported into.

The same mixed queries, warm, in one process: the bot's own storage, plain FTS5 `ORDER BY bm25()` on the same index, and
tantivy (`pip install -e '.[bench]'`) on the same terms. Prints milliseconds, what the bot takes next to the others, and
the event loop's lag while the bot searched.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import tantivy

from bot.domain.analysis import prepare
from bot.domain.conditions import condition
from bot.domain.papers import Author, Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import Query
from storage import open_storage
from storage.dialects.conditions import where
from tests.benchmarks.measure import percentile, watched_loop
from tests.benchmarks.questions import questions

NOW = datetime(2026, 9, 1, tzinfo=UTC)
SHOWN = 10
MEMORY = 100_000_000


async def ours(database: Path, asked: Sequence[Query]) -> tuple[list[float], int, str]:
    """Milliseconds of each query through the bot's storage, papers read; how many were not exact; the loop's lag."""
    took, inexact = [], 0
    async with await open_storage(f"sqlite:///{database}") as storage:
        for query in asked:
            await storage.search_papers(query, now=NOW, limit=SHOWN)
        async with watched_loop() as lag:
            for query in asked:
                started = time.perf_counter()
                found = await storage.search_papers(query, now=NOW, limit=SHOWN)
                took.append((time.perf_counter() - started) * 1e3)
                inexact += not found.exact
    return took, inexact, str(lag)


def plain(database: Path, asked: Sequence[Query]) -> list[float]:
    """The same through `ORDER BY bm25()` alone, numbers and no papers."""
    with closing(sqlite3.connect(database)) as connection:

        def search(query: Query) -> None:
            found = where(condition(query.root), date(2026, 9, 1))
            statement = f"SELECT {found.number} FROM {found.source} ORDER BY bm25(paper_index) LIMIT {SHOWN}"  # noqa: S608
            connection.execute(statement, found.parameters).fetchall()

        return _timed(search, asked)


def tantivys(database: Path, asked: Sequence[str]) -> list[float]:
    """The same through tantivy: every word needed, titles counting most, no count, numbers and no papers."""
    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("id", stored=True)
    for name in ("title", "abstract", "author", "cat"):
        schema.add_text_field(name, tokenizer_name="whitespace")
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(database)) as connection:
        index = tantivy.Index(schema.build(), path=folder)
        writer = index.writer(heap_size=MEMORY, num_threads=1)
        for number, title, abstract, authors, categories in connection.execute(
            "SELECT id, title, abstract, authors, categories FROM papers"
        ):
            names = tuple(Author(family=family, given=given) for family, given in json.loads(authors))
            terms = prepare(Paper(title=title, abstract=abstract, authors=names)).terms
            writer.add_document(
                tantivy.Document(
                    id=number,
                    title=terms.title,
                    abstract=terms.abstract,
                    author=terms.authors,
                    cat=json.loads(categories),
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()

        def search(text: str) -> None:
            query, _ = index.parse_query_lenient(
                text, ["title", "abstract", "author"], field_boosts={"title": 3.0}, conjunction_by_default=True
            )
            searcher.search(query, SHOWN, count=False)

        return _timed(search, asked)


def _timed(search: Callable[..., None], asked: Sequence[object]) -> list[float]:
    for each in asked:
        search(each)
    took = []
    for each in asked:
        started = time.perf_counter()
        search(each)
        took.append((time.perf_counter() - started) * 1e3)
    return took


def _told(name: str, took: Sequence[float]) -> str:
    return f"{name:24} " + " ".join(f"p{each} {percentile(took, each):8.1f}" for each in (50, 95, 99, 100))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--searches", type=int, default=1_000)
    given = parser.parse_args()
    typed, asked = [], []
    for text in questions(given.database, given.searches, random.Random(1)):
        try:
            asked.append(parse_query(text))
        except QueryError:
            continue
        typed.append(text)
    mine, inexact, lag = asyncio.run(ours(given.database, asked))
    bm25, other = plain(given.database, asked), tantivys(given.database, [_terms(each) for each in typed])
    for name, took in (("Paperboy", mine), ("FTS5 ORDER BY bm25()", bm25), ("tantivy", other)):
        print(_told(name, took))
    print(f"{len(asked)} queries, ms; {inexact} of Paperboy's answers not exact; event loop lag {lag}")
    for each in (50, 99):
        ratios = [percentile(took, each) / percentile(mine, each) for took in (bm25, other)]
        print(f"p{each}: bm25() takes {ratios[0]:.2f} times as long, tantivy {ratios[1]:.2f} times")


def _terms(text: str) -> str:
    """The query with its words as the index has them; fields, quotes and stars stay."""
    if text.endswith("*") or ":" in text.split(" ", maxsplit=1)[0]:
        return text.lower()
    words, _, category = text.partition(" cat:")
    quoted = words.startswith('"')
    stems = prepare(Paper(title=words)).terms.title
    return (f'"{stems}"' if quoted else stems) + (f" cat:{category}" if category else "")


if __name__ == "__main__":
    main()
