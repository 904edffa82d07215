"""Measures searches in PostgreSQL: `python -m tests.benchmarks.postgresql --papers 100000 1000000 --folder DIR`.

For each size, in libraries that are made in a server of their own and kept in DIR: the same mixed queries, warm,
through the bot's own storage, then ordered by `ts_rank` from the same index, papers read by the first alone. Prints
milliseconds, the event loop's lag meanwhile, and what `ts_rank` takes next to the bot, each stopped after `--patience`
seconds.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from bot.domain.conditions import condition
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import Query
from bot.domain.rarity import Rarity
from storage import open_storage
from storage.dialects.gin_conditions import GinWhere
from storage.dialects.statements import for_asyncpg
from storage.sql import SqlStorage
from tests.benchmarks.made_library import NOW, fill, made_papers
from tests.benchmarks.measure import percentile, watched_loop
from tests.benchmarks.questions import question
from tests.postgresql import started

SHOWN = 10
# Nobody misses what a benchmark has written; what is read often is in memory, as on a server of this size.
_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 1GB
maintenance_work_mem = 512MB
max_wal_size = 4GB
"""
_INDEXES = "paper_index_terms", "paper_index_known", "paper_titles_words"


async def measure(server: str, count: int, searches: int, patience: float) -> None:
    url = await _library(server, count)
    asked = await _questions(url, searches)
    print(f"{count:,} papers, {len(asked):,} queries", flush=True)
    async with await open_storage(url) as storage:
        took, told = await _searched(storage, asked)
    print(f"  Paperboy   {_told([each for each, _ in took])}; {told}", flush=True)
    for seconds, query in sorted(took, key=lambda each: each[0])[-8:]:
        print(f"    {seconds:7.1f} ms  {query}")
    ranked = await _ranked(url, asked, patience)
    beside = ", ".join(
        f"{percentile(ranked, each) / percentile([took for took, _ in took], each):.1f} at p{each}" for each in (50, 99)
    )
    print(f"  ts_rank    {_told(ranked)}; times Paperboy's: {beside}", flush=True)


async def _searched(storage: SqlStorage, asked: Sequence[Query]) -> tuple[list[tuple[float, str]], str]:
    took, inexact, stopped = [], 0, 0
    for query in asked:
        await storage.search_papers(query, now=NOW, limit=SHOWN)
    async with watched_loop() as lag:
        for query in asked:
            began = time.perf_counter()
            found = await storage.search_papers(query, now=NOW, limit=SHOWN)
            took.append(((time.perf_counter() - began) * 1e3, str(query)))
            inexact += not found.exact
            stopped += not found.in_time
    return took, f"{inexact} not exact, {stopped} stopped; loop lag {lag}"


async def _ranked(url: str, asked: Sequence[Query], patience: float) -> list[float]:
    """Milliseconds of each query ordered by `ts_rank`, numbers and no papers."""
    connection = await asyncpg.connect(url)
    await connection.execute(f"SET statement_timeout = '{patience}s'")
    took = []
    for query in asked:
        found = GinWhere(condition=condition(query.root), today=NOW.date())
        _, terms = found.score(Rarity(1, {}))
        statement = (
            f"SELECT {found.number} FROM {found.source} "  # noqa: S608 (our own words)
            f"ORDER BY ts_rank(terms, CAST(CAST(? AS text) AS tsquery)) DESC LIMIT {SHOWN}"
        )
        began = time.perf_counter()
        with suppress(asyncpg.QueryCanceledError):
            await connection.fetch(for_asyncpg(statement), *found.parameters, " | ".join(map(str, terms)) or "'a'")
        took.append((time.perf_counter() - began) * 1e3)
    await connection.close()
    return took


async def _library(server: str, count: int) -> str:
    """The address of a database with so many papers, made now unless it is there."""
    name = f"papers_{count}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    own = await asyncpg.connect(server)
    if await own.fetchval("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name):
        await own.close()
        return url
    await own.execute(f"CREATE DATABASE {name}_begun")
    begun = make_url(server).set(database=f"{name}_begun").render_as_string(hide_password=False)
    async with await open_storage(begun) as storage:
        connection = await asyncpg.connect(begun)
        made = [await connection.fetchval("SELECT pg_get_indexdef($1::regclass)", each) for each in _INDEXES]
        await connection.execute(f"DROP INDEX {', '.join(_INDEXES)}")
        seconds = sum(await fill(storage, made_papers(count)))
        began = time.perf_counter()
        for each in made:
            await connection.execute(each)
        await connection.execute("VACUUM ANALYZE")
        indexing = time.perf_counter() - began
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
        await connection.close()
    await own.execute(f"ALTER DATABASE {name}_begun RENAME TO {name}")
    await own.close()
    told = f"{count:,} papers written in {seconds:.0f} s, indexed in {indexing:.0f} s, {size / 2**20:,.0f} MiB"
    print(told, flush=True)
    return url


async def _questions(url: str, count: int) -> list[Query]:
    connection = await asyncpg.connect(url)
    numbers = [number for (number,) in await connection.fetch("SELECT id FROM papers ORDER BY id")]
    chance, asked = random.Random(1), []
    for _ in range(count):
        row = await connection.fetchrow(
            "SELECT title, authors, categories FROM papers WHERE id = $1", chance.choice(numbers)
        )
        try:
            asked.append(parse_query(question(tuple(row), chance)))
        except QueryError:
            continue
    await connection.close()
    return asked


def _told(took: Sequence[float]) -> str:
    return " ".join(f"p{each} {percentile(took, each):.1f}" for each in (50, 95, 99, 100)) + " ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, nargs="+", default=[100_000])
    parser.add_argument("--folder", type=Path, required=True, help="where the server's files are kept")
    parser.add_argument("--searches", type=int, default=500)
    parser.add_argument("--patience", type=float, default=20.0)
    given = parser.parse_args()
    with started(given.folder, settings=_SETTINGS, is_kept=True) as server:
        for count in given.papers:
            asyncio.run(measure(server, count, given.searches, given.patience))


if __name__ == "__main__":
    main()
