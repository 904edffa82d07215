"""Measures searches side by side: `python -m tests.benchmarks.search --papers 10000 100000 --folder DIR`.

For each size, in libraries that are made and kept in DIR: the same mixed queries, warm, in one process, a page of
`/search` each: through the bot's own storage, through tantivy (`pip install -e '.[bench]'`) on the same terms, each
with the papers read from where it keeps them and without, and through plain FTS5 `ORDER BY bm25()` on the same index,
which reads none; queries are parsed before. Prints milliseconds, what the others take next to the bot, and the event
loop's lag while the bot searched. All but `bm25()`, which takes minutes, are asked in turns, for a machine is now
quicker and now slower. With `--people P`, so many people search at once, in a copy of the library, while papers are put
as fast as arXiv gives them; and then one after the other by `bm25()` on one connection, while as many are put.
"""

import argparse
import asyncio
import gc
import json
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

from bot.domain.analysis import PreparedPaper, prepare, words
from bot.domain.conditions import condition
from bot.domain.flat import FlatPaper, unfolded
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

SHOWN = 5
"""Papers on a page of `/search`."""
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
    tantivy_read: list[float]
    tantivy_numbers: list[float]
    lag: LoopLag
    told: Counter[str]
    """How many of them were not exact, and how many stopped."""


async def side_by_side(database: Path, asked: Sequence[Typed], tantivy: "Tantivy") -> Sides:
    """Each asked once before, and then in turns."""
    sides = Sides([], [], [], [], LoopLag(), Counter())
    async with await open_storage(f"sqlite:///{database}") as storage:
        for each in asked:
            await _searched(storage, each)
            tantivy.papers(tantivy.asked(each.terms))
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
            others = [asked[(start + at + len(asked) // 2) % len(asked)] for at in range(len(some))]
            for each in others:  # not those that were asked just now
                began = time.perf_counter()
                await _searched(storage, each, 0)
                sides.numbers.append((time.perf_counter() - began) * 1e3)
            sides.tantivy_read.extend(_timed(tantivy.papers, [tantivy.asked(each.terms) for each in some]))
            sides.tantivy_numbers.extend(_timed(tantivy.numbers, [tantivy.asked(each.terms) for each in others]))
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


class Tantivy:
    """Searches through tantivy: every word needed, titles counting most, no count, and nothing ordered anew."""

    def __init__(self, folder: Path, count: int) -> None:
        self._index = _tantivy_index(folder, count)
        self._searcher = self._index.searcher()

    @property
    def segments(self) -> int:
        """How many pieces the index has."""
        return int(self._searcher.num_segments)

    def asked(self, terms: str) -> object:
        """A query as it wants it."""
        query, _ = self._index.parse_query_lenient(
            terms, ["title", "abstract", "author"], field_boosts={"title": 3.0}, conjunction_by_default=True
        )
        return query

    def numbers(self, query: object) -> Sequence[Any]:
        """Where it keeps the papers of the first page."""
        return [address for _, address in self._searcher.search(query, SHOWN, count=False).hits]

    def papers(self, query: object) -> list[Paper]:
        """The papers themselves."""
        written = (bytes(self._searcher.doc(address)["paper"][0]) for address in self.numbers(query))
        return [unfolded(FlatPaper(*json.loads(each))) for each in written]


def _tantivy_index(folder: Path, count: int) -> Any:
    import tantivy  # noqa: PLC0415 (it is measured where it is installed)

    schema = tantivy.SchemaBuilder()
    schema.add_bytes_field("paper", stored=True, indexed=False)
    for name in ("title", "abstract", "author", "cat"):
        schema.add_text_field(name, tokenizer_name="whitespace")
    place = folder / f"tantivy-with-papers-{count}"
    made = place / "made"
    place.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema.build(), path=str(place))
    if not made.exists():
        writer = index.writer(heap_size=MEMORY, num_threads=1)
        writer.delete_all_documents()
        for each in made_papers(count):
            title, abstract, authors, labels, _ = each.terms
            writer.add_document(
                tantivy.Document(
                    paper=json.dumps(each.paper).encode(),
                    title=title,
                    abstract=abstract,
                    author=authors,
                    cat=labels.split(),
                )
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
    """Many people who each search again as soon as they have an answer, while papers are put; then `bm25()` alone."""
    took: list[float] = []
    slow: list[float] = []
    new = [prepare(each) for each in _new_papers(2 * int(SECONDS * _HARVESTED))]
    half = len(new) // 2

    async def person(storage: SqlStorage, number: int, over: float) -> None:
        chance = random.Random(number)
        while time.perf_counter() < over:
            started = time.perf_counter()
            await _searched(storage, chance.choice(asked))
            took.append((time.perf_counter() - started) * 1e3)

    def one_by_one(over: float) -> None:
        with closing(sqlite3.connect(database)) as connection:
            chance = random.Random(0)
            while time.perf_counter() < over:
                slow.extend(_timed(lambda query: _by_bm25(connection, query), [chance.choice(asked).query]))

    gc.freeze()  # as the bot does once it is ready
    async with await open_storage(f"sqlite:///{database}") as storage:
        async with watched_loop() as lag:
            over = time.perf_counter() + SECONDS
            everybody = (person(storage, number, over) for number in range(people))
            put, *_ = await asyncio.gather(_put(storage, new[:half], over), *everybody)
        over = time.perf_counter() + SECONDS
        await asyncio.gather(_put(storage, new[half:], over), asyncio.to_thread(one_by_one, over))
    mine, theirs = len(took) / SECONDS, len(slow) / SECONDS
    return (
        f"{people} people, {put:,} papers put: {mine:,.0f} searches/s, {_told(took)}; loop lag {lag}; "
        f"by bm25() while as many are put: {theirs:,.0f}/s, {mine / theirs:.1f} times less"
    )


async def _put(storage: SqlStorage, papers: Sequence[PreparedPaper], over: float) -> int:
    """Put papers as fast as arXiv gives them, until it is over; how many."""
    put = 0
    for start in range(0, len(papers), _PUT):
        await asyncio.sleep(over - SECONDS + start / _HARVESTED - time.perf_counter())
        async with storage.write() as transaction:
            await transaction.put_papers(papers[start : start + _PUT], now=NOW)
        put += _PUT
    return put


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
    tantivy = Tantivy(folder, count)
    sides = asyncio.run(side_by_side(database, asked, tantivy))
    told = sides.told
    print(f"  Paperboy   {_told(sides.read)}; {told['not exact']} not exact, {told['stopped']} stopped")
    print(f"  numbers    {_told(sides.numbers)}: the same, and no papers read")
    print(f"  loop lag   {sides.lag}")
    bm25 = plain(database, [each.query for each in asked])
    print(f"  bm25()     {_told(bm25)}: numbers; {_beside(bm25, sides.read)} times Paperboy's")
    told_of = f"{_told(sides.tantivy_read)}; {_beside(sides.tantivy_read, sides.read)} times Paperboy's"
    print(f"  tantivy    {told_of}; {tantivy.segments} segments")
    print(f"  numbers    {_told(sides.tantivy_numbers)}; {_beside(sides.tantivy_numbers, sides.numbers)} times")
    if people:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            copy = Path(shutil.copy(database, place))
            print(f"  {asyncio.run(together(copy, asked, people))}")


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
