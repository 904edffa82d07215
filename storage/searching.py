"""Answers queries and completes half-typed titles from the text index, in bounded time. Changes nothing."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import words
from bot.domain.conditions import condition
from bot.domain.query import Field, Query
from bot.domain.ranking import LONGEST_COMPARED, Candidate, best_first, closest_titles, in_titles
from bot.interfaces import Matches
from storage.dialects.conditions import where
from storage.dialects.fts5 import best_matches, count_matches, newest_matches, newest_titles, titles_beginning
from storage.papers import best_known, get_papers

RERANKED = 100
"""How many of the best matches are ordered by their titles; the rest keep the order of their text scores."""

FEW = 2_000
"""Matches that are all scored by their whole text."""

COMPLETED = 100
"""How many of the newest titles, and of the well-known ones, a half-typed text chooses from."""


async def search_papers(connection: AsyncConnection, query: Query, limit: int, offset: int, today: date) -> Matches:
    """One page of the papers a query matches, best first."""
    asked = where(condition(query.root), today)
    total = await count_matches(connection, asked)
    if all(each.field is Field.AUTHOR for each in query.sought()):
        page = await newest_matches(connection, asked, limit, offset)
    else:
        best = await _best(connection, query, max(RERANKED, offset + limit), total, today)
        ranked = [*best_first(query, best[:RERANKED]), *(each.id for each in best[RERANKED:])]
        page = ranked[offset : offset + limit]
    return Matches(papers=tuple(await get_papers(connection, page)), total=total)


async def _best(connection: AsyncConnection, query: Query, wanted: int, total: int, today: date) -> list[Candidate]:
    """The best of `total` matches, best first. Of many, those with all the words in their title come first.

    Scoring a match takes ten times as long as finding it, and so many titles leave no room for a text without.
    """
    asked = condition(query.root)
    titled = in_titles(asked)
    if total <= FEW or titled == asked:
        return await best_matches(connection, where(asked, today), wanted)
    if any(each.prefix for each in query.sought()):  # so many words begin like this that their scores say little
        best = await newest_titles(connection, where(titled, today), wanted)
    else:
        best = await best_matches(connection, where(titled, today), wanted)
    if len(best) < wanted:
        first = {each.id for each in best}
        best += [each for each in await best_matches(connection, where(asked, today), wanted) if each.id not in first]
    return best[:wanted]


async def suggest_papers(connection: AsyncConnection, text: str, limit: int) -> list[int]:
    """Numbers of papers whose title may be what is being typed, best first; of the best known for an empty text."""
    typed = words(text[:LONGEST_COMPARED])
    if not typed:
        return await best_known(connection, limit)
    found = await titles_beginning(connection, typed, COMPLETED)
    if len(found) == COMPLETED:
        found += await titles_beginning(connection, typed, COMPLETED, well_known=True)
    return closest_titles(text, {each.id: each for each in found}.values())[:limit]
