"""Measures searches side by side: `python -m tests.benchmarks.search --papers 10000 100000 --folder DIR`.

For each size, in libraries that are made and kept in DIR: the same mixed queries, warm, in one process, through the
bot's own storage, with the papers read and without, through plain FTS5 `ORDER BY bm25()` on the same index, and through
tantivy (`pip install -e '.[bench]'`) on the same terms, which read none. Prints milliseconds, what the others take next
to the bot, and the event loop's lag while the bot searched. All but `bm25()`, which takes minutes, are asked in turns,
for a machine is now quicker and now slower. With `--people P`, so many people search at once while papers are put as
fast as arXiv gives them, in a copy of the library.
"""

import argparse
import asyncio
import gc
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from bot.domain.analysis import prepare, words
from bot.domain.conditions import condition
from bot.domain.papers import Paper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import Query
from bot.searching_interfaces import Matches
from storage import open_storage
from storage.dialects.conditions import fts5_where
from storage.sql import SqlStorage
from tests.benchmarks.made_library import NOW, library, made_papers
from tests.benchmarks.matching import made_up
from tests.benchmarks.measure import LoopLag, percentile, watched_loop
from tests.benchmarks.questions import questions
from tests.real import real_papers
from tests.shared import find_shared

SHOWN = 10
TOGETHER = 250
"""Searches that the bot is asked one after the other, before the others are asked the same."""
MEMORY = 200_000_000
SECONDS = 10.0
"""How long many people search at once."""
_PUT = 50
_HARVESTED = 1_000 / 3
"""Papers a second that arXiv gives a harvester at most, by its manual: a thousand every three seconds."""
_INDEX = """
    name LIKE 'paper\\_index%' ESCAPE '\\' OR name LIKE 'known\\_index%' ESCAPE '\\' OR name = 'paper_titles'
    OR name LIKE 'title\\_index%' ESCAPE '\\' OR name LIKE 'title\\_terms%' ESCAPE '\\'
"""


class Typed(NamedTuple):
    """What somebody types."""

    words: Sequence[str]
    query: Query
    terms: str
    """As tantivy is asked."""


async def _searched(storage: SqlStorage, typed: Typed, shown: int = SHOWN) -> Matches:
    """The last so many of the first papers; with none, all is looked for and ordered the same, and no paper is read."""
    offset = SHOWN - shown
    return await storage.search_papers(typed.query, now=NOW, limit=shown, offset=offset, called=typed.words)


class Sides(NamedTuple):
    """How many milliseconds each search took."""

    read: list[float]
    """Through the bot's storage, papers read."""
    numbers: list[float]
    """The same, and no papers read."""
    tantivy: list[float]
    lag: LoopLag
    told: Counter[str]
    """How many of them were not exact, and how many stopped."""


async def side_by_side(database: Path, asked: Sequence[Typed], tantivy: Callable[[str], object]) -> Sides:
    """Each asked once before, and then in turns."""
    sides = Sides([], [], [], LoopLag(), Counter())
    async with await open_storage(f"sqlite:///{database}") as storage:
        for each in asked:
            await _searched(storage, each)
            tantivy(each.terms)
        gc.collect()
        gc.freeze()  # as the bot does once it is ready
        for start in range(0, len(asked), TOGETHER):
            some = asked[start : start + TOGETHER]
            async with watched_loop() as lag:
                for each in some:
                    began = time.perf_counter()
                    found = await _searched(storage, each)
                    sides.read.append((time.perf_counter() - began) * 1e3)
                    sides.told.update({"not exact": not found.exact, "stopped": not found.in_time})
            sides.lag.add(lag)
            for each in (asked[(start + at + len(asked) // 2) % len(asked)] for at in range(len(some))):
                began = time.perf_counter()  # of others than those that were asked just now
                await _searched(storage, each, 0)
                sides.numbers.append((time.perf_counter() - began) * 1e3)
            sides.tantivy.extend(_timed(tantivy, [each.terms for each in some]))
        gc.unfreeze()
    return sides


def plain(database: Path, asked: Sequence[Query]) -> list[float]:
    """The same through `ORDER BY bm25()` alone, numbers and no papers."""
    with closing(sqlite3.connect(database)) as connection:
        for each in asked:
            _by_bm25(connection, each)
        return _timed(lambda query: _by_bm25(connection, query), asked)


def _by_bm25(connection: sqlite3.Connection, query: Query) -> None:
    found = fts5_where(condition(query.root), date(2026, 9, 1))
    statement = f"SELECT {found.number} FROM {found.source} ORDER BY bm25(paper_index) LIMIT {SHOWN}"  # noqa: S608
    connection.execute(statement, found.parameters).fetchall()


def tantivys(folder: Path, count: int) -> Callable[[str], object]:
    """A search through tantivy: every word needed, titles counting most, no count, numbers and no papers."""
    index = _tantivy_index(folder, count)
    searcher = index.searcher()

    def search(text: str) -> object:
        query, _ = index.parse_query_lenient(
            text, ["title", "abstract", "author"], field_boosts={"title": 3.0}, conjunction_by_default=True
        )
        return searcher.search(query, SHOWN, count=False)

    return search


def _tantivy_index(folder: Path, count: int) -> Any:
    import tantivy  # noqa: PLC0415 (it is measured where it is installed)

    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("id", stored=True)
    for name in ("title", "abstract", "author", "cat"):
        schema.add_text_field(name, tokenizer_name="whitespace")
    place = folder / f"tantivy-{count}"
    made = place / "made"
    place.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema.build(), path=str(place))
    if not made.exists():
        writer = index.writer(heap_size=MEMORY, num_threads=1)
        writer.delete_all_documents()
        for number, each in enumerate(made_papers(count)):
            title, abstract, authors, labels, _ = each.terms
            writer.add_document(
                tantivy.Document(id=number, title=title, abstract=abstract, author=authors, cat=labels.split())
            )
        writer.commit()
        writer.wait_merging_threads()
        made.touch()
    index.reload()
    return index


def _timed(search: Callable[..., object], asked: Sequence[object]) -> list[float]:
    took = []
    for each in asked:
        began = time.perf_counter()
        search(each)
        took.append((time.perf_counter() - began) * 1e3)
    return took


async def together(database: Path, asked: Sequence[Typed], people: int) -> str:
    """Many people who each search again as soon as they have an answer, while papers are put."""
    took: list[float] = []
    new = [prepare(each) for each in _new_papers(int(SECONDS * _HARVESTED))]
    over = time.perf_counter() + SECONDS

    async def person(storage: SqlStorage, number: int) -> None:
        chance = random.Random(number)
        while time.perf_counter() < over:
            started = time.perf_counter()
            await _searched(storage, chance.choice(asked))
            took.append((time.perf_counter() - started) * 1e3)

    async def writer(storage: SqlStorage) -> int:
        put = 0
        for start in range(0, len(new), _PUT):
            await asyncio.sleep(over - SECONDS + start / _HARVESTED - time.perf_counter())
            async with storage.write() as transaction:
                await transaction.put_papers(new[start : start + _PUT], now=NOW)
            put += _PUT
        return put

    gc.freeze()  # as the bot does once it is ready
    async with await open_storage(f"sqlite:///{database}") as storage, watched_loop() as lag:
        put, *_ = await asyncio.gather(writer(storage), *(person(storage, number) for number in range(people)))
    return f"{people} people, {put:,} papers put: {len(took) / SECONDS:,.0f} searches/s, {_told(took)}; loop lag {lag}"


def _new_papers(count: int) -> list[Paper]:
    """Papers that are not in the library, though much of what they say is."""
    return real_papers(count, every=7) if find_shared("corpus") else made_up(count, random.Random(2))


def _beside(took: Sequence[float], mine: Sequence[float]) -> str:
    return ", ".join(f"{percentile(took, each) / percentile(mine, each):.2f} at p{each}" for each in (50, 99))


def _told(took: Sequence[float]) -> str:
    return " ".join(f"p{each} {percentile(took, each):.1f}" for each in (50, 95, 99, 100)) + " ms"


def _index_mib(database: Path) -> float:
    with closing(sqlite3.connect(database)) as connection:
        ((size,),) = connection.execute(f"SELECT sum(pgsize) FROM dbstat WHERE {_INDEX}")  # noqa: S608
    return float(size) / 2**20


def measure(folder: Path, count: int, searches: int, people: int) -> None:
    database = asyncio.run(library(folder, count))
    asked = []
    for text in questions(database, searches, random.Random(1)):
        with suppress(QueryError):
            asked.append(Typed(words(text), parse_query(text), _terms(text)))
    print(f"{count:,} papers, {len(asked):,} queries; the index takes {_index_mib(database):,.0f} MiB")
    sides = asyncio.run(side_by_side(database, asked, tantivys(folder, count)))
    mine, alike, told = sides.read, sides.numbers, sides.told
    print(f"  Paperboy   {_told(mine)}; {told['not exact']} not exact, {told['stopped']} stopped; loop lag {sides.lag}")
    print(f"  numbers    {_told(alike)}: the same, and no papers read, as by the others")
    bm25 = plain(database, [each.query for each in asked])
    for name, took in (("bm25()", bm25), ("tantivy", sides.tantivy)):
        print(
            f"  {name:10} {_told(took)}; times Paperboy's: {_beside(took, mine)}; numbers alone: {_beside(took, alike)}"
        )
    if people:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            copy = Path(shutil.copy(database, place))
            print(
                f"  {asyncio.run(together(copy, asked, people))}; one by bm25(): {1e3 * len(bm25) / sum(bm25):,.0f}/s"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the libraries are kept for the next time")
    parser.add_argument("--searches", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=0, help="how many search at once, in a copy of the library")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for count in given.papers:
            measure(given.folder or Path(place), count, given.searches, given.people)


def _terms(text: str) -> str:
    """The query with its words as the index has them; fields, quotes and stars stay."""
    if text.endswith("*") or ":" in text.split(" ", maxsplit=1)[0]:
        return text.lower()
    words, _, category = text.partition(" cat:")
    quoted = words.startswith('"')
    stems = prepare(Paper(title=words)).terms.title
    labels = prepare(Paper(title="", categories=(category,))).terms.labels.split()[-1:] if category else []
    return (f'"{stems}"' if quoted else stems) + "".join(f' cat:"{each}"' for each in labels)


if __name__ == "__main__":
    main()
