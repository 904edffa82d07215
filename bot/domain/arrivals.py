"""When a paper arrived, as far as topics are concerned, and how arrivals are counted by day. Asks no clock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.domain.papers import KnownPaper

Tally = Mapping[int, int]
"""How many papers arrived in each quarter of an hour, counted from 1970 in UTC: no zone's day begins within one."""

QUARTER = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A paper, and when it arrived.

    That is when it was first seen. What an import brought arrived when it was published, and where nobody knows when
    that was, never; nor has what no source has announced as new.
    """

    paper_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedOut:
    """What a query would have brought of the papers that arrived in some time."""

    matched: Tally
    arrived: Tally
    """Whatever it matches or not."""
    newest: Sequence[KnownPaper]
    """Those that it matches and that arrived last, the last first."""
    further: Sequence[int]
    """How many each further query matches that was tried out as well; the last are left out where time was short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole days of a zone, one after the other, the last perhaps not over yet."""

    first: date
    days: int
    zone: tzinfo

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """The first moment that does not belong to it."""
        return datetime.combine(self.first + timedelta(self.days), time(), self.zone).astimezone(UTC)

    def dates(self) -> list[date]:
        return [self.first + timedelta(each) for each in range(self.days)]


def days_until(now: datetime, days: int, zone: tzinfo) -> Span:
    """So many days of the zone, the last of them now's."""
    today = now.astimezone(zone).date()
    return Span(first=today - timedelta(days - 1), days=days, zone=zone)


def quarter_of(moment: datetime) -> int:
    return (moment - _EPOCH) // QUARTER


def tallied(moments: Iterable[datetime]) -> Tally:
    """How many of these moments lie in each quarter of an hour."""
    return Counter(map(quarter_of, moments))


def by_day(tally: Tally, span: Span) -> list[int]:
    """How many arrived on each day of the span, in order."""
    days = Counter[date]()
    for quarter, count in tally.items():
        days[(_EPOCH + quarter * QUARTER).astimezone(span.zone).date()] += count
    return [days[each] for each in span.dates()]
