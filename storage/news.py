"""What decides whether a paper is news: which papers nobody has announced yet, and since when a paper is known."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects.inserting import insert_into
from storage.instants import Instant
from storage.papers import AT_ONCE, chunks
from storage.schema import papers, unannounced

_HELD = unannounced.c.paper_id.in_(bindparam("wanted", expanding=True))


async def add_unannounced(connection: AsyncConnection, numbers: Collection[int]) -> None:
    """Remember that these papers are known, and that no source has announced them."""
    if numbers:
        rows = [{"paper_id": number} for number in sorted(numbers)]
        await connection.execute(insert_into(connection, unannounced).on_conflict_do_nothing(), rows)


async def take_unannounced(connection: AsyncConnection, numbers: Collection[int]) -> frozenset[int]:
    """Those of these papers that nobody has announced; they count as announced from now on."""
    found: set[int] = set()
    for some in chunks(sorted(numbers), AT_ONCE):
        held = await connection.execute(select(unannounced.c.paper_id).where(_HELD), {"wanted": list(some)})
        found.update(held.scalars())
    for some in chunks(sorted(found), AT_ONCE):
        await connection.execute(delete(unannounced).where(_HELD), {"wanted": list(some)})
    return frozenset(found)


async def seen_since(connection: AsyncConnection, numbers: Collection[int], since: datetime) -> frozenset[int]:
    """Those of these papers that were not known before `since`."""
    recent = select(papers.c.id).where(papers.c.id.in_(bindparam("wanted", expanding=True)))
    recent = recent.where(type_coerce(papers.c.first_seen_at, Instant) >= bindparam("since", type_=Instant))
    found: set[int] = set()
    for some in chunks(sorted(numbers), AT_ONCE):
        found.update((await connection.execute(recent, {"wanted": list(some), "since": since})).scalars())
    return frozenset(found)
