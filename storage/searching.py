"""Answers queries and completes half-typed titles from the text index, in bounded time. Changes nothing."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import words
from bot.domain.conditions import condition
from bot.domain.query import Field, Query
from bot.domain.ranking import LONGEST_COMPARED, best_first, closest_titles
from bot.interfaces import Matches
from storage.dialects.conditions import where
from storage.dialects.fts5 import best_matches, count_matches, newest_matches, titles_beginning
from storage.papers import best_known, get_papers

RERANKED = 100
"""How many of the best matches are ordered by their titles; the rest keep the order of their text scores."""

COMPLETED = 100
"""How many of the newest titles, and of the well-known ones, a half-typed text chooses from."""


async def search_papers(connection: AsyncConnection, query: Query, limit: int, offset: int, today: date) -> Matches:
    """One page of the papers a query matches, best first."""
    asked = where(condition(query.root), today)
    if all(each.field is Field.AUTHOR for each in query.sought()):
        page, total = await newest_matches(connection, asked, limit, offset), None
    elif offset >= RERANKED:
        page, total = [each.id for each in await best_matches(connection, asked, limit, offset)], None
    else:
        wanted = max(RERANKED, offset + limit)
        best = await best_matches(connection, asked, wanted)
        ranked = [*best_first(query, best[:RERANKED]), *(each.id for each in best[RERANKED:])]
        page, total = ranked[offset : offset + limit], len(best) if len(best) < wanted else None
    if total is None:
        total = await count_matches(connection, asked)
    return Matches(papers=tuple(await get_papers(connection, page)), total=total)


async def suggest_papers(connection: AsyncConnection, text: str, limit: int) -> list[int]:
    """Numbers of papers whose title may be what is being typed, best first; of the best known for an empty text."""
    typed = words(text[:LONGEST_COMPARED])
    if not typed:
        return await best_known(connection, limit)
    found = await titles_beginning(connection, typed, COMPLETED)
    if len(found) == COMPLETED:
        found += await titles_beginning(connection, typed, COMPLETED, well_known=True)
    return closest_titles(text, {each.id: each for each in found}.values())[:limit]
