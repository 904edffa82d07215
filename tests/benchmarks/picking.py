"""What a pick costs in a library that got 100,000 papers in 300 days, of which 5,000 were listed and voted on.

python -m tests.benchmarks.picking --folder DIR [--papers 100000]
"""

import argparse
import asyncio
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.app import settle_memory
from bot.domain.picks import WINDOW_DAYS
from bot.domain.schedules import Schedule
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Storage
from bot.services.picking import MOST_LEARNED, Picking
from bot.shelf import starter_shelf
from storage import open_storage
from storage.sql import SqlStorage
from tests.benchmarks.made_library import NOW, library
from tests.benchmarks.measure import resident_mib, watched_loop

DAYS = 300
QUERIES = ("", "", "learning", "cat:cs.CL -survey", '"language model" after:2w')


async def measure(folder: Path, papers: int) -> None:
    path = await library(folder, papers, days=DAYS)
    async with await open_storage(f"sqlite:///{path}") as storage:
        await _spread(storage)
        settle_memory()  # as the bot does once it runs
        before = resident_mib()
        picking = Picking(storage, starter_shelf)
        for number, query in enumerate(QUERIES):
            print(await _timed(picking, query, number))
        print(f"{resident_mib() - before:.0f} MiB more than before the first pick")


async def _spread(storage: SqlStorage) -> None:
    """Let each paper arrive the day after it was published, and some of them be listed then."""
    async with storage._database.write() as connection:
        await connection.exec_driver_sql("UPDATE papers SET first_seen_at = published_at + 86400000000")
        await connection.exec_driver_sql("DELETE FROM upvotes")
    await _vote(storage)


async def _vote(storage: Storage) -> None:
    arrived = await storage.list_arrivals(since=NOW - timedelta(DAYS), until=NOW)
    chance = Random(1)
    listed = sorted(chance.sample(arrived, min(len(arrived), MOST_LEARNED * 5 // 4)), key=lambda each: each.at)
    counts = []
    for each in listed:
        votes, on = int(chance.lognormvariate(2, 1)), each.at.date()
        counts += [
            UpvoteCount(paper_id=each.paper_id, on=on + timedelta(day), upvotes=votes * day)
            for day in range(WINDOW_DAYS)
            if on + timedelta(day) <= NOW.date()
        ]
    async with storage.write() as transaction:
        await transaction.put_upvotes(counts)


async def _timed(picking: Picking, query: str, number: int) -> str:
    schedule = Schedule(
        guild_id=1, channel_id=number, query=query, created_by=1, created_at=NOW, planned_through=NOW.date()
    )
    async with watched_loop() as lag:
        started, worked = time.perf_counter(), time.process_time()
        picked = await picking.pick(schedule, NOW.date(), now=NOW)
        took, work = time.perf_counter() - started, time.process_time() - worked
    because = picked.because if picked else "nothing"
    return f"{query or 'everything':30} {took:5.2f} s, {work:5.2f} s of a processor; loop {lag}; {because}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=100_000)
    told = parser.parse_args()
    asyncio.run(measure(told.folder, told.papers))


if __name__ == "__main__":
    main()
