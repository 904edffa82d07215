"""Measures how good "papers like this one" is, and how long it takes: `python -m tests.benchmarks.similar PATH…`.

A folder holds a test collection: `corpus.jsonl.gz` ({_id, title, text}) and `qrels.tsv` (query, document, grade). Its
documents are examples: those that are relevant to the same question are alike. A file is
one that can be imported, or a database (`.db`): there, papers are alike by the share of their categories.
"""

import argparse
import asyncio
import csv
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from random import Random

from bot.domain.identifiers import ExternalId
from bot.domain.papers import KnownPaper, Paper
from storage.sql import SqlStorage
from tests.benchmarks.judged import ndcg
from tests.benchmarks.measure import percentile, watched_loop
from tests.benchmarks.shelved import emptied, numbers, shelved

EXAMPLES = 400
DEPTH = 10

Grades = Mapping[str, Mapping[str, float]]
"""For each example how alike each other document is."""


def alike_by_question(judged: Iterable[tuple[str, str]]) -> Grades:
    """1 for two documents that are relevant to the same question, of pairs of a question and a relevant document."""
    by_question: dict[str, list[str]] = defaultdict(list)
    for question, document in judged:
        by_question[question].append(document)
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for documents in by_question.values():
        for one, other in permutations(dict.fromkeys(documents), 2):
            grades[one][other] = 1
    return grades


def shared_categories(one: Paper, other: Paper) -> float:
    """The share of their categories that both have, from 0 to 1."""
    either = {*one.categories, *other.categories}
    return len(set(one.categories) & set(other.categories)) / len(either) if either else 0.0


async def by_example(papers: Sequence[Paper], grades: Grades, count: int = EXAMPLES) -> float:
    """The mean nDCG@10 over examples, at most `count` of them; each paper has one id, as of the grades."""
    found = []
    async with emptied(papers) as storage:
        for example in Random(1).sample(sorted(grades), min(count, len(grades))):
            known = await storage.find_paper(ExternalId("doi", example))
            if known is not None:
                alike = await storage.similar_papers(known, limit=DEPTH)
                found.append(ndcg([each.paper.ids[0].value for each in alike], grades[example], DEPTH))
    return sum(found) / len(found) if found else 0.0


async def by_category(storage: SqlStorage, count: int = EXAMPLES) -> tuple[list[float], list[float]]:
    """For papers drawn at random the mean share of categories of their nearest five, and how many seconds each took."""
    shares, took = [], []
    chosen = Random(1).sample(known := await numbers(storage), min(count, len(known)))
    for paper in await storage.get_papers(chosen):
        started = time.perf_counter()
        found: list[KnownPaper] = await storage.similar_papers(paper, limit=5)
        took.append(time.perf_counter() - started)
        shares.append(sum(shared_categories(paper.paper, each.paper) for each in found) / 5)
    return shares, took


def collection(folder: Path) -> tuple[list[Paper], Grades]:
    """The documents of a test collection, and how alike they are."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    papers = [
        Paper(title=row["title"], abstract=row["text"], ids=(ExternalId("doi", f"10.1/{row['_id']}"),)) for row in rows
    ]
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
        judged = [row for row in csv.reader(file, delimiter="\t") if len(row) > 2 and row[-1].lstrip("-").isdigit()]
    return papers, alike_by_question((row[0], f"10.1/{row[-2]}") for row in judged if int(row[-1]) > 0)


async def report(path: Path) -> str:
    """One line about one path."""
    if path.is_dir():
        return f"{path.name}: nDCG@10 by example {await by_example(*collection(path)):.3f}"
    async with shelved(path) as storage:
        await by_category(storage, 20)  # warm
        async with watched_loop() as lag:
            shares, took = await by_category(storage)
    told = ", ".join(f"p{percent} {percentile(took, percent) * 1e3:.1f}" for percent in (50, 95, 99, 100))
    return f"{path.name}: shared categories of five {sum(shares) / len(shares):.3f}; {told} ms; loop lag {lag}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    for path in parser.parse_args().paths:
        print(asyncio.run(report(path)), flush=True)


if __name__ == "__main__":
    main()
