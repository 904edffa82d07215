"""Holds searches against the matcher, and both against the plainest reading: `python -m tests.faults.equality`.

A case is one query and one set of papers. Half the cases are made up by hypothesis from few words, so that nearly every
query matches something; the other half are real papers with queries made of their words, where the builders' material
is there.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from bot.domain.papers import Paper
from bot.domain.query import Query
from tests.domain.query_trees import papers, queries
from tests.postgresql import server
from tests.real import real_papers, real_queries
from tests.shared import find_shared
from tests.storage.equality import Shelf, opened_shelf
from tests.storage.kinds import KINDS

_QUERIES = 20
"""Queries held against one set of papers."""
_REAL = 40
"""Real papers in one set."""


def made_up(shelf: Shelf, cases: int, number: int) -> list[str]:
    """What was wrong in so many cases that hypothesis makes up."""
    wrong: list[str] = []

    @seed(number)
    @settings(
        max_examples=-(-cases // _QUERIES),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(papers, min_size=1, max_size=12),
        st.lists(queries, min_size=_QUERIES, max_size=_QUERIES, unique=True),
    )
    def compare(some: list[Paper], asked: list[Query]) -> None:
        wrong.extend(shelf.disagreements(some, asked))

    compare()
    return wrong


def real(shelf: Shelf, cases: int, number: int) -> Iterator[str]:
    """What was wrong in so many cases of real papers."""
    chance = Random(number)
    corpus = real_papers(20_000, every=5) if cases > 1_000 else real_papers(1_000)
    for _ in range(0, cases, _QUERIES):
        some = chance.sample(corpus, _REAL)
        yield from shelf.disagreements(some, real_queries(some, _QUERIES, chance))


@contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/papers.db"
    else:
        with server() as started, started.empty() as url:
            yield url


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    wanted = parser.parse_args()
    have_real = find_shared("corpus") is not None
    count = wanted.cases // 2 if have_real else wanted.cases
    started = time.monotonic()
    with _database(wanted.database) as url, opened_shelf(url) as shelf:
        wrong = made_up(shelf, count, wanted.seed)
        if have_real:
            wrong += real(shelf, wanted.cases - count, wanted.seed)
        cases, matches = shelf.cases, shelf.matches
    told = "made up and real" if have_real else "made up"
    print(f"{cases:,} cases, {told}, {matches:,} matches, in {time.monotonic() - started:.0f} s: {len(wrong)} wrong")
    print(*wrong[:10], sep="\n")
    sys.exit(bool(wrong) or cases < wanted.cases)


if __name__ == "__main__":
    main()
