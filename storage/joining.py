"""Makes one of two stored papers: one number stays, and answers for the other from then on. Decides nothing."""

from collections.abc import Sequence

from sqlalchemy import Table, delete, exists, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import prepare
from bot.domain.flat import instant
from bot.domain.papers import KnownPaper
from storage.daily_schema import daily_posts, nominations, votes
from storage.dialects.inserting import insert_into
from storage.dialects.text_index import remove_terms
from storage.sameness import remove_words, words_apart
from storage.schema import (
    deliveries,
    external_ids,
    former_numbers,
    held_back,
    other_titles,
    paper_changes,
    papers,
    unannounced,
    upvotes,
)


async def join(connection: AsyncConnection, number: int, gone: Sequence[KnownPaper]) -> None:
    """Let the paper `number`, as it is written already, be each of these, which are stored as they are told here."""
    for each in gone:
        before = prepare(each.paper)
        await remove_terms(connection, [(each.id, before.terms)])
        await remove_words(connection, [(each.id, words_apart(before))])
        await _move(connection, each, number)
        await connection.execute(delete(papers).where(papers.c.id == each.id))
        await connection.execute(insert(former_numbers).values(number=each.id, paper_id=number))


async def _move(connection: AsyncConnection, gone: KnownPaper, number: int) -> None:
    """Give what refers to a paper to another."""
    for table in (external_ids, former_numbers, paper_changes, daily_posts, deliveries):
        await connection.execute(update(table).where(table.c.paper_id == gone.id).values(paper_id=number))
    for table in (other_titles, upvotes, held_back, votes):
        await _move_new(connection, table, gone.id, number)
    await _move_nominations(connection, gone.id, number)
    if not await _hold(connection, unannounced, gone.id):
        await connection.execute(delete(unannounced).where(unannounced.c.paper_id == number))
    seen = instant(gone.first_seen_at)
    earlier = (papers.c.id == number) & (papers.c.first_seen_at > seen)
    await connection.execute(update(papers).where(earlier).values(first_seen_at=seen))


async def _move_new(connection: AsyncConnection, table: Table, gone: int, number: int) -> None:
    """Give the rows of one paper to another, but for those that it has already."""
    columns = [literal(number) if each.name == "paper_id" else each for each in table.c]
    rows = select(*columns).where(table.c.paper_id == gone)
    put = insert_into(connection, table).from_select(list(table.c.keys()), rows)
    await connection.execute(put.on_conflict_do_nothing())
    await connection.execute(delete(table).where(table.c.paper_id == gone))


async def _move_nominations(connection: AsyncConnection, gone: int, number: int) -> None:
    """Let what was nominated as one paper be so as the other; a server that had nominated both keeps the other's."""
    twin = nominations.alias()
    has_both = exists().where((twin.c.paper_id == number) & (twin.c.guild_id == nominations.c.guild_id))
    theirs = nominations.c.paper_id == gone
    await connection.execute(update(nominations).where(theirs & ~has_both).values(paper_id=number))
    await connection.execute(delete(nominations).where(theirs))


async def _hold(connection: AsyncConnection, table: Table, number: int) -> bool:
    return (await connection.execute(select(table).where(table.c.paper_id == number))).first() is not None
