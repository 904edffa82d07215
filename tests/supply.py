"""A source whose fetches are written down beforehand, an ingest over it, and a clock that a test sets."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ClassVar

from bot.domain.ledger import FeedDay
from bot.domain.papers import Announcement, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, Response, Storage
from bot.services.ingest import Ingest
from tests.lab.papers import found_paper

TUESDAY = datetime(2026, 6, 2, 12, tzinfo=UTC)
"""08:00 in New York: the day's batch has been due for eight hours."""

Fetch = Sequence[Batch | Exception]


class NoHttp:
    """For sources that ask nobody."""

    async def get(self, url: str, **_: object) -> Response:
        raise AssertionError(f"nobody should ask {url}")


def named(number: int, announcement: Announcement = Announcement.NEW, **told: object) -> FoundPaper:
    """The paper of this number, as an arXiv feed would announce it."""
    plain: dict[str, object] = {"title": f"Paper {number}", "ids": (f"2606.{number:05d}",), "version": 1}
    return found_paper(announcement=announcement, source="supply", **(plain | told))


@dataclass
class Clock:
    now: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Supply:
    """Feeds with what each fetch brings, in turn; the last one again and again."""

    shelves: Mapping[str, Sequence[Fetch]]
    rhythm: Rhythm = Rhythm.ARXIV_FEED
    kind: ClassVar[str] = "supply"
    host_family: ClassVar[str] = "supply"
    label: ClassVar[str] = "Supply"
    asked: list[tuple[str, str | None, date | None]] = field(default_factory=list)

    def feeds(self) -> tuple[str, ...]:
        return tuple(self.shelves)

    async def fetch(
        self,
        feed: str,
        http: Http,  # noqa: ARG002
        *,
        checkpoint: str | None,
        since: date | None,
        now: datetime,  # noqa: ARG002
    ) -> AsyncIterator[Batch]:
        self.asked.append((feed, checkpoint, since))
        fetches = self.shelves[feed]
        times = sum(each == feed for each, *_ in self.asked)
        for each in fetches[min(times, len(fetches)) - 1]:
            if isinstance(each, Exception):
                raise each
            yield each


def ingest(storage: Storage, source: Supply, clock: Clock) -> Ingest:
    return Ingest(storage, NoHttp(), [source], clock=clock)


async def accounts(storage: Storage) -> dict[tuple[str, str], FeedDay]:
    """Every account, by feed and day."""
    return {(each.feed, each.day.isoformat()): each for each in await storage.list_feed_days(since=date.min)}
