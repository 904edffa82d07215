"""Papers that people of a server proposed for its day, and their order. Every question names the server."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, case, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.nominations import WAITING, Nomination, NominationState
from storage.daily_posts import was_missed
from storage.daily_schema import daily_posts, nominations
from storage.dialects.inserting import insert_into
from storage.papers import present_numbers


async def find_nomination(connection: AsyncConnection, paper_id: int, *, guild_id: int) -> Nomination | None:
    """What a server has or had of this paper."""
    number = (await present_numbers(connection, [paper_id])).get(paper_id, paper_id)
    wanted = (nominations.c.paper_id == number) & (nominations.c.guild_id == guild_id)
    row = (await connection.execute(select(nominations).where(wanted))).one_or_none()
    return None if row is None else _nomination(row)


async def put_nomination(connection: AsyncConnection, nomination: Nomination) -> Nomination:
    """Keep this over what its server had of its paper, if anything; as it is kept."""
    number = (await present_numbers(connection, [nomination.paper_id])).get(nomination.paper_id, nomination.paper_id)
    row: dict[str, Any] = {**asdict(nomination), "paper_id": number}
    del row["id"]
    put = insert_into(connection, nominations)
    others = {name: put.excluded[name] for name in row if name not in ("guild_id", "paper_id")}
    await connection.execute(put.on_conflict_do_update(index_elements=["guild_id", "paper_id"], set_=others), row)
    kept = await find_nomination(connection, number, guild_id=nomination.guild_id)
    assert kept is not None  # noqa: S101 (it was written in this transaction)
    return kept


async def place_nominations(connection: AsyncConnection, places: Mapping[int, int], *, guild_id: int) -> None:
    """Give nominations of this server these places, by number."""
    if places:
        theirs = (nominations.c.guild_id == guild_id) & nominations.c.id.in_(list(places))
        await connection.execute(update(nominations).where(theirs).values(place=case(places, value=nominations.c.id)))


async def list_nominations(connection: AsyncConnection, *, guild_id: int) -> list[Nomination]:
    """What waits in a server: those in line in their order, then those to be approved, the earliest first."""
    theirs = (daily_posts.c.guild_id == nominations.c.guild_id) & (daily_posts.c.paper_id == nominations.c.paper_id)
    chosen = exists().where(theirs & ~was_missed())
    waiting = (nominations.c.guild_id == guild_id) & nominations.c.state.in_([each.value for each in WAITING]) & ~chosen
    rows = await connection.execute(
        select(nominations)
        .where(waiting)
        .order_by(nominations.c.state != NominationState.QUEUED.value, nominations.c.place, nominations.c.id)
    )
    return [_nomination(row) for row in rows]


async def was_chosen(connection: AsyncConnection, paper_id: int, *, guild_id: int) -> date | None:
    """The last date for which this paper was chosen in a server; dates on which it was missed do not count."""
    number = (await present_numbers(connection, [paper_id])).get(paper_id, paper_id)
    theirs = (daily_posts.c.guild_id == guild_id) & (daily_posts.c.paper_id == number) & ~was_missed()
    found: date | None = (await connection.execute(select(func.max(daily_posts.c.on)).where(theirs))).scalar()
    return found


def _nomination(row: Row[Any]) -> Nomination:
    return Nomination(**{**row._mapping, "state": NominationState(row.state)})
