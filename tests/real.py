"""Real papers and the queries people would type to find some of them, from the builders' material."""

import csv
import gzip
import itertools
from collections.abc import Sequence
from random import Random

from bot.domain.papers import FoundPaper, Paper, paper_from
from bot.domain.parsing import QueryError, parse_query
from bot.domain.query import Query
from bot.interfaces import Record
from bot.sources.formats.jsonl import Jsonl
from tests.domain.questions import question
from tests.shared import shared


def real_found(count: int, *, every: int = 1) -> list[FoundPaper]:
    """The same papers as `real_papers`, as a source brings them."""
    jsonl = Jsonl()
    with gzip.open(shared("corpus/arxiv_papers.jsonl.gz")) as lines:
        return [jsonl.parse(Record(place="", raw=line)) for line in itertools.islice(lines, 0, count * every, every)]


def real_papers(count: int, *, every: int = 1) -> list[Paper]:
    """So many papers of the corpus, which has 108,959 in the order of their ids: each, or one of so many.

    Skips the test where it is missing.
    """
    return [paper_from(each) for each in real_found(count, every=every)]


def real_topics() -> list[str]:
    """What people configured their daily feeds with; skips the test where it is missing."""
    with shared("corpus/topics.tsv").open(encoding="utf-8", newline="") as file:
        return [row["topic"] for row in csv.DictReader(file, delimiter="\t")]


def real_queries(papers: Sequence[Paper], count: int, chance: Random) -> list[Query]:
    """Queries about these papers, and a topic every tenth time; skips the test where the topics are missing."""
    topics = real_topics()
    texts = (_topic(chance, topics) if chance.random() < 0.1 else question(papers, chance) for _ in range(count))
    return [parse_query(each) for each in texts]


def _topic(chance: Random, topics: Sequence[str]) -> str:
    topic = chance.choice(topics).replace('"', " ")
    quoted = f'"{topic}"'
    if chance.random() < 0.5:
        return quoted
    try:
        parse_query(topic)
    except QueryError:  # "a*" is no prefix, and people follow it
        return quoted
    return topic
