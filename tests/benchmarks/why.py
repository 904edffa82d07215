"""Holds what is explained against what is matched: `python -m tests.benchmarks.why --pairs 100000`.

Each pair is a paper and a topic, both real where the builders' material is there, else made up. Prints how many pairs
match, how many disagree, and how long an explanation takes.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from bot.domain.analysis import prepare
from bot.domain.explaining import Explainer
from bot.domain.matching import Matcher
from bot.domain.papers import Paper
from bot.domain.parsing import parse_query
from bot.domain.query import Query
from tests.benchmarks.matching import made_up
from tests.domain.questions import question
from tests.real import real_papers, real_queries
from tests.shared import find_shared

_TOPICS = 500
_NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Compared:
    """What was found out about some pairs."""

    pairs: int = 0
    matched: int = 0
    seconds: float = 0.0
    """Of the processor, for the explanations alone."""
    wrong: list[str] = field(default_factory=list)


def compared(papers: Sequence[Paper], queries: Sequence[Query], *, now: datetime) -> Compared:
    """Every paper with every query, both ways."""
    done, matcher = Compared(), Matcher(queries)
    prepared = [prepare(each) for each in papers]
    masks = matcher.masks(prepared, now=now)
    for place, paper in enumerate(prepared):
        begun = time.process_time()
        explainer = Explainer(paper)
        told = [(query, explainer.explain(query, now=now)) for query in dict.fromkeys(queries)]
        done.seconds += time.process_time() - begun
        for query, explained in told:
            is_matched = bool(masks[matcher.add(query)] >> place & 1)
            done.pairs += 1
            done.matched += is_matched
            if explained.is_matched != is_matched or is_matched != bool(explained.met_by):
                done.wrong.append(f"{query} and {paper.flat.title!r}: matched {is_matched}, explained {explained}")
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = Random(wanted.seed)
    count = -(-wanted.pairs // _TOPICS)
    has_real = find_shared("corpus") is not None
    papers = real_papers(count * 20, every=5)[::20] if has_real else made_up(count, chance)
    queries: dict[Query, None] = {}
    while len(queries) < _TOPICS:
        some = real_queries(papers, 50, chance) if has_real else [parse_query(question(papers, chance))]
        queries.update(dict.fromkeys(some))
    done = compared(papers, list(queries)[:_TOPICS], now=_NOW)
    told = "real" if has_real else "made up"
    print(
        f"{done.pairs:,} pairs, {told}, {done.matched:,} match, {done.seconds / done.pairs * 1e6:.1f} µs each: "
        f"{len(done.wrong):,} wrong"
    )
    print(*done.wrong[:10], sep="\n")
    sys.exit(bool(done.wrong) or done.pairs < wanted.pairs)


if __name__ == "__main__":
    main()
