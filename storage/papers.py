"""Papers as rows: how one is written and read again, and the look-ups by number, id and title. Decides nothing."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, DateKind, KnownPaper, Paper
from storage.schema import NO_IDS, external_ids, papers

Item = TypeVar("Item")

AT_ONCE = 128
"""How many papers are looked up, or made into rows, between two turns of the event loop."""

_NOTHING = NO_IDS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_BY_NUMBER = select(papers).where(papers.c.id.in_(bindparam("wanted", expanding=True)))
_BY_ID = select(external_ids).where(
    external_ids.c.scheme == bindparam("scheme"), external_ids.c.value.in_(bindparam("wanted", expanding=True))
)
_BY_TITLE = select(papers).where(papers.c.title_key.in_(bindparam("wanted", expanding=True)))
_BY_TITLE_WITHOUT_IDS = _BY_TITLE.where(papers.c.ids == NO_IDS)
_CHANGE = (
    update(papers)
    .where(papers.c.id == bindparam("number"))
    .values({column.name: bindparam(column.name) for column in papers.c if column.name != "id"})
)
_BEST_KNOWN = select(papers.c.id).where(papers.c.upvotes.is_not(None))


async def get_papers(connection: AsyncConnection, numbers: Sequence[int]) -> list[KnownPaper]:
    """The papers with these numbers, in the order asked, the unknown left out."""
    found: dict[int, KnownPaper] = {}
    for some in chunks(numbers, AT_ONCE):
        rows = await connection.execute(_BY_NUMBER, {"wanted": list(some)})
        found.update((row.id, known_paper(row)) for row in rows)
    return [found[number] for number in numbers if number in found]


async def find_numbers(connection: AsyncConnection, ids: Iterable[ExternalId]) -> dict[ExternalId, int]:
    """Which paper each of these ids belongs to; the unknown left out."""
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for each in ids:
        by_scheme[each.scheme].append(each.value)
    found: dict[ExternalId, int] = {}
    for scheme, values in by_scheme.items():
        for some in chunks(values, AT_ONCE):
            rows = await connection.execute(_BY_ID, {"scheme": scheme, "wanted": list(some)})
            found.update((ExternalId(row.scheme, row.value), row.paper_id) for row in rows)
    return found


async def find_by_title(
    connection: AsyncConnection, keys: Sequence[int], *, without_ids: bool = False
) -> list[KnownPaper]:
    """The papers with these title keys; on request only those that have no id."""
    statement = _BY_TITLE_WITHOUT_IDS if without_ids else _BY_TITLE
    found: list[KnownPaper] = []
    for some in chunks(keys, AT_ONCE):
        rows = await connection.execute(statement, {"wanted": list(some)})
        found.extend(map(known_paper, rows))
    return found


async def best_known(connection: AsyncConnection, limit: int) -> list[int]:
    """The numbers of the papers with the most upvotes, then of the newest."""
    voted = await connection.execute(_BEST_KNOWN.order_by(papers.c.upvotes.desc(), papers.c.id.desc()).limit(limit))
    newest = await connection.execute(select(papers.c.id).order_by(papers.c.id.desc()).limit(limit))
    return list(dict.fromkeys([*voted.scalars(), *newest.scalars()]))[:limit]


async def count_papers(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(papers))).scalar_one())


async def add_rows(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(papers), rows)


async def change_rows(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    if rows:
        # The number itself is not set again: SQLite would look through all external ids for those that refer to it.
        await connection.execute(_CHANGE, [{"number": row["id"], **row} for row in rows])


async def add_ids(connection: AsyncConnection, ids: list[tuple[ExternalId, int]]) -> None:
    """Say which paper each id belongs to; an id that belongs to one stays there."""
    if ids:
        rows = [{"scheme": each.scheme, "value": each.value, "paper_id": number} for each, number in ids]
        await connection.execute(insert_or(external_ids).on_conflict_do_nothing(), rows)


def paper_row(number: int, title_key: int, paper: Paper, first_seen_at: datetime) -> dict[str, Any]:
    """One paper as the `papers` table keeps it."""
    return {
        "id": number,
        "title": paper.title,
        "title_key": title_key,
        "authors": _written([[author.family, author.given] for author in paper.authors]),
        "categories": _written(paper.categories),
        "ids": _written([[each.scheme, each.value] for each in paper.ids]),
        "sources": _written(paper.sources),
        "links": _written(paper.links),
        "published_at": _instant(paper.published_at),
        "published_kind": int(paper.published_kind),
        "updated_at": _instant(paper.updated_at),
        "first_seen_at": _instant(first_seen_at),
        "version": paper.version,
        "upvotes": paper.upvotes,
        "page_url": paper.page_url,
        "pdf_url": paper.pdf_url,
        "code_url": paper.code_url,
        "journal_ref": paper.journal_ref,
        "comment": paper.comment,
        "abstract": paper.abstract,
    }


def known_paper(row: Row[Any]) -> KnownPaper:
    """The paper in one row of the `papers` table."""
    return KnownPaper(
        id=row.id,
        first_seen_at=_EPOCH + row.first_seen_at * _MICROSECOND,
        paper=Paper(
            title=row.title,
            abstract=row.abstract,
            authors=tuple(Author(family=family, given=given) for family, given in _read(row.authors)),
            categories=tuple(_read(row.categories)),
            ids=tuple(ExternalId(scheme, value) for scheme, value in _read(row.ids)),
            published_at=_moment(row.published_at),
            published_kind=DateKind(row.published_kind),
            updated_at=_moment(row.updated_at),
            version=row.version,
            comment=row.comment,
            journal_ref=row.journal_ref,
            page_url=row.page_url,
            pdf_url=row.pdf_url,
            code_url=row.code_url,
            links=tuple(_read(row.links)),
            sources=tuple(_read(row.sources)),
            upvotes=row.upvotes,
        ),
    )


def day_start(day: date) -> int:
    """The first instant of a day in UTC, as the column `published_at` has it."""
    return (day - _EPOCH.date()) // _MICROSECOND


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _written(items: Sequence[Any]) -> str:
    return _json(items) if items else _NOTHING


def _read(written: str) -> list[Any]:
    items: list[Any] = [] if written == _NOTHING else json.loads(written)
    return items


def _instant(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(instant: int | None) -> datetime | None:
    return None if instant is None else _EPOCH + instant * _MICROSECOND
