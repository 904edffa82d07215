"""Measures completion while typing: `python -m tests.benchmarks.autocomplete FILE [--keystrokes 1000] [--meant 300]`.

FILE can be imported, or is a database (`.db`). Titles, authors, categories and fields are typed letter by letter, as
its papers have them, after as many keystrokes for other papers; what is timed is from the text to the choices.
`--meant` papers and people are looked for by the beginnings of their titles and names: how often they are among the
first ten choices after so many letters, where each answer looks no further after so many `--seconds`.
"""

import argparse
import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from bot.domain.categories import CATEGORY_NAMES
from bot.domain.labels import paper_label
from bot.domain.papers import Paper
from bot.domain.patience import TYPING_SECONDS
from bot.services.completion import Completions
from bot.services.search import Search
from storage.sql import SqlStorage
from tests.benchmarks.measure import percentile, watched_loop
from tests.benchmarks.shelved import clock, numbers, shelved

KEYSTROKES = 1_000
FIRST = 10
_LETTERS = (4, 8, 12, 16, 24, 32, 48)
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


async def sampled(storage: SqlStorage, chance: Random, count: int) -> list[Paper]:
    """Papers by chance."""
    known = await numbers(storage)
    return [each.paper for each in await storage.get_papers(chance.sample(known, min(count, len(known))))]


async def typed_in(storage: SqlStorage, papers: list[Paper], count: int, chance: Random) -> Mapping[str, list[float]]:
    """The seconds that each keystroke took, by kind."""
    completions = Completions(storage, Search(storage, clock))
    took: dict[str, list[float]] = defaultdict(list)
    for kind, text in texts(papers, chance, count):
        started = time.perf_counter()
        offered = await completions.suggest(text)
        took[kind].append(time.perf_counter() - started)
        assert len(offered) <= 25
    return took


def _beginnings(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The text from here on, as far as so many letters."""
    return ((letters, text[start : start + letters]) for letters in _LETTERS if letters <= len(text) - start)


def _by_title(paper: Paper, _: Random) -> tuple[str, list[tuple[int, str]]]:
    return paper_label(paper), list(_beginnings(paper.title, 0))


def _by_words_within(paper: Paper, chance: Random) -> tuple[str, list[tuple[int, str]]]:
    starts = [at + 1 for at, each in enumerate(paper.title) if each == " "]
    return paper_label(paper), list(_beginnings(paper.title, chance.choice(starts))) if starts else []


def _by_author(paper: Paper, _: Random) -> tuple[str, list[tuple[int, str]]]:
    first = paper.authors[0]
    before = 'author:"'
    typed = [(letters, f"{before}{text}") for letters, text in _beginnings(first.family, 0)]
    return f'{before}{first.name}"', [*typed, (0, f"{before}{first.family} {first.given[:2]}")]


Meant = Callable[[Paper, Random], tuple[str, Sequence[tuple[int, str]]]]
_MEANT: Mapping[str, Meant] = {"title": _by_title, "words within": _by_words_within, "first author": _by_author}


async def found_after(storage: SqlStorage, count: int, seconds: float) -> Mapping[str, Mapping[int, float]]:
    """By kind and number of letters typed, the share of what is meant that is among the first choices; 0 letters: the
    whole family name and two letters of the given name."""
    completions, shares = Completions(storage, Search(storage, clock), seconds=seconds), {}
    for kind, told in _MEANT.items():
        chance = Random(2)
        hits: dict[int, list[bool]] = defaultdict(list)
        for paper in await sampled(storage, chance, count):
            if not paper.authors:
                continue
            label, typed = told(paper, chance)
            for letters, text in typed:
                offered = await completions.suggest(text)
                hits[letters].append(label in [each.label for each in offered[:FIRST]])
        shares[kind] = {letters: sum(found) / len(found) for letters, found in sorted(hits.items())}
    return shares


async def report(path: Path, count: int, meant: int, seconds: float) -> None:
    async with shelved(path) as storage:
        papers, others = [await sampled(storage, Random(seed), _PAPERS) for seed in (1, 2)]
        await typed_in(storage, others, count, Random(2))  # as a bot that has been running
        gc.collect()
        gc.freeze()  # as the bot does once it is ready
        async with watched_loop() as lag:
            took = await typed_in(storage, papers, count, Random(1))
        gc.unfreeze()
        shares = await found_after(storage, meant, seconds) if meant else {}
    every = [one for each in took.values() for one in each]
    for kind, each_took in (*took.items(), ("all", every)):
        told = ", ".join(f"p{percent} {percentile(each_took, percent) * 1e3:.1f}" for percent in (50, 95, 99, 100))
        print(f"{kind}: {len(each_took)} keystrokes, {told} ms")
    print(f"loop lag {lag}")
    for kind, found in shares.items():
        told = ", ".join(f"{letters} letters {share:.3f}" for letters, share in found.items())
        print(f"{kind} among the first {FIRST} after {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--keystrokes", type=int, default=KEYSTROKES)
    parser.add_argument("--meant", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=TYPING_SECONDS)
    told = parser.parse_args()
    asyncio.run(report(told.file, told.keystrokes, told.meant, told.seconds))


if __name__ == "__main__":
    main()
