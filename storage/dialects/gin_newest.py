"""The newest papers that match, from PostgreSQL: span by span back in time where many match. Changes nothing."""

import json

from storage.dialects.gin_blocks import spans_back
from storage.dialects.gin_conditions import GinWhere
from storage.readers import Turn

_MANY = 4_000
"""Matches all of which are looked at; where the planner expects more, the newest papers are searched first."""
_RECENT = 4_000
"""Papers that are searched first."""
MOST = 2_000
"""Of more than so many, all that match are looked at."""

# Found before it is put in order: to follow an order, PostgreSQL would look at all papers, one by one.
_NEWEST = """
    WITH found AS MATERIALIZED (SELECT {number} AS number FROM {source})
    SELECT number FROM found ORDER BY number DESC LIMIT ?
"""
_TITLES = "SELECT id AS number FROM {source} ORDER BY id DESC LIMIT ?"
_HOLDING = "paper_titles WHERE word_terms @@ CAST(CAST(? AS text) AS tsquery)"
_FOUND_FIRST = f"(WITH found AS MATERIALIZED (SELECT id FROM {_HOLDING}) SELECT id FROM found) AS found"  # noqa: S608
_FEW = 20_000
"""Titles of which the planner knows no better: to look at all papers, the newest first, until enough hold a rare word
takes a hundred times longer than to find these first, and of a common word it is the other way round."""
_NUMBERS = """
    SELECT (SELECT max(id) FROM paper_index), (SELECT id FROM paper_index ORDER BY id DESC OFFSET ? LIMIT 1)
"""


def newest_matches(turn: Turn, asked: GinWhere, limit: int) -> list[int]:
    """Their numbers, newest first, at most `limit`; those that were found before time was over."""
    are_many = limit <= MOST and _expected(turn, asked) > _MANY
    newest, recent = _ends(turn) if are_many or asked.lowest else (None, None)
    if newest is None or recent is None:
        return _found(turn, asked, limit)
    if not are_many:
        return _found(turn, asked.within(asked.lowest, newest + 1), limit)
    found: set[int] = set()
    for first, end in spans_back(newest, recent, asked.lowest):
        found.update(_found(turn, asked.within(first, end), limit))
        if len(found) >= limit or turn.is_cut:
            break
    return sorted(found, reverse=True)[:limit]


def titles_holding(turn: Turn, asked: str) -> str:
    """A statement that finds the numbers of the newest papers whose titles hold what this tsquery asks for, given that
    and how many are wanted."""
    rows = turn.fetch_in_time(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {_HOLDING}", (asked,))  # noqa: S608
    are_few = not rows or _rows(rows[0][0]) <= _FEW
    return _TITLES.format(source=_FOUND_FIRST if are_few else _HOLDING)


def _ends(turn: Turn) -> tuple[int | None, int | None]:
    rows = turn.fetch_in_time(_NUMBERS, (_RECENT,))
    return (rows[0][0], rows[0][1]) if rows else (None, None)


def _expected(turn: Turn, asked: GinWhere) -> int:
    """How many papers the planner expects."""
    rows = turn.fetch_in_time(f"EXPLAIN (FORMAT JSON) SELECT 1 FROM {asked.source}", asked.parameters)  # noqa: S608
    return _rows(rows[0][0]) if rows else 0


def _rows(plan: str) -> int:
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])


def _found(turn: Turn, asked: GinWhere, limit: int) -> list[int]:
    statement = _NEWEST.format(number=asked.number, source=asked.source)
    return [number for (number,) in turn.fetch_in_time(statement, (*asked.parameters, limit))]
