"""Measures how papers are known again by title and authors alone: `python -m tests.benchmarks.sameness`.

Needs the builders' material beside the checkout. Prints what part of the pairs of titles of one paper is known as such
and how many traps are fallen into, first two by two and then out of a database of all the material's papers; and how
long 1,500 titles take there. A database that was made before is used again with `--database`.
"""

import argparse
import asyncio
import gc
import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.papers import FoundPaper, Paper, paper_from
from bot.domain.sameness import Signature, are_one, heading, title_likeness
from bot.services.imports import import_files
from bot.sources.formats import FORMATS
from storage import open_storage
from storage.papers import AT_ONCE
from storage.sameness import Lookalikes, Sought
from storage.sql import SqlStorage
from tests.benchmarks.measure import watched_loop

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TITLES = 1_500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, help="where the database is, or is to be made and kept")
    given = parser.parse_args()
    two_by_two()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(out_of_all(given.database or Path(folder) / "papers.db"))


def two_by_two() -> None:
    """What is decided about the pairs and the traps alone."""
    for file, name in (("same_paper_pairs", "kind"), ("same_title_different_id", "label")):
        counts: Counter[str] = Counter()
        same: Counter[str] = Counter()
        for row in rows(file):
            one, other = hidden(row["a"]), hidden(row["b"])
            likeness = title_likeness(heading(one.title), heading(other.title))
            counts[row[name]] += 1
            same[row[name]] += are_one(likeness, Signature((), one.authors), Signature((), other.authors))
        print(f"{file}: one paper, ids hidden: {told(same, counts)}")


async def out_of_all(database: Path) -> None:
    """What is found in a database of the corpus and of the first title of each pair, given the second."""
    is_new = not database.exists()
    async with await open_storage(f"sqlite:///{database}") as storage:
        if is_new:
            await fill(storage)
        pairs = list(rows("same_paper_pairs"))
        print(f"{await storage.count_papers():,} papers")
        known = {row["id"] for row in rows("arxiv_papers")}
        new = sorted(pairs, key=lambda row: row["id"] not in known)[:TITLES]
        prepared = [prepare(hidden(row["b"])) for row in new]
        gc.freeze()  # as the bot does once it is ready
        async with watched_loop() as lag:
            started = time.perf_counter()
            await looked_up(storage, prepared)
            seconds = time.perf_counter() - started
        print(f"{TITLES} titles looked up: {seconds:.2f} s; event loop lag {lag}")
        print(f"given the other title: {await found_again(storage, pairs)}")


async def fill(storage: SqlStorage) -> None:
    now = datetime.now(UTC)
    await import_files([CORPUS / "arxiv_papers.jsonl.gz"], storage=storage, formats=FORMATS, now=now)
    firsts = [paper_from(found(row["a"], row["id"])) for row in rows("same_paper_pairs")]
    for start in range(0, len(firsts), AT_ONCE):
        async with storage.write() as transaction:
            await transaction.put_papers([prepare(each) for each in firsts[start : start + AT_ONCE]], now=now)


async def looked_up(storage: SqlStorage, papers: Sequence[PreparedPaper]) -> list[dict[int, bool]]:
    """For each the papers it may be, in chunks as they are put."""
    answers: list[dict[int, bool]] = []
    async with storage._database.read() as connection:
        lookalikes = Lookalikes(connection)
        for start in range(0, len(papers), AT_ONCE):
            answers += await lookalikes.find([Sought(each, ()) for each in papers[start : start + AT_ONCE]])
    return answers


async def found_again(storage: SqlStorage, pairs: Sequence[dict[str, Any]]) -> str:
    counts: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong = 0
    for row, numbers in zip(pairs, await looked_up(storage, [prepare(hidden(row["b"])) for row in pairs]), strict=True):
        papers = await storage.get_papers(list(numbers))
        is_found = [each.paper.id_in("arxiv") == row["id"] for each in papers]
        counts[row["kind"]] += 1
        right[row["kind"]] += any(is_found)
        wrong += bool(is_found) and not any(is_found)
    return f"{told(right, counts)}; another paper instead for {wrong} of {len(pairs):,}"


def told(part: Counter[str], counts: Counter[str]) -> str:
    return ", ".join(f"{name} {part[name]:,} of {counts[name]:,} ({part[name] / counts[name]:.3f})" for name in counts)


def rows(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(CORPUS / f"{name}.jsonl.gz") as file:
        yield from map(json.loads, file)


def found(side: dict[str, Any], *ids: str) -> FoundPaper:
    return FoundPaper(title=side["title"], authors=tuple(side["authors"]), ids=ids)


def hidden(side: dict[str, Any]) -> Paper:
    """One side of a pair, without its id."""
    return paper_from(found(side))


if __name__ == "__main__":
    main()
