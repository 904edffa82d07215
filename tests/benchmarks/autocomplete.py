"""Measures completion while typing: `python -m tests.benchmarks.autocomplete FILE [--keystrokes 1000]`.

FILE can be imported, or is a database (`.db`). Titles, authors, categories and fields are typed letter by letter, as
its papers have them; what is timed is from the text to the choices.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random

from bot.domain.categories import CATEGORY_NAMES
from bot.domain.papers import Paper
from bot.services.completion import Completions
from bot.services.search import Search
from storage.sql import SqlStorage
from tests.benchmarks.measure import percentile, watched_loop
from tests.benchmarks.shelved import clock, numbers, shelved

KEYSTROKES = 1_000
_FIELD_NAMES = ("title", "abstract", "author", "category", "source", "after", "before")
_PAPERS = 500


def texts(papers: list[Paper], chance: Random, count: int) -> list[tuple[str, str]]:
    """What is typed: a kind and a half-typed text; each kind equally often."""
    typed = []
    for number in range(count):
        paper = chance.choice(papers)
        kind = ("titles", "authors", "categories", "fields")[number % 4]
        author = chance.choice(paper.authors).family if paper.authors else "smith"
        whole = {
            "titles": paper.title,
            "authors": f"author:{author}",
            "categories": chance.choice([f"cat:{chance.choice(list(CATEGORY_NAMES))}", "graph machine learning"]),
            "fields": f"{paper.title.split(' ')[0]} {chance.choice(_FIELD_NAMES)}",
        }[kind]
        least = {"titles": 1, "authors": len("author:"), "categories": 4, "fields": len(whole.split(" ")[0]) + 2}[kind]
        typed.append((kind, whole[: chance.randint(min(least, len(whole)), min(len(whole), 60))]))
    return typed


async def typed_in(storage: SqlStorage, count: int = KEYSTROKES) -> Mapping[str, list[float]]:
    """The seconds that each keystroke took, by kind."""
    chance = Random(1)
    known = await numbers(storage)
    papers = [each.paper for each in await storage.get_papers(chance.sample(known, min(_PAPERS, len(known))))]
    completions = Completions(storage, Search(storage, clock))
    took: dict[str, list[float]] = defaultdict(list)
    for kind, text in texts(papers, chance, count):
        started = time.perf_counter()
        offered = await completions.suggest(text)
        took[kind].append(time.perf_counter() - started)
        assert len(offered) <= 25
    return took


async def report(path: Path, count: int) -> None:
    async with shelved(path) as storage:
        await typed_in(storage, 100)  # warm
        async with watched_loop() as lag:
            took = await typed_in(storage, count)
    every = [seconds for each in took.values() for seconds in each]
    for kind, seconds in (*took.items(), ("all", every)):
        told = ", ".join(f"p{percent} {percentile(seconds, percent) * 1e3:.1f}" for percent in (50, 95, 99, 100))
        print(f"{kind}: {len(seconds)} keystrokes, {told} ms")
    print(f"loop lag {lag}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--keystrokes", type=int, default=KEYSTROKES)
    told = parser.parse_args()
    asyncio.run(report(told.file, told.keystrokes))


if __name__ == "__main__":
    main()
