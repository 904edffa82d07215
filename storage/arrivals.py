"""Which papers arrived when, and which of them queries match: `domain.arrivals` says what arriving is. Changes nothing.

The functions run in a turn on a connection, and raise OutOfTime.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.arrivals import QUARTER, Tally
from bot.domain.conditions import AllOf, AnyOf, Condition, condition
from bot.domain.days import Ago
from bot.domain.flat import instant, moment
from bot.domain.papers import KnownPaper
from bot.domain.query import Published, Query
from storage.dialects.conditions import where
from storage.numbering import PER_DAY, day_of
from storage.papers import read_papers
from storage.readers import Turn
from storage.schema import imports

_MOST_OLD = 2_000
"""Papers of old days that arrive among new ones; of more than these, the whole range is looked through."""
_USUALLY = timedelta(days=14)
"""Most papers arrive within so long after they were published."""

_ANNOUNCED = "NOT EXISTS (SELECT 1 FROM unannounced WHERE paper_id = papers.id)"
_SEEN = (
    "SELECT id, first_seen_at FROM papers INDEXED BY papers_by_first_seen "  # noqa: S608 (our own words)
    f"WHERE first_seen_at > ? AND first_seen_at < ? AND {_ANNOUNCED}"
)
_IMPORTED = (
    "SELECT id, published_at FROM papers INDEXED BY papers_by_first_seen "  # noqa: S608
    f"WHERE first_seen_at = ? AND published_at >= ? AND published_at < ? AND {_ANNOUNCED}"
)
_QUARTER = QUARTER // timedelta(microseconds=1)

Arrivals = Mapping[int, int]
"""When each paper arrived, by its number: microseconds since 1970."""


async def add_import(connection: AsyncConnection, at: datetime) -> None:
    """Remember that what is first seen at this moment comes with an import."""
    await connection.execute(insert(imports).on_conflict_do_nothing(), {"at": at})


def arrivals(turn: Turn, since: datetime, until: datetime) -> Arrivals:
    """The papers that arrived from `since` on and before `until`."""
    first, last = instant(since), instant(until)
    imported = [at for (at,) in turn.fetch("SELECT at FROM imports ORDER BY at")]
    found: dict[int, int] = {}
    for before, after in pairwise([first - 1, *(at for at in imported if first <= at < last), last]):
        found.update(turn.fetch(_SEEN, (before, after)))
    for at in imported:
        found.update(turn.fetch(_IMPORTED, (at, first, last)))
    return found


def count_arrivals(turn: Turn, queries: Sequence[Query | None], since: datetime, until: datetime) -> list[Tally]:
    """How many that arrived meanwhile each query matches, as it would have on their day; None matches all."""
    arrived = arrivals(turn, since, until)
    told: list[Tally] = []
    for query in queries:
        matching = arrived if query is None else _matching(turn, query, arrived, since)
        told.append(Counter(arrived[number] // _QUARTER for number in matching))
    return told


def newest_arrivals(turn: Turn, query: Query, since: datetime, until: datetime, limit: int) -> list[KnownPaper]:
    """The papers that arrived last of those that the query matches, the last first."""
    arrived = arrivals(turn, since, until)
    matching = sorted(_matching(turn, query, arrived, since), key=lambda each: (arrived[each], each), reverse=True)
    return read_papers(turn, matching[:limit])


def _matching(turn: Turn, query: Query, arrived: Arrivals, since: datetime) -> Iterator[int]:
    """Those of these papers that the query matches. Spans back from now are counted from the day of each arrival."""
    asked = condition(query.root)
    if not _looks_back(asked):
        yield from _among(turn, asked, arrived, since, since.date())
        return
    days: dict[date, list[int]] = defaultdict(list)
    for number, at in arrived.items():
        days[moment(at).astimezone(UTC).date()].append(number)
    for day, numbers in days.items():
        yield from _among(turn, asked, set(numbers), since, day)


def _among(turn: Turn, asked: Condition, numbers: Collection[int], since: datetime, today: date) -> Iterator[int]:
    """Those of these papers that meet the condition."""
    lowest = (day_of(since, since.date()) - _USUALLY.days) * PER_DAY
    old = [each for each in numbers if each < lowest]
    if len(old) > _MOST_OLD:
        lowest, old = min(old), []
    found = where(asked, today)
    recent = found.from_number(lowest)
    rows = turn.fetch(f"SELECT {recent.number} FROM {recent.source}", recent.parameters)  # noqa: S608
    if old:
        among = f"SELECT {found.number} FROM {found.source} AND {found.number} IN (SELECT value FROM json_each(?))"  # noqa: S608
        rows += turn.fetch(among, (*found.parameters, json.dumps(old)))
    return (number for (number,) in rows if number in numbers)


def _looks_back(asked: Condition) -> bool:
    match asked:
        case Published():
            return isinstance(asked.day, Ago)
        case AnyOf(parts):
            return any(map(_looks_back, parts))
        case AllOf(parts, without):
            return any(map(_looks_back, (*parts, *without)))
        case _:
            return False
