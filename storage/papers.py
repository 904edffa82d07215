"""Papers as rows: how one is written and read again, and the look-ups by number, id and title. Decides nothing."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.flat import FlatPaper, instant, moment, unfolded
from bot.domain.identifiers import ExternalId
from bot.domain.papers import KnownPaper
from storage.dialects.inserting import insert_into
from storage.dialects.wording import Worded, execute_many, fetch
from storage.readers import Turn
from storage.schema import external_ids, former_numbers, other_titles, papers

Item = TypeVar("Item")

AT_ONCE = 250
"""How many papers are looked up, or made into rows, between two turns of the event loop."""

COLUMNS = tuple(papers.c[name] for name in ("id", "first_seen_at", *FlatPaper._fields))
"""What `known_paper` reads, in this order."""
_ADD = (
    f"INSERT INTO papers ({', '.join(each.name for each in COLUMNS)}, title_key) "  # noqa: S608 (our own names)
    f"VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
)
"""Given to the driver as it is, with rows as tuples: making them named parameters took longer than writing them."""
_BY_NUMBER = (
    f"SELECT {', '.join(f'papers.{each.name}' for each in COLUMNS)} "  # noqa: S608 (our own names)
    "FROM json_each(?) AS wanted CROSS JOIN papers ON papers.id = wanted.value"
)
_BY_ID = Worded(
    sqlite="SELECT scheme, external_ids.value, paper_id FROM json_each(?) AS wanted CROSS JOIN external_ids "
    "WHERE scheme = json_extract(wanted.value, '$[0]') AND external_ids.value = json_extract(wanted.value, '$[1]')",
    postgresql="SELECT scheme, external_ids.value, paper_id "
    "FROM json_array_elements(CAST(? AS json)) AS wanted (value) JOIN external_ids "
    "ON scheme = wanted.value ->> 0 AND external_ids.value = wanted.value ->> 1",
)
_PRESENT = select(former_numbers).where(former_numbers.c.number.in_(bindparam("wanted", expanding=True)))
_CHANGE = (
    update(papers)
    .where(papers.c.id == bindparam("number"))
    .values({name: bindparam(name) for name in ("title_key", *FlatPaper._fields)})
)
_TITLED = (
    select(papers.c.id)
    .where(papers.c.title_key == bindparam("key"))
    .order_by(papers.c.published_at.asc().nulls_last(), papers.c.id)
    .limit(bindparam("limit"))
)
_BEST_KNOWN = "SELECT id FROM papers WHERE upvotes IS NOT NULL ORDER BY upvotes DESC, id DESC LIMIT ?"
_NEWEST = "SELECT id FROM papers ORDER BY id DESC LIMIT ?"


async def get_papers(connection: AsyncConnection, numbers: Sequence[int]) -> list[KnownPaper]:
    """The papers with these numbers, in the order asked, the unknown left out.

    A number that a paper gave up gives the paper it turned out to be.
    """
    found = await _by_number(connection, numbers)
    if len(found) < len(numbers):
        present = await present_numbers(connection, [each for each in numbers if each not in found])
        papers_now = await _by_number(connection, list(present.values()))
        found.update((number, papers_now[now]) for number, now in present.items())
    return [found[number] for number in numbers if number in found]


def read_papers(turn: Turn, numbers: Sequence[int]) -> list[KnownPaper]:
    """The papers that have these numbers now, in the order asked, the unknown left out. Raises OutOfTime."""
    found = {row[0]: known_paper(row) for row in turn.fetch(_BY_NUMBER, (json.dumps(list(numbers)),))}
    return [found[number] for number in numbers if number in found]


async def present_numbers(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, int]:
    """For those of these numbers that papers gave up, the number that answers now."""
    present: dict[int, int] = {}
    for some in chunks(numbers, AT_ONCE):
        rows = await connection.execute(_PRESENT, {"wanted": list(some)})
        present.update((row.number, row.paper_id) for row in rows)
    return present


async def find_numbers(connection: AsyncConnection, ids: Iterable[ExternalId]) -> dict[ExternalId, int]:
    """Which paper each of these ids belongs to; the unknown left out."""
    wanted = json.dumps(list(ids))
    rows = await fetch(connection, _BY_ID, (wanted,))
    return {ExternalId(scheme, value): number for scheme, value, number in rows}


async def find_titled(connection: AsyncConnection, key: int, limit: int) -> list[KnownPaper]:
    """The papers whose titles have this key, the oldest first."""
    numbers = await connection.scalars(_TITLED, {"key": key, "limit": limit})
    return await get_papers(connection, list(numbers))


def best_known(turn: Turn, limit: int) -> list[int]:
    """The numbers of the papers with the most upvotes, then of the newest. Raises OutOfTime."""
    voted, newest = (turn.fetch(statement, (limit,)) for statement in (_BEST_KNOWN, _NEWEST))
    return list(dict.fromkeys(number for (number,) in (*voted, *newest)))[:limit]


async def count_papers(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(papers))).scalar_one())


async def add_rows(connection: AsyncConnection, rows: Sequence[tuple[int, int, FlatPaper]], now: datetime) -> None:
    """Add papers first seen now, each under its number and title key."""
    if rows:
        seen = instant(now)
        await execute_many(connection, _ADD, [(number, seen, *paper, key) for number, key, paper in rows])


async def change_rows(connection: AsyncConnection, rows: Sequence[tuple[int, int, FlatPaper]]) -> None:
    """Let these numbers stand for these papers, with these title keys."""
    if rows:
        # The number itself is not set again: SQLite would look through all external ids for those that refer to it.
        await connection.execute(
            _CHANGE, [{"number": number, "title_key": key, **paper._asdict()} for number, key, paper in rows]
        )


async def add_titles(connection: AsyncConnection, titles: Sequence[tuple[int, int, str]]) -> None:
    """Remember titles that papers came with and do not go by: the paper's number, the title's key, the title."""
    if titles:
        rows = [{"paper_id": number, "title_key": key, "title": title} for number, key, title in titles]
        await connection.execute(insert_into(connection, other_titles).on_conflict_do_nothing(), rows)


async def add_ids(connection: AsyncConnection, ids: list[tuple[ExternalId, int]]) -> None:
    """Say which paper each id belongs to; an id that belongs to one stays there."""
    if ids:
        rows = [{"scheme": each.scheme, "value": each.value, "paper_id": number} for each, number in ids]
        await connection.execute(insert_into(connection, external_ids).on_conflict_do_nothing(), rows)


async def _by_number(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, KnownPaper]:
    found: dict[int, KnownPaper] = {}
    for some in chunks(numbers, AT_ONCE):
        found.update((row[0], known_paper(row)) for row in await fetch(connection, _BY_NUMBER, (json.dumps(some),)))
    return found


def known_paper(row: Sequence[Any]) -> KnownPaper:
    """The paper in one row of `COLUMNS`."""
    number, first_seen_at, *paper = row
    return KnownPaper(id=number, first_seen_at=moment(first_seen_at), paper=unfolded(FlatPaper._make(paper)))


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
