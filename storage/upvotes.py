"""How votes move: one count a paper and day. Decides nothing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.upvotes import UpvoteCount
from storage.dialects.inserting import insert_into
from storage.papers import present_numbers
from storage.schema import upvotes


async def put_upvotes(connection: AsyncConnection, counts: Sequence[UpvoteCount]) -> None:
    """Keep these counts, each over an earlier one of the same paper and day."""
    if counts:
        put = insert_into(connection, upvotes)
        latest = put.on_conflict_do_update(index_elements=["paper_id", "on"], set_={"upvotes": put.excluded.upvotes})
        rows = [{"paper_id": each.paper_id, "on": each.on, "upvotes": each.upvotes} for each in counts]
        await connection.execute(latest, rows)


async def list_upvotes(connection: AsyncConnection, number: int) -> list[UpvoteCount]:
    """The counts of one paper, the earliest first; by any number that it has or had."""
    number = (await present_numbers(connection, [number])).get(number, number)
    rows = await connection.execute(select(upvotes).where(upvotes.c.paper_id == number).order_by(upvotes.c.on))
    return [UpvoteCount(paper_id=row.paper_id, on=row.on, upvotes=row.upvotes) for row in rows]
