"""Measures how good search results are: `python -m tests.benchmarks.relevance DIR…`, or `--known-item FILE`.

A DIR holds a test collection: `corpus.jsonl.gz` ({_id, title, text}), `queries.jsonl` ({_id, text}) and `qrels.tsv`
(query, document, grade). Each is put into a database of its own and asked through the product's own search, one
setting for all; with `--kind postgresql` that is one of PostgreSQL. Queries longer than a person may type are cut at a
word; one that is no query is asked as plain words.

FILE is one that can be imported: then its papers are looked for by three random words of their title, by the title
with one letter wrong in each word, by the first author's family name and a word of the title, and by a reference to it.
"""

import argparse
import asyncio
import csv
import gzip
import json
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.domain.analysis import STOP_WORDS, prepare, words
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Paper
from bot.domain.parsing import MAX_LENGTH, QueryError
from bot.services.imports import import_files
from bot.services.search import Search, SearchPage
from bot.sources.formats import FORMATS
from storage import open_storage
from storage.sql import SqlStorage
from tests.benchmarks.cited import reference
from tests.benchmarks.judged import average_precision, ndcg, success
from tests.benchmarks.measure import percentile
from tests.postgresql import server
from tests.storage.kinds import KINDS

NOW = datetime(2026, 9, 1, tzinfo=UTC)
DEPTH = 200
TOGETHER = 2_000
_SECONDS = 10.0
"""A search may take: how good answers are shall not depend on what else this machine does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one question brought: ids in order, and how long that took."""

    ranked: Sequence[str]
    seconds: float
    is_strict: bool


async def ask(search: Search, text: str, *, depth: int = DEPTH) -> Answer:
    """Type this into the search."""
    typed = text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH + 1].rsplit(" ", 1)[0]
    started = time.perf_counter()
    page = await _page(search, typed, depth)
    seconds = time.perf_counter() - started
    ranked = [each.value for hit in page.hits for each in hit.known.paper.ids]
    return Answer(ranked=ranked, seconds=seconds, is_strict=page.whole is None)


async def _page(search: Search, typed: str, depth: int) -> SearchPage:
    try:
        return await search.search(typed, page=0, page_size=depth)
    except QueryError:
        return await search.search(re.sub(r"\W+", " ", typed), page=0, page_size=depth)


@asynccontextmanager
async def _filled(url: str, papers: Sequence[Paper]) -> AsyncIterator[Search]:
    async with await open_storage(url) as storage:
        for start in range(0, len(papers), TOGETHER):
            async with storage.write() as transaction:
                await transaction.put_papers([prepare(each) for each in papers[start : start + TOGETHER]], now=NOW)
        yield Search(storage, lambda: NOW, seconds=_SECONDS)


async def collection(folder: Path, url: str) -> None:
    """Print what one test collection says of the search in the database at `url`, which is empty."""
    texts = [(each["_id"], each["text"]) for each in _lines(folder / "queries.jsonl")]
    judged = _judgements(folder / "qrels.tsv")
    papers = [_paper(each) for each in _lines(folder / "corpus.jsonl.gz")]
    answers: dict[str, Answer] = {}
    async with _filled(url, papers) as search:
        for number, text in texts:
            if number in judged:
                answers[number] = await ask(search, text)
    measures: Sequence[tuple[str, Callable[[Sequence[str], Mapping[str, float]], float]]] = (
        ("nDCG@10", ndcg),
        ("MAP", average_precision),
        ("success@10", success),
    )
    told = [
        f"{name} {sum(of(each.ranked, judged[number]) for number, each in answers.items()) / len(answers):.3f}"
        for name, of in measures
    ]
    took = [each.seconds * 1e3 for each in answers.values()]
    strict = sum(each.is_strict for each in answers.values())
    print(
        f"{folder.name}: {' · '.join(told)} ({len(papers):,} papers, {len(answers)} queries, {strict} of them matched "
        f"by every word; ms p50 {percentile(took, 50):.0f}, max {max(took):.0f})"
    )


def _lines(file: Path) -> Iterator[dict[str, str]]:
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return map(json.loads, content.splitlines())


def _judgements(file: Path) -> dict[str, dict[str, float]]:
    judged: dict[str, dict[str, float]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            judged[row["query-id"]][row["corpus-id"]] = float(row["score"])
    return judged


def _paper(row: Mapping[str, str]) -> Paper:
    return Paper(title=row["title"] or "", abstract=row["text"] or "", ids=(ExternalId("test", row["_id"]),))


@contextmanager
def _empty(kind: str) -> Iterator[str]:
    """The address of a database with nothing in it, which is gone afterwards."""
    if kind == "postgresql":
        with server() as started:
            yield started.new()
            return
    with tempfile.TemporaryDirectory() as place:
        yield f"sqlite:///{place}/papers.db"


async def known_items(file: Path, database: str | None, count: int) -> None:
    """Print how often a paper is among the first ten for what somebody remembers of it."""
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(database or f"sqlite:///{folder}/papers.db") as storage:
            if not await storage.count_papers():
                await import_files([file], storage=storage, formats=FORMATS, now=NOW)
            for name, remembered in REMEMBERED.items():
                await _look_for(storage, name, remembered, count)


async def _look_for(
    storage: SqlStorage, name: str, remembered: Callable[[Paper, Random], str | None], count: int
) -> None:
    chance, search = Random(name), Search(storage, lambda: NOW, seconds=_SECONDS)
    found: list[bool] = []
    took: list[float] = []
    for paper in await _some_papers(storage, chance, 2 * count):
        text = remembered(paper, chance)
        if text is None or len(found) == count:
            continue
        answer = await ask(search, text, depth=10)
        found.append(any(each.value in answer.ranked for each in paper.ids))
        took.append(answer.seconds * 1e3)
    print(
        f"{name}: success@10 {sum(found) / len(found):.3f} ({len(found)} papers; "
        f"ms p50 {percentile(took, 50):.1f}, p99 {percentile(took, 99):.1f}, max {max(took):.1f})"
    )


async def _some_papers(storage: SqlStorage, chance: Random, count: int) -> list[Paper]:
    async with storage._database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT id FROM papers ORDER BY id")
        numbers = [number for (number,) in rows]
    return [each.paper for each in await storage.get_papers(chance.sample(numbers, min(count, len(numbers))))]


def _three_words(paper: Paper, chance: Random) -> str | None:
    telling = [word for word in dict.fromkeys(words(paper.title)) if word not in STOP_WORDS]
    return " ".join(chance.sample(telling, 3)) if len(telling) >= 3 else None


def _mistyped_title(paper: Paper, chance: Random) -> str | None:
    return " ".join(_mistyped(word, chance) for word in paper.title.split())[:MAX_LENGTH] or None


def _mistyped(word: str, chance: Random) -> str:
    """The word with one letter left out, doubled, replaced, or swapped with the next, anywhere in it."""
    if len(word) < 2:
        return word
    at = chance.randrange(len(word))
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    before, rest = word[:at], word[at:]
    return chance.choice(
        [
            before + rest[1:],
            before + letter + rest,
            before + letter + rest[1:],
            before + rest[1:2] + rest[:1] + rest[2:],
        ]
    )


def _author_and_word(paper: Paper, chance: Random) -> str | None:
    telling = [word for word in words(paper.title) if word not in STOP_WORDS]
    if not paper.authors or not telling:
        return None
    return f"{paper.authors[0].family} {chance.choice(telling)}"


REMEMBERED: dict[str, Callable[[Paper, Random], str | None]] = {
    "three words of the title": _three_words,
    "the title, one letter wrong in each word": _mistyped_title,
    "the first author and a word of the title": _author_and_word,
    "a reference in one of twelve styles": reference,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", metavar="DIR")
    parser.add_argument("--known-item", type=Path, metavar="FILE")
    parser.add_argument("--database", help="where the papers of FILE are, or are to be kept for the next time")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--kind", choices=KINDS, default="sqlite", help="the kind of database for each DIR")
    given = parser.parse_args()
    for folder in given.folders:
        with _empty(given.kind) as url:
            asyncio.run(collection(folder, url))
    if given.known_item:
        asyncio.run(known_items(given.known_item, given.database, given.count))


if __name__ == "__main__":
    main()
