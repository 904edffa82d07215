"""A library of any size, the same each time, made of the sentences of real papers where the material for it is there.

Kept in a folder, so that the next run finds it; straight to storage, for analysing and looking up take far longer.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from bot.domain.analysis import (
    KNOWN_FROM,
    WELL_KNOWN,
    PaperTerms,
    author_terms,
    first_author,
    id_label,
    lead_label,
    prepare,
    term,
    words,
)
from bot.domain.flat import FlatPaper, flat, instant
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, Paper
from storage import open_storage
from storage.dialects.text_index import add_terms
from storage.dialects.wording import execute_many
from storage.indexing import index_version
from storage.numbering import day_of, new_numbers
from storage.papers import add_rows
from storage.sql import SqlStorage
from tests.benchmarks.matching import made_up
from tests.real import real_papers
from tests.shared import find_shared

NOW = datetime(2026, 9, 1, tzinfo=UTC)
_DAYS = 12_000
"""Over which the papers were published, as those of arXiv."""
_TOGETHER = 20_000
_ADD_ID = "INSERT INTO external_ids(scheme, value, paper_id) VALUES ('arxiv', ?, ?)"
BASE = 20_000
"""Papers whose parts are mixed."""


class Made(NamedTuple):
    """A paper as storage keeps it."""

    identifier: str
    published_at: datetime
    paper: FlatPaper
    terms: PaperTerms
    key: int


class _Part(NamedTuple):
    text: str
    words: str
    terms: str


class _Author(NamedTuple):
    text: str
    terms: str
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    bare: FlatPaper
    openings: Sequence[_Part]
    endings: Sequence[_Part]
    sentences: Sequence[_Part]
    authors: Sequence[_Author]
    categories: Sequence[_Part]


def made_papers(count: int, base: int = BASE, days: int = _DAYS) -> Iterator[Made]:
    """So many papers, published over so many days, the oldest first, made of the parts of `base`."""
    chance, parts = Random(1), _parts(base)
    for number in range(count):
        yield _made(number, NOW - timedelta(days=days * (1 - number / count)), parts, chance)


async def library(folder: Path, count: int, base: int = BASE, days: int = _DAYS) -> Path:
    """The database of such a library, made now unless it is there; says how fast that went."""
    kind = "real" if find_shared("corpus") else "made-up"
    name = "-".join(str(index_version()).split())
    spread = "" if days == _DAYS else f"-in-{days}-days"
    path = folder / f"{kind}-{count}-of-{base}{spread}-{name}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        begun = path.with_suffix(".begun")
        for each in folder.glob(f"{begun.name}*"):
            each.unlink()
        async with await open_storage(f"sqlite:///{begun}") as storage:
            took = await fill(storage, made_papers(count, base, days))
        speed = f"{count / sum(took):,.0f}/s, their text index alone {count / took.indexed:,.0f}/s"
        print(f"{count:,} papers written in {sum(took):.0f} s, {speed}")
        begun.rename(path)
    return path


class Took(NamedTuple):
    """Seconds that it took to write a library; what made the papers does not count."""

    indexed: float
    """For the text index alone, until it was put together."""
    others: float


async def fill(storage: SqlStorage, papers: Iterator[Made]) -> Took:
    """Put these papers straight into a database that holds none."""
    indexed = others = 0.0
    while some := await asyncio.to_thread(_next, papers):
        started = time.perf_counter()
        async with storage._database.write() as connection:
            numbers = await new_numbers(connection, [day_of(each.published_at, NOW.date()) for each in some])
            numbered = list(zip(numbers, some, strict=True))
            await add_rows(connection, [(number, each.key, each.paper) for number, each in numbered], NOW)
            await execute_many(connection, _ADD_ID, [(each.identifier, number) for number, each in numbered])
        others += time.perf_counter() - started
        started = time.perf_counter()
        async with storage._database.write() as connection:
            await add_terms(connection, [(number, each.terms) for number, each in numbered])
        indexed += time.perf_counter() - started
    started = time.perf_counter()
    await storage.tidy_index()
    return Took(indexed + time.perf_counter() - started, others)


def _next(papers: Iterator[Made]) -> list[Made]:
    return list(islice(papers, _TOGETHER))


def _made(number: int, published_at: datetime, parts: _Parts, chance: Random) -> Made:
    """Everything has been analysed and written beforehand, piece by piece: here it is only put together."""
    title = (chance.choice(parts.openings), chance.choice(parts.endings))
    said = chance.choices(parts.sentences, k=chance.randint(4, 9))
    wrote = chance.choices(parts.authors, k=min(12, 1 + int(chance.expovariate(0.3))))
    upvotes = int(chance.paretovariate(1.0)) if chance.random() < 0.03 else None
    categories = chance.choice(parts.categories)
    identifier = f"{published_at:%y%m}.{number:08d}"
    labels = [wrote[0].lead, id_label(ExternalId("arxiv", identifier)), categories.terms]
    return Made(
        identifier=identifier,
        published_at=published_at,
        paper=parts.bare._replace(
            title=" ".join([each.text for each in title]),
            authors=f"[{','.join([each.text for each in wrote])}]",
            categories=categories.text,
            ids=f'[["arxiv", "{identifier}"]]',
            published_at=instant(published_at),
            upvotes=upvotes,
            abstract=" ".join([each.text for each in said]),
        ),
        terms=PaperTerms(
            title=" ".join([each.terms for each in title]),
            abstract=" ".join([each.terms for each in said]),
            authors=" ".join([each.terms for each in wrote]),
            labels=" ".join([*labels, WELL_KNOWN] if upvotes and upvotes >= KNOWN_FROM else labels),
            title_words=" ".join([each.words for each in title]),
        ),
        key=chance.getrandbits(62),
    )


def _parts(base: int) -> _Parts:
    papers = real_papers(base, every=5) if find_shared("corpus") else made_up(base // 4, Random(1))
    titles = [each.title.split() for each in papers if each.title]
    sentences = [f"{each.rstrip('.')}." for paper in papers for each in paper.abstract.split(". ") if each]
    authors = dict.fromkeys(author for paper in papers for author in paper.authors)
    return _Parts(
        bare=flat(Paper(title="", sources=("arxiv",))),
        openings=[_part(" ".join(each[: len(each) // 2])) for each in titles],
        endings=[_part(" ".join(each[len(each) // 2 :])) for each in titles],
        sentences=[_part(each) for each in sentences],
        authors=[_author(each) for each in authors],
        categories=[_categories(each) for each in dict.fromkeys(each.categories for each in papers)],
    )


def _author(author: Author) -> _Author:
    found = author_terms((author,))
    lead = " ".join(map(lead_label, first_author(found).split()))
    return _Author(json.dumps([author.family, author.given]), found, lead)


def _categories(categories: tuple[str, ...]) -> _Part:
    prepared = prepare(Paper(title="", categories=categories, sources=("arxiv",)))
    return _Part(prepared.flat.categories, "", prepared.terms.labels)


def _part(text: str) -> _Part:
    found = words(text)
    return _Part(text, " ".join(found), " ".join(map(term, found)))
