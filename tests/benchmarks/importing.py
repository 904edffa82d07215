"""Measures an import and the searches after it: `python -m tests.benchmarks.importing FILE`.

Prints papers a second, peak memory of this process and of its workers, the event loop's lag while the
import runs, and then how long `/search` typed through the fake Discord takes.
"""

import argparse
import asyncio
import gc
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.services.imports import ImportReport, import_files
from bot.sources.formats import FORMATS
from storage import open_storage
from tests.benchmarks.measure import LoopLag, peak_memory_mib, percentile, watched_loop
from tests.benchmarks.questions import questions
from tests.lab import opened_lab


async def imported(file: Path, url: str) -> tuple[ImportReport, float, LoopLag]:
    """Import `file` into a new database; the report, the seconds and the loop's lag."""
    storage = await open_storage(url)
    started = time.perf_counter()
    async with watched_loop() as lag:
        report = await import_files([file], storage=storage, formats=FORMATS, now=datetime.now(UTC))
    seconds = time.perf_counter() - started
    await storage.close()
    return report, seconds, lag


async def searched(url: str, asked: list[str]) -> tuple[list[float], LoopLag]:
    """Type each of these into `/search` through the fake Discord; the seconds each took."""
    seconds = []
    async with opened_lab(database_url=url) as lab:
        ada = lab.person("ada")
        gc.freeze()  # as the bot does once it is ready; here the pretend Discord and its judge live in the same process
        async with watched_loop() as lag:
            for query in asked:
                started = time.perf_counter()
                await ada.slash("search", query=query)
                seconds.append(time.perf_counter() - started)
    return seconds, lag


async def measure(file: Path, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/papers.db"
        report, seconds, lag = await imported(file, url)
        print(f"read {report.read}, added {report.added}, revised {report.revised}, unchanged {report.unchanged}, "
              f"rejected {report.rejected}")  # fmt: skip
        print(f"{seconds:.1f} s, {report.read / seconds:,.0f} papers/s, peak memory {peak_memory_mib():.0f} MiB")
        print(f"event loop lag during the import: {lag}")
        size = sum(each.stat().st_size for each in Path(folder).iterdir()) / 2**20
        print(f"database: {size:.0f} MiB")
        asked = questions(Path(folder) / "papers.db", count, random.Random(1))
        took, lag = await searched(url, asked)
    told = ", ".join(f"p{each} {percentile(took, each) * 1e3:.1f}" for each in (50, 95, 99, 100))
    print(f"/search through the fake Discord, {count} mixed queries, ms: {told}")
    print(f"event loop lag during the searches: {lag}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--searches", type=int, default=500)
    given = parser.parse_args()
    asyncio.run(measure(given.file, given.searches))


if __name__ == "__main__":
    main()
