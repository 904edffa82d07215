"""Answers queries and completes half-typed titles from the text index, in bounded time. Changes nothing."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import WELL_KNOWN, words
from bot.domain.conditions import AllOf, Column, Condition, Has, condition
from bot.domain.query import Field, Query, count_words
from bot.domain.ranking import LONGEST_COMPARED, Found, Order, best_first, closest_titles, in_titles
from bot.interfaces import Matches
from storage.dialects.conditions import where
from storage.dialects.fts5 import (
    best_matches,
    count_matches,
    newest_matches,
    newest_titles,
    popular_titles,
    titles_beginning,
)
from storage.effort import effort
from storage.papers import best_known, get_papers

RERANKED = 200
"""How many of the best matches are ordered by their titles; the rest keep the order they were found in."""

RERANKED_LONGER = 500
"""The same for queries of two words and more: one of them may name the first author, which no index tells."""

POPULAR = 1_000
"""Well-known papers that are put in the order of their upvotes; others follow, the newest first."""

SCORED = 30_000
"""Matches that can be scored at all: of more than these, the newest come first."""

CANDIDATES = 200
"""Papers that a search of which not all can be seen chooses from: the newest, and half as many of the best known."""

COMPLETED = 100
"""How many of the newest titles, and of the well-known ones, a half-typed text chooses from."""


async def search_papers(
    connection: AsyncConnection, query: Query, order: Order, limit: int, offset: int, today: date
) -> Matches:
    """One page of the papers a query matches, in this order.

    By relevance, where there are many, those with all the words in their title, or naming an author, come before
    others; where the index is too large to see every match, the newest and the best known of each kind are seen, and
    the total is what was seen.
    """
    asked = condition(query.root)
    planned = await effort(connection, asked)
    if order is Order.RELEVANCE and not planned.may_count:
        seen = await _seen(connection, asked, today)
        page = best_first(query, seen)[offset : offset + limit]
        return Matches(papers=tuple(await get_papers(connection, page)), total=len(seen), exact=len(seen) < CANDIDATES)
    total = await count_matches(connection, where(asked, today)) if planned.may_count else None
    if order is Order.NEWEST or all(each.field is Field.AUTHOR for each in query.sought()):
        page = await newest_matches(connection, where(asked, today), limit, offset)
    elif order is Order.POPULAR:
        page = await _popular(connection, asked, limit, offset, today)
    else:
        scored = planned.may_score and (total or 0) <= SCORED
        page = (await _relevant(connection, query, total or 0, offset + limit, today, scored=scored))[offset:]
    at_least = offset + len(page) if total is None else total
    return Matches(papers=tuple(await get_papers(connection, page)), total=at_least, exact=total is not None)


async def _popular(connection: AsyncConnection, asked: Condition, limit: int, offset: int, today: date) -> list[int]:
    known = [each.id for each in await popular_titles(connection, where(_well_known(asked), today), POPULAR)]
    newest = await newest_matches(connection, where(asked, today), offset + limit + len(known))
    return list(dict.fromkeys([*known, *newest]))[offset : offset + limit]


async def _relevant(
    connection: AsyncConnection, query: Query, total: int, wanted: int, today: date, *, scored: bool
) -> list[int]:
    """The numbers of the best so many of `total` matches, best first; `scored`: by their text as well.

    Scoring a match takes ten times as long as finding it, and titles with all the words leave little room for others.
    """
    asked = condition(query.root)
    titled = in_titles(asked)
    rest = best_matches if scored else newest_titles
    if total <= RERANKED or titled == asked:
        return _ranked(query, await rest(connection, where(asked, today), max(RERANKED, wanted)), RERANKED)[:wanted]
    reranked = RERANKED_LONGER if count_words(query.root) > 1 else RERANKED
    first = await newest_titles(connection, where(titled, today), max(reranked, wanted))
    if len(first) >= RERANKED:
        known = await popular_titles(connection, where(_well_known(titled), today), RERANKED // 2)
        ranked = _ranked(query, _without_repeats([*known, *first]), reranked)
        if len(ranked) < wanted:
            ranked += [each.id for each in await rest(connection, where(asked, today), wanted)]
    else:
        further = await rest(connection, where(asked, today), max(RERANKED, wanted))
        with_scores = {each.id: each for each in further}
        both = _without_repeats([*(with_scores.get(each.id, each) for each in first), *further])
        ranked = _ranked(query, both, RERANKED)
    return list(dict.fromkeys(ranked))[:wanted]


def _ranked(query: Query, found: Sequence[Found], most: int) -> list[int]:
    """The first `most` in the order people expect, the others as they come."""
    return [*best_first(query, found[:most]), *(each.id for each in found[most:])]


async def _seen(connection: AsyncConnection, asked: Condition, today: date) -> list[Found]:
    """The newest and the best-known matches with all the words in their title, then of those without."""
    found: list[Found] = []
    for each in dict.fromkeys((in_titles(asked), asked)):
        found += await popular_titles(connection, where(_well_known(each), today), CANDIDATES // 2)
        newest = await newest_titles(connection, where(each, today), CANDIDATES)
        found += newest
        if len(newest) == CANDIDATES:
            break
    return _without_repeats(found)


def _well_known(asked: Condition) -> Condition:
    return AllOf((asked, Has((Column.LABELS,), (WELL_KNOWN,))))


def _without_repeats(found: Iterable[Found]) -> list[Found]:
    first: dict[int, Found] = {}
    for each in found:
        first.setdefault(each.id, each)
    return list(first.values())


async def suggest_papers(connection: AsyncConnection, text: str, limit: int) -> list[int]:
    """Numbers of papers whose title may be what is being typed, best first; of the best known for an empty text."""
    typed = words(text[:LONGEST_COMPARED])
    if not typed:
        return await best_known(connection, limit)
    found = await titles_beginning(connection, typed, COMPLETED)
    if len(found) == COMPLETED:
        found += await titles_beginning(connection, typed, COMPLETED, well_known=True)
    return closest_titles(text, {each.id: each for each in found}.values())[:limit]
