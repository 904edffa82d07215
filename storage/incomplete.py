"""Which papers lack an abstract that one of their ids may lead to. Looks nothing up itself."""

from datetime import datetime

from sqlalchemy import literal, literal_column, select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.instants import Instant
from storage.schema import papers


async def list_without_abstract(
    connection: AsyncConnection, scheme: str, after: tuple[datetime, int] | None, limit: int
) -> list[int]:
    """The numbers of papers with an id of this scheme and no abstract, in the order in which they became known.

    `after` is when a paper became known and its number: those up to it are left out.
    """
    became_known = type_coerce(papers.c.first_seen_at, Instant)
    lacking = select(papers.c.id).where(papers.c.abstract == literal_column("''"), papers.c.ids.like(f'%"{scheme}"%'))
    if after:
        lacking = lacking.where(tuple_(became_known, papers.c.id) > tuple_(literal(after[0], Instant), after[1]))
    ordered = lacking.order_by(papers.c.first_seen_at, papers.c.id).limit(limit)
    return list((await connection.execute(ordered)).scalars())
