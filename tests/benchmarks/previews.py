"""How long previews of topics take in a library that got 100,000 papers in 30 days, and how long the loop waits.

python -m tests.benchmarks.previews --folder DIR [--papers 100000]
"""

import argparse
import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from bot.domain.analysis import words
from bot.domain.flat import instant
from bot.domain.parsing import parse_query
from bot.domain.previews import DAYS
from bot.services.previews import Previews
from storage import open_storage
from tests.benchmarks.made_library import NOW, library

QUERIES = ("{0}", "{0} -{1} cat:cs.CL", "{1} OR {2}", "{3}", "cat:cs.*", "{0} after:3m")
"""Of the commonest words of titles."""
_TICK = 0.005


async def measure(folder: Path, papers: int) -> None:
    path = await library(folder, papers)
    async with await open_storage(f"sqlite:///{path}") as storage:
        async with storage._database.write() as connection:
            first = instant(NOW - timedelta(DAYS - 1))
            share = (instant(NOW) - first) // papers
            spread = (  # the order of the numbers is that of publication
                "UPDATE papers SET first_seen_at = ? + ? * place, published_at = ? + ? * place - 86400000000 FROM "
                "(SELECT id AS number, row_number() OVER (ORDER BY id) - 1 AS place FROM papers) WHERE id = number"
            )
            await connection.exec_driver_sql(spread, (first, share, first, share))
        previews = Previews(storage, lambda: NOW)
        recent = await storage.list_arrivals(since=NOW - timedelta(2), until=NOW)
        known = await storage.get_papers([each.paper_id for each in recent[:1_000]])
        common = Counter(word for each in known for word in words(each.paper.title) if len(word) > 2)
        for query in QUERIES:
            print(await _timed(previews, query.format(*(word for word, _ in common.most_common(4)))))


async def _timed(previews: Previews, query: str, times: int = 3) -> str:
    seconds, cpu, late = [], [], []
    for _ in range(times):
        watch = asyncio.create_task(_latest())
        started, worked = time.perf_counter(), time.process_time()
        preview = await previews.preview(parse_query(query), "Europe/Berlin")
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - worked)
        watch.cancel()
        late.append(await watch)
    told = f"{min(seconds):5.2f} s, {min(cpu):5.2f} s of a processor, loop late {min(late) * 1000:3.0f} ms"
    return f"{query:40} {told}; {preview.total:,} papers, {len(preview.tighter) + len(preview.looser)} ways to go on"


async def _latest() -> float:
    """By how many seconds the loop was late at most, until this is cancelled."""
    latest = 0.0
    try:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_TICK)
            latest = max(latest, time.perf_counter() - before - _TICK)
    except asyncio.CancelledError:
        return latest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--papers", type=int, default=100_000)
    told = parser.parse_args()
    asyncio.run(measure(told.folder, told.papers))


if __name__ == "__main__":
    main()
