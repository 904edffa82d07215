"""Which papers arrived when, and which of them queries match: `domain.arrivals` says what arriving is. Changes nothing.

The functions run in a turn on a connection, and raise OutOfTime.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from heapq import nlargest
from itertools import islice, pairwise
from math import inf
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.arrivals import QUARTER, Tally, TriedOut
from bot.domain.conditions import AllOf, AnyOf, Condition, condition
from bot.domain.days import Ago
from bot.domain.flat import day_start, instant, moment
from bot.domain.papers import KnownPaper
from bot.domain.query import Published, Query, Side
from storage.dialects.conditions import PAPERS_IN_BRIEF, Where, where
from storage.dialects.inserting import insert_into
from storage.numbering import PER_DAY
from storage.papers import chunks, read_papers
from storage.readers import Turn
from storage.schema import imports

_MOST_OLD = 2_000
"""Papers of old days that arrive among new ones; of more than these, the whole range is looked through."""
_USUALLY = 60
"""Days within which most papers were published that arrive in a month."""
_FOR_FIRST = 3.0
"""Seconds of a turn that only what is asked first may use up."""
_SOME = 1_000
"""Papers that tell how old the usual ones are."""
_AT_ONCE = 10_000
"""Papers that are counted without letting others have their turn."""

_QUARTER = QUARTER // timedelta(microseconds=1)
_A_DAY = 24 * 60 * 60 * 10**6

_SEEN = "first_seen_at > ? AND first_seen_at < ?"
_IMPORTED = "first_seen_at = ? AND published_at >= ? AND published_at < ?"
_ARRIVED = (
    "SELECT json_group_array(id), json_group_array({at}) FROM papers INDEXED BY papers_by_first_seen "
    "WHERE {when} AND NOT EXISTS (SELECT 1 FROM unannounced WHERE paper_id = papers.id)"
)
"""Lists, and no rows: to make a row of each paper, with the interpreter's lock held, takes ten times longer."""

_LATEST = (
    "SELECT {at} FROM papers INDEXED BY papers_by_first_seen "
    "WHERE {when} AND NOT EXISTS (SELECT 1 FROM unannounced WHERE paper_id = papers.id) ORDER BY {at} DESC LIMIT 1"
)
_EVER = -(10**17)
"""Before any paper was published."""

Arrivals = Mapping[int, int]
"""When each paper arrived, by its number: microseconds since 1970."""


async def add_import(connection: AsyncConnection, at: datetime) -> None:
    """Remember that what is first seen at this moment comes with an import."""
    await connection.execute(insert_into(connection, imports).on_conflict_do_nothing(), {"at": at})


def arrivals(turn: Turn, since: datetime, until: datetime) -> Arrivals:
    """The papers that arrived from `since` on and before `until`."""
    first, last = instant(since), instant(until)
    imported = [at for (at,) in turn.fetch("SELECT at FROM imports ORDER BY at")]
    found: dict[int, int] = {}
    for between in pairwise([first - 1, *(at for at in imported if first <= at < last), last]):
        found |= _arrived(turn, "first_seen_at", _SEEN, between)
    for at in imported:
        found |= _arrived(turn, "published_at", _IMPORTED, (at, first, last))
    return found


def _arrived(turn: Turn, at: str, when: str, parameters: tuple[int, ...]) -> dict[int, int]:
    ((numbers, moments),) = turn.fetch(_ARRIVED.format(at=at, when=when), parameters)
    # No call of dict(), which would let nobody else have a turn until it is done with all of them.
    return {number: seen for number, seen in zip(_loaded(numbers), _loaded(moments), strict=True)}  # noqa: C416


def latest_arrival(turn: Turn, before: datetime) -> int | None:
    """When the last paper before this moment arrived: microseconds since 1970; None where none did."""
    end = instant(before)
    imported = [at for (at,) in turn.fetch("SELECT at FROM imports ORDER BY at")]
    latest: list[tuple[int]] = []
    for between in pairwise([0, *(at for at in imported if at < end), end]):
        latest += turn.fetch(_LATEST.format(at="first_seen_at", when=_SEEN), between)
    for at in imported:
        latest += turn.fetch(_LATEST.format(at="published_at", when=_IMPORTED), (at, _EVER, end))
    return max((at for (at,) in latest), default=None)


def count_arrivals(turn: Turn, queries: Sequence[Query | None], since: datetime, until: datetime) -> list[Tally]:
    """How many that arrived meanwhile each query matches, as it would have on their day; None matches all."""
    arrived = arrivals(turn, since, until)
    trial = _Trial(turn, arrived)
    return [_tally(arrived if each is None else trial.matching(each), arrived) for each in queries]


def matching(turn: Turn, query: Query, arrived: Arrivals) -> frozenset[int]:
    """Those of these papers that the query matches, as it would have at the moment told of each."""
    return _Trial(turn, arrived).matching(query)


def try_out(
    turn: Turn,
    query: Query,
    since: datetime,
    until: datetime,
    sample: int,
    further: Callable[[Sequence[KnownPaper]], Sequence[Query]],
) -> TriedOut:
    """What the query matches of what arrived meanwhile, and how many each query that `further` makes of the latest."""
    arrived = arrivals(turn, since, until)
    trial = _Trial(turn, arrived)
    matching = trial.matching(query)
    known = read_papers(turn, nlargest(sample, matching, key=lambda each: (arrived[each], each)))
    return TriedOut(
        matched=_tally(matching, arrived),
        arrived=_tally(arrived, arrived),
        newest=known,
        further=list(_counts(turn, trial, further(known))),
    )


def _counts(turn: Turn, trial: "_Trial", queries: Sequence[Query]) -> Iterator[int]:
    """How many each query matches, as long as there is time: what is asked first is worth waiting for, this is not."""
    for each in queries:
        if turn.time_left() < _FOR_FIRST:
            return
        yield len(trial.matching(each))


def _tally(numbers: Iterable[int], arrived: Arrivals) -> Tally:
    counts = Counter[int]()
    for some in chunks(list(numbers), _AT_ONCE):
        counts.update([arrived[number] // _QUARTER for number in some])
    return counts


class _Trial:
    """Papers that arrived, against which queries are held one after the other."""

    def __init__(self, turn: Turn, arrived: Arrivals) -> None:
        self._turn = turn
        self._arrived = arrived
        self._all = _Numbers(frozenset(arrived))
        self._days: dict[date, _Numbers] | None = None
        self._dates: dict[int, int | None] = {}

    def matching(self, query: Query) -> frozenset[int]:
        """Those that the query matches. Spans back from now are counted from the day of each arrival."""
        asked = condition(query.root)
        if not _looks_back(asked):
            return self._all.among(self._turn, where(self._turn, asked, date.min))
        parts = _parted(asked)
        if parts is not None:
            return self._published(self._apart_from_spans(parts), parts.wanted, parts.unwanted)
        by_day = self._by_day()
        some = (numbers.among(self._turn, where(self._turn, asked, day)) for day, numbers in by_day.items())
        return frozenset().union(*some)

    def _apart_from_spans(self, parts: "_Parts") -> frozenset[int]:
        if parts.rest is not None:
            return self._all.among(self._turn, where(self._turn, parts.rest, date.min))
        every = frozenset(self._arrived)
        if parts.left_out is None:
            return every
        return every - self._all.among(self._turn, where(self._turn, parts.left_out, date.min))

    def _published(
        self, numbers: Collection[int], wanted: Sequence[Published], unwanted: Sequence[Published]
    ) -> frozenset[int]:
        """Those of these that meet each wanted date, and none of the unwanted, on the day of their arrival."""
        self._read_dates(numbers)
        between = cache(lambda day: _between(_date(day), wanted, unwanted))
        met = []
        for number in numbers:
            first, end = between(self._arrived[number] // _A_DAY)
            published = self._dates[number]
            if not wanted if published is None else first <= published < end:
                met.append(number)
        return frozenset(met)

    def _read_dates(self, numbers: Collection[int]) -> None:
        asked = (
            "SELECT json_group_array(papers.id), json_group_array(published_at) "  # noqa: S608
            f"FROM json_each(?) CROSS JOIN {PAPERS_IN_BRIEF} ON papers.id = value"
        )
        unread = [each for each in numbers if each not in self._dates]
        ((found, dates),) = self._turn.fetch(asked, (json.dumps(unread),))
        for number, published in zip(_loaded(found), _loaded(dates), strict=True):
            self._dates[number] = published

    def _by_day(self) -> "dict[date, _Numbers]":
        if self._days is None:
            days: dict[int, set[int]] = defaultdict(set)
            for number, at in self._arrived.items():
                days[at // _A_DAY].add(number)
            self._days = {_date(day): _Numbers(frozenset(some)) for day, some in days.items()}
        return self._days


class _Numbers:
    """Some papers. Few of them are much older than the others, as their numbers tell, and are asked for one by one."""

    def __init__(self, numbers: frozenset[int]) -> None:
        self._numbers = numbers
        some = sorted(islice(numbers, _SOME))
        usual = some[len(some) // 2] - _USUALLY * PER_DAY if some else 0
        old = [each for each in numbers if each < usual]
        self._old = json.dumps(old) if 0 < len(old) <= _MOST_OLD else ""
        self._range = (usual if self._old else min(numbers), max(numbers)) if numbers else None

    def among(self, turn: Turn, asked: Where) -> frozenset[int]:
        """Those that are asked for."""
        if self._range is None:
            return frozenset()
        found = _numbers(turn, asked, "{number} BETWEEN ? AND ?", self._range)
        if self._old:
            found += _numbers(turn, asked, "{number} IN (SELECT value FROM json_each(?))", (self._old,))
        return self._numbers.intersection(found)


def _numbers(turn: Turn, asked: Where, within: str, parameters: tuple[object, ...]) -> list[int]:
    limited = within.format(number=asked.number)
    rows = f"SELECT {asked.number} AS number FROM {asked.source} AND {limited}"  # noqa: S608 (our own words)
    gathered = f"SELECT json_group_array(number) FROM ({rows}) AS found"  # noqa: S608
    ((found,),) = turn.fetch(gathered, (*asked.parameters, *parameters))
    return _loaded(found)


def _loaded(numbers: str | None) -> list[Any]:
    """A list as the database gives it; for an empty one it may give nothing at all."""
    found: list[Any] = json.loads(numbers or "[]")
    return found


def _date(day: int) -> date:
    return moment(day * _A_DAY).date()


def _between(today: date, wanted: Sequence[Published], unwanted: Sequence[Published]) -> tuple[float, float]:
    """From which moment on, and before which, a paper was published that today meets all that is wanted, and nothing
    that is unwanted."""
    first, end = -inf, inf
    for each, is_wanted in (*((each, True) for each in wanted), *((each, False) for each in unwanted)):
        at = day_start(each.first_day(today))
        if (each.side is Side.AFTER) is is_wanted:
            first = max(first, at)
        else:
            end = min(end, at)
    return first, end


class _Parts(NamedTuple):
    """A condition in parts, all of which are to be met."""

    rest: Condition | None
    """What stands beside the spans back from now, and what it leaves out with it; None where nothing does."""
    left_out: Condition | None
    """What is left out where there is no rest."""
    wanted: Sequence[Published]
    unwanted: Sequence[Published]


def _parted(asked: Condition) -> _Parts | None:
    """A condition with its spans back from now apart; None where they are not beside the rest of it."""
    whole = asked if isinstance(asked, AllOf) else AllOf((asked,))
    spans, parts = _split(whole.parts)
    unwanted, without = _split(whole.without)
    if any(map(_looks_back, (*parts, *without))):
        return None
    if not parts:
        return _Parts(None, AnyOf(tuple(without)) if without else None, spans, unwanted)
    rest = AllOf(tuple(parts), tuple(without)) if without or len(parts) > 1 else parts[0]
    return _Parts(rest, None, spans, unwanted)


def _split(parts: Sequence[Condition]) -> tuple[list[Published], list[Condition]]:
    spans = [each for each in parts if isinstance(each, Published) and isinstance(each.day, Ago)]
    return spans, [each for each in parts if each not in spans]


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
