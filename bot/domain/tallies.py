"""What a batch brought, counted: which of its papers are new, and which day it belongs to.

Pure, and it trusts no date for what is new: that is decided by which papers were known.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.ledger import FeedDay, FeedState
from bot.domain.papers import Announcement
from bot.domain.rhythms import Occasion

_NEWS = frozenset({Announcement.NEW, Announcement.UNSTATED})
_LATEST = timedelta(days=7)
"""A feed that claims to be older than this is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One record that was put, and what is known of the paper it is."""

    paper_id: int
    announcement: Announcement
    is_added: bool
    is_revised: bool

    @property
    def announces(self) -> bool:
        return self.announcement in _NEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Which papers of a batch are new, and which are known now but were not announced yet."""

    new: frozenset[int] = frozenset()
    set_aside: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one asking has brought for one day so far."""

    received: int = 0
    rejected: int = 0
    new: int = 0
    revised: int = 0
    added: int = 0
    """Papers that were not known at all, announced or not."""
    announced: int = 0
    """Papers that the feed presents as news …"""
    unseen: int = 0
    """… and of those the ones that nobody can have seen before this day."""
    expected: int | None = None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            received=self.received + other.received,
            rejected=self.rejected + other.rejected,
            new=self.new + other.new,
            revised=self.revised + other.revised,
            added=self.added + other.added,
            announced=self.announced + other.announced,
            unseen=self.unseen + other.unseen,
            expected=self.expected if other.expected is None else other.expected,
        )


def news_in(arrivals: Sequence[Arrival], unannounced: Set[int]) -> News:
    """A paper is new once: when a source announces it, and it was unknown or only cross-listed or replaced until then.

    `unannounced` are the papers of which only that is known.
    """
    announced = {each.paper_id for each in arrivals if each.announces}
    added = {each.paper_id for each in arrivals if each.is_added}
    return News(new=frozenset(announced & (added | unannounced)), set_aside=frozenset(added - announced))


def tally_of(arrivals: Sequence[Arrival], news: News, *, recent: Set[int]) -> Tally:
    """The counts of one batch; `recent` are the papers that became known on the day in question, from anywhere."""
    papers: dict[int, list[Arrival]] = defaultdict(list)
    for each in arrivals:
        papers[each.paper_id].append(each)
    announced = [number for number, seen in papers.items() if any(each.announces for each in seen)]
    return Tally(
        received=len(arrivals),
        new=len(news.new),
        revised=sum(any(each.is_revised for each in seen) for number, seen in papers.items() if number not in news.new),
        added=sum(each.is_added for each in arrivals),
        announced=len(announced),
        unseen=sum(number in news.new or number in recent for number in announced),
    )


def day_of_batch(stated: date | None, today: Occasion, tally: Tally, stands: FeedDay | None) -> date:
    """Which day a batch belongs to; `stands` is the account of the day that it states.

    A feed that still carries the batch of an earlier day says so truthfully, mostly. Where that day has had its batch
    and most of this one is new, it is another one under a date that lags.
    """
    if stated is None or not today.day - _LATEST <= stated < today.day:
        return today.day
    had_one = stands is not None and stands.state is FeedState.FRESH
    return today.day if had_one and tally.announced and 2 * tally.new >= tally.announced else stated
