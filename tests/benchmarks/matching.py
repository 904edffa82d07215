"""Measures a day's new papers against many subscriptions: `python -m tests.benchmarks.matching`.

Prints how long different queries take to be made ready, once, and how long 1,000 papers then take against all of them,
on one core and counted by the processor's time; beside it how long FTS5 would take to ask each query of an index of the
papers, from a sample; and whether 10,000 of the queries match what plain reading, paper by paper, matches. Papers and
queries are real where the builders' material is there, else made up.
"""

import argparse
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random

from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.conditions import AllOf, AnyOf, Condition, Has, condition
from bot.domain.matching import Matcher
from bot.domain.papers import Author, Paper
from bot.domain.query import Query
from storage.dialects.conditions import fts5_expression
from tests.benchmarks.followed import different_queries
from tests.benchmarks.measure import peak_memory_mib, resident_mib
from tests.real import real_papers, real_topics
from tests.shared import find_shared

PAPERS = 1_000
_KEPT = 10_000
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


def measure(batch: Sequence[PreparedPaper], matcher: Matcher, *, ready: float) -> float:
    """Print how long the batch takes against all queries; the best of five, in seconds of the processor."""
    took, worked = [], []
    for _ in range(5):
        started, at_work = time.perf_counter(), time.process_time()
        found = matcher.match(batch, now=_NOW)
        matching = len(found.matching())
        worked.append(time.process_time() - at_work)
        took.append(time.perf_counter() - started)
    print(
        f"{len(found):>9,} different queries: made ready in {ready:.1f} s of the processor, then {len(batch):,} papers "
        f"in {min(worked):.3f} s of it (median {sorted(worked)[2]:.3f}; on the clock {min(took):.3f}), "
        f"{found.count():,} matches of {matching:,} queries; {resident_mib():.0f} MiB now, "
        f"{peak_memory_mib():.0f} at most"
    )
    return min(worked)


def ask_fts5(batch: Sequence[PreparedPaper], queries: Sequence[Query]) -> float:
    """Seconds of the processor that each query takes, asked of an index of the batch; the best of three."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5(title, abstract, authors, labels, tokenize='ascii')")
    database.executemany("INSERT INTO found VALUES (?, ?, ?, ?)", [each.terms[:4] for each in batch])
    database.execute("INSERT INTO found(found) VALUES ('optimize')")
    asked = [(fts5_expression(condition(each.root)),) for each in queries]
    took = []
    for _ in range(3):
        started = time.process_time()
        for expression in asked:
            database.execute("SELECT rowid FROM found WHERE found MATCH ?", expression).fetchall()
        took.append((time.process_time() - started) / len(asked))
    database.close()
    return min(took)


def differences(batch: Sequence[PreparedPaper], queries: Sequence[Query]) -> int:
    """In how many pairs of a paper and a query plain reading says something else."""
    found = Matcher(queries).match(batch, now=_NOW)
    texts = [{column: f" {getattr(each.terms, column)} " for column in each.terms._fields} for each in batch]
    wrong = 0
    for number, query in enumerate(queries):
        asked = condition(query.root)
        read = sum(1 << place for place, each in enumerate(texts) if _meets(each, asked))
        wrong += (read ^ found.mask(number)).bit_count()
    return wrong


def _meets(text: dict[str, str], asked: Condition) -> bool:
    match asked:
        case Has(columns, terms, prefix):
            wanted = f" {' '.join(terms)}{'' if prefix else ' '}"
            return any(wanted in text[each] for each in columns)
        case AnyOf(parts):
            return any(_meets(text, each) for each in parts)
        case AllOf(parts, without):
            return all(_meets(text, each) for each in parts) and not any(_meets(text, each) for each in without)
    raise ValueError("these queries have no dates")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--read-plainly", type=int, default=_KEPT, help="queries compared with plain reading")
    wanted = parser.parse_args()
    chance = Random(1)
    is_real = find_shared("corpus") is not None
    papers = real_papers(20_000) if is_real else made_up(20_000, chance)
    topics = real_topics() if is_real else [each.title for each in papers[:500]]
    batch = [prepare(each) for each in papers[-PAPERS:]]
    queries = different_queries(papers, topics, max(wanted.queries), chance)
    matcher, kept, ready, made = Matcher(), list[Query](), 0.0, 0
    for count in sorted(wanted.queries):
        while some := list(islice(queries, min(1_000, count - made))):
            made += len(some)
            kept += some[: max(0, _KEPT - len(kept))]
            started = time.process_time()
            for each in some:
                matcher.add(each)
            ready += time.process_time() - started
        took = measure(batch, matcher, ready=ready)
        reverse = ask_fts5(batch, kept[:2_000]) * count
        print(f"          FTS5, asked each of them, would take {reverse:.1f} s: {reverse / took:.0f} times as long")
    compared = kept[: wanted.read_plainly]
    print(f"{len(compared):,} of them read plainly: {differences(batch, compared)} pairs differ")


if __name__ == "__main__":
    main()
