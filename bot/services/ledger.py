"""Tells how every feed stands: what came, why nothing did, and what happens next. Asks no source."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.calendars import ARXIV_HOLIDAYS, rss_submitted_from
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.ledger_words import ShowTime, standing
from bot.domain.rhythms import Occasion, Rhythm, next_occasion, occasion_at, occasion_on
from bot.interfaces import Storage
from bot.services.feeds import LOOK_UPS, ConfiguredFeed

REACH = timedelta(days=7)
"""How far back a day whose batch never came is still told."""

_TROUBLED = frozenset({FeedState.STALE, FeedState.PARTIAL, FeedState.BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStanding:
    """How one feed stands."""

    source: str
    feed: str
    label: str
    """What people call its source …"""
    name: str
    """… and the feed, such as `arXiv cs.AI`."""
    rhythm: Rhythm
    occasion: Occasion
    """The day it is."""
    following: Occasion
    """The next day with a batch."""
    today: FeedDay | None
    days: tuple[FeedDay, ...]
    """The accounts of late, the newest first, today's among them."""
    missed: tuple[date, ...]
    """Days of late whose batch was due and never came whole."""
    fill_from: date | None
    """Where arXiv's feeds missed some: since which day of submission its API fills them in."""

    def sentence(self, at: ShowTime) -> str:
        """How it stands, without its name; `at` writes times."""
        return standing(self.today, self.rhythm, self.occasion, self.following, at)

    @property
    def is_troubled(self) -> bool:
        """Whether it owes something that is due."""
        return self.today is not None and self.today.state in _TROUBLED

    def to_json(self, at: ShowTime) -> dict[str, Any]:
        """The standing as JSON has it."""
        return {
            "source": self.source,
            "feed": self.feed,
            "name": self.name,
            "state": self.today.state.value if self.today else None,
            "sentence": self.sentence(at),
            "due_at": self.occasion.due_at,
            "next_due_at": self.following.due_at,
            "missed": self.missed,
            "fill_from": self.fill_from,
            "days": [asdict(each) for each in self.days],
        }


class Ledger:
    """Reads the accounts of the feeds that are configured."""

    def __init__(
        self,
        storage: Storage,
        feeds: Sequence[ConfiguredFeed],
        *,
        clock: Callable[[], datetime],
        holidays: Collection[date] = ARXIV_HOLIDAYS,
        is_live: bool = True,
    ) -> None:
        self._storage = storage
        self._feeds = tuple(feeds)
        self._clock = clock
        self._holidays = holidays
        self.is_live = is_live
        """Whether sources are asked by themselves where this runs."""

    def now(self) -> datetime:
        """The time by which it tells how feeds stand."""
        return self._clock()

    async def standings(self, *, days: int = REACH.days) -> list[FeedStanding]:
        """How each feed stands, with its accounts of so many days, today's counted."""
        now = self._clock()
        since = now.date() - max(timedelta(days=days), REACH) - timedelta(days=1)  # in New York it may be yesterday
        accounts = await self._storage.list_feed_days(since=since)
        return [self._standing(each, accounts, now, days) for each in self._feeds]

    async def look_ups(self) -> FeedDay | None:
        """The account of what was looked up today, or None where nothing was."""
        today = occasion_at(Rhythm.STEADY, self._clock()).day
        days = await self._storage.list_feed_days(since=today)
        return next((each for each in days if (each.source, each.feed) == LOOK_UPS), None)

    def _standing(self, feed: ConfiguredFeed, accounts: Sequence[FeedDay], now: datetime, days: int) -> FeedStanding:
        rhythm = feed.source.rhythm
        occasion = occasion_at(rhythm, now, self._holidays)
        of_feed = {each.day: each for each in accounts if (each.source, each.feed) == feed.name}
        oldest = occasion.day - timedelta(days=days)
        missed = tuple(self._missed(rhythm, occasion.day, of_feed))
        return FeedStanding(
            source=feed.source.kind,
            feed=feed.feed,
            label=feed.source.label,
            name=feed.label,
            rhythm=rhythm,
            occasion=occasion,
            following=next_occasion(rhythm, occasion, self._holidays),
            today=of_feed.get(occasion.day),
            days=tuple(each for day, each in of_feed.items() if oldest < day <= occasion.day),
            missed=missed,
            fill_from=self._submitted_from(missed[0]) if missed and rhythm is Rhythm.ARXIV_FEED else None,
        )

    def _submitted_from(self, missed: date) -> date:
        return rss_submitted_from(missed, self._holidays).date()

    def _missed(self, rhythm: Rhythm, today: date, accounts: dict[date, FeedDay]) -> list[date]:
        """Days before today on which a batch was promised and did not come, from the first day on that was asked.

        Where a source catches up, what it owed on a day has come with the batch of a later one.
        """
        asked = [each.day for each in accounts.values() if each.attempts]
        first = max(min(asked, default=today), today - REACH)
        if rhythm.catches_up:
            fresh = [each.day for each in accounts.values() if each.state is FeedState.FRESH and each.day <= today]
            first = max([first, *fresh])
        days = [first + timedelta(days=count) for count in range((today - first).days)]
        promised = [day for day in days if occasion_on(rhythm, day, self._holidays).is_promised]
        return [day for day in promised if (known := accounts.get(day)) is None or known.state is not FeedState.FRESH]
