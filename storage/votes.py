"""Who votes for what in which server, once each, and what gains votes. Every question names the server."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.flat import instant
from bot.domain.trends import Trend
from storage.daily_schema import votes
from storage.dialects.wording import Worded, fetch
from storage.papers import present_numbers

_COUNTS = """
    SELECT asked.value, count(*) FROM json_each(?1) AS asked JOIN votes
    ON votes.guild_id = ?2 AND votes.paper_id = asked.value GROUP BY asked.value
"""
_HERE = """
    WITH gaining (paper, gained, latest) AS (
        SELECT paper_id, count(*), max(voted_at) FROM votes
        WHERE guild_id = ?1 AND voted_at >= ?2 GROUP BY paper_id
        ORDER BY 2 DESC, 3 DESC, paper_id DESC LIMIT ?3
    )
    SELECT paper, gained, (SELECT count(*) FROM votes WHERE guild_id = ?1 AND paper_id = paper)
    FROM gaining ORDER BY gained DESC, latest DESC, paper DESC
"""
# The bare column beside max() or min() is of the row that has it (sqlite.org/lang_select.html, bare columns).
_LATEST = """WITH latest (paper, at, upvotes) AS (
        SELECT paper_id, max("on"), upvotes FROM upvotes WHERE "on" >= ?1 GROUP BY paper_id
    ),"""
_LATEST_BY_ORDER = """WITH latest (paper, at, upvotes) AS (
        SELECT DISTINCT ON (paper_id) paper_id, "on", upvotes FROM upvotes WHERE "on" >= {day}
        ORDER BY paper_id, "on" DESC
    ),"""
_GAINING = """
    gaining (paper, upvotes, before) AS (
        SELECT paper, latest.upvotes, coalesce(
            (SELECT earlier.upvotes FROM upvotes AS earlier WHERE earlier.paper_id = paper AND earlier."on" < {day}
             ORDER BY earlier."on" DESC LIMIT 1),
            CASE WHEN papers.published_at >= ?3 THEN 0 ELSE
            (SELECT first.upvotes FROM upvotes AS first WHERE first.paper_id = paper ORDER BY first."on" LIMIT 1) END
        )
        FROM latest JOIN papers ON papers.id = paper
    )
    SELECT paper, upvotes - before, upvotes FROM gaining WHERE upvotes > before
    ORDER BY 2 DESC, 3 DESC, paper DESC LIMIT ?2
"""
_DAY = "CAST(CAST(?1 AS text) AS date)"
_EVERYWHERE = Worded(
    sqlite=_LATEST + _GAINING.format(day="?1"), postgresql=(_LATEST_BY_ORDER + _GAINING).format(day=_DAY)
)


async def toggle_vote(
    connection: AsyncConnection, guild_id: int, paper_id: int, person_id: int, *, now: datetime
) -> bool:
    """Keep a person's one vote for a paper in a server, or take it back; whether they vote for it now."""
    number = await _present(connection, paper_id)
    mine = (votes.c.guild_id == guild_id) & (votes.c.paper_id == number) & (votes.c.person_id == person_id)
    if (await connection.execute(delete(votes).where(mine))).rowcount:
        return False
    row = {"guild_id": guild_id, "paper_id": number, "person_id": person_id, "voted_at": now}
    await connection.execute(votes.insert(), row)
    return True


async def count_votes(connection: AsyncConnection, papers: Sequence[int], *, guild_id: int) -> dict[int, int]:
    """How many people of a server vote for each of these papers, by the numbers asked; those with none left out."""
    now = await present_numbers(connection, papers)
    numbers = {each: now.get(each, each) for each in papers}
    counts = dict(await fetch(connection, _COUNTS, (json.dumps(sorted(set(numbers.values()))), guild_id)))
    return {each: counts[number] for each, number in numbers.items() if number in counts}


async def trends_here(connection: AsyncConnection, *, guild_id: int, since: datetime, limit: int) -> list[Trend]:
    """The papers that most people of a server have voted for since then."""
    rows = await fetch(connection, _HERE, (guild_id, instant(since), limit))
    return [Trend(paper_id=paper, gained=gained, total=total) for paper, gained, total in rows]


async def trends_everywhere(
    connection: AsyncConnection, *, since: date, new_since: datetime, limit: int
) -> list[Trend]:
    """The papers whose upvotes grew most from this day on.

    Of one that nobody looked at before that day, all of them count if it was published since `new_since`, else only
    those since it was first looked at.
    """
    rows = await fetch(connection, _EVERYWHERE, (since.isoformat(), limit, instant(new_since)))
    return [Trend(paper_id=paper, gained=gained, total=total) for paper, gained, total in rows]


async def _present(connection: AsyncConnection, number: int) -> int:
    return (await present_numbers(connection, [number])).get(number, number)
