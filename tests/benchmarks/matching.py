"""Measures a day's new papers against many subscriptions: `python -m tests.benchmarks.matching`.

Prints how long queries take to be made ready, once, and how long 1,000 papers then take against all of them; beside it,
how long reading paper by paper would take, from a sample. Papers and queries are real where the builders' material is
there, else made up.
"""

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.conditions import condition
from bot.domain.matching import Matcher
from bot.domain.papers import Author, Paper
from bot.domain.parsing import parse_query
from bot.domain.query import Query
from tests.benchmarks.measure import peak_memory_mib
from tests.domain.plain_reading import PlainPaper
from tests.domain.questions import question
from tests.real import real_papers, real_queries
from tests.shared import find_shared

PAPERS = 1_000
_SAMPLE = 100
_NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)


def made_up(count: int, chance: Random) -> list[Paper]:
    """Papers of made-up words, the commoner ones far commoner, as in real text."""
    words = [f"{first}{second}{third}" for first in "bdfgk" for second in "aeiou" for third in "lmnrst"]
    weights = [1 / (place + 1) for place in range(len(words))]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length))

    return [
        Paper(
            title=text(9),
            abstract=text(160),
            authors=tuple(Author(family=text(1), given=text(1)) for _ in range(4)),
            categories=(chance.choice(("cs.LG", "cs.CL", "cs.CV", "stat.ML")),),
            published_at=_NOW,
        )
        for _ in range(count)
    ]


def measure(batch: Sequence[PreparedPaper], queries: Sequence[Query]) -> None:
    started = time.perf_counter()
    matcher = Matcher(queries)
    ready = time.perf_counter() - started
    took, worked = [], []
    for _ in range(5):
        started, at_work = time.perf_counter(), time.process_time()
        masks = matcher.masks(batch, now=_NOW)
        took.append(time.perf_counter() - started)
        worked.append(time.process_time() - at_work)
    matches = sum(mask.bit_count() for mask in masks)
    print(
        f"{len(queries):>9,} queries ({len(masks):,} different): made ready in {ready:.2f} s, matched in "
        f"{min(took):.3f} s (median {sorted(took)[2]:.3f}; {min(worked):.3f} of the processor), {matches:,} matches, "
        f"{peak_memory_mib():.0f} MiB at most"
    )


def read_plainly(batch: Sequence[PreparedPaper], queries: Sequence[Query]) -> None:
    plain = [PlainPaper(each) for each in batch]
    started = time.perf_counter()
    for query in queries:
        asked = condition(query.root)
        for paper in plain:
            paper.meets(asked, _NOW.date())
    each = (time.perf_counter() - started) / len(queries)
    print(f"paper by paper, {each * 1e3:.1f} ms a query: 10,000 would take {each * 1e4:,.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, nargs="+", default=[10_000, 100_000])
    wanted = parser.parse_args()
    chance = Random(1)
    if find_shared("corpus"):
        papers = real_papers(20_000)
        queries = real_queries(papers, max(wanted.queries), chance)
    else:
        papers = made_up(5_000, chance)
        queries = [parse_query(question(papers, chance)) for _ in range(max(wanted.queries))]
    batch = [prepare(each) for each in papers[-PAPERS:]]
    for count in wanted.queries:
        measure(batch, queries[:count])
    read_plainly(batch, queries[:_SAMPLE])


if __name__ == "__main__":
    main()
