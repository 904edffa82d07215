"""Papers to put, and short ways to put and find them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.analysis import prepare
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, DateKind, Paper
from bot.domain.parsing import parse_query
from bot.interfaces import PutOutcome, Storage

NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)


def clock() -> datetime:
    """Always the same time."""
    return NOW


def paper(title: str = "A Paper", *ids: str, **told: Any) -> Paper:
    """A paper with these ids, such as `arxiv:2401.00001`; authors may be told as one text of family names."""
    if isinstance(told.get("authors"), str):
        told["authors"] = tuple(Author(family=name) for name in told["authors"].split())
    plain: dict[str, Any] = {
        "abstract": "We study a thing.",
        "published_at": datetime(2026, 5, 1, tzinfo=UTC),
        "published_kind": DateKind.SUBMITTED,
    }
    return Paper(title=title, ids=tuple(sorted(ExternalId(*each.split(":", 1)) for each in ids)), **{**plain, **told})


async def put(storage: Storage, *papers: Paper, now: datetime = NOW) -> list[PutOutcome]:
    """Put papers in a transaction of their own; what came of each."""
    async with storage.write() as transaction:
        return [each.outcome for each in await transaction.put_papers([prepare(each) for each in papers], now=now)]


async def titles(storage: Storage, query: str, limit: int = 50, offset: int = 0) -> Sequence[str]:
    """The titles a query finds, best first."""
    found = await storage.search_papers(parse_query(query), now=NOW, limit=limit, offset=offset)
    return [each.paper.title for each in found.papers]


async def number(storage: Storage, identifier: str) -> int:
    known = await storage.find_paper(ExternalId(*identifier.split(":", 1)))
    assert known is not None, identifier
    return known.id
