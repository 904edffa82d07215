"""Runs the sources: asks feeds, keeps what they bring, and knows which are due. It owns no clock and no alarm.

Whatever goes wrong at a source ends as the account of its day. What is wrong with storage is raised as OperatorError.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import aclosing
from datetime import date, datetime, timedelta

from bot.domain.accounting import due_at
from bot.domain.calendars import ARXIV_HOLIDAYS
from bot.domain.ledger import FeedDay
from bot.domain.rhythms import occasion_at, occasion_on
from bot.domain.tallies import Tally
from bot.errors import OperatorError
from bot.interfaces import Batch, Http, Source, SourceError, SourceTrouble, Storage
from bot.services.asking import FeedAsking
from bot.services.feeds import ConfiguredFeed, FeedName, FeedReport, Progressed, report_of
from bot.services.following import Following

_log = logging.getLogger(__name__)

_A_DAY = timedelta(days=1)


class Ingest:
    """Every configured source. Safe to be run twice at once, in one process or in several, and to be killed."""

    def __init__(
        self,
        storage: Storage,
        http: Http,
        sources: Iterable[Source],
        *,
        clock: Callable[[], datetime],
        holidays: Collection[date] = ARXIV_HOLIDAYS,
    ) -> None:
        self._storage = storage
        self._http = http
        self._clock = clock
        self._holidays = holidays
        self._following = Following(storage)
        self.feeds = tuple(ConfiguredFeed(source=each, feed=feed) for each in sources for feed in each.feeds())

    async def run(
        self,
        feeds: Collection[ConfiguredFeed] | None = None,
        *,
        since: date | None = None,
        progress: Callable[[Progressed], object] | None = None,
    ) -> list[FeedReport]:
        """Ask these feeds, or all, each once; sources of different servers at the same time. One report each, in order.

        `since` begins a back-fill there, where a source can do that. Cancelling stops between two batches.
        """
        asked = self.feeds if feeds is None else tuple(feeds)
        families: dict[str, list[ConfiguredFeed]] = defaultdict(list)
        for each in asked:
            families[each.source.host_family].append(each)
        reports = await _all(self._ask_one_by_one(family, since, progress) for family in families.values())
        by_name = {FeedName(each.source, each.feed): each for some in reports for each in some}
        return [by_name[each.name] for each in asked]

    async def run_due(self) -> list[FeedReport]:
        """Ask the feeds whose time has come."""
        now = self._clock()
        due = [feed for feed, at in await self._next() if at <= now]
        return await self.run(due)

    async def next_at(self) -> datetime | None:
        """When the next feed is due; None where there is no feed."""
        return min((at for _, at in await self._next()), default=None)

    async def _next(self) -> list[tuple[ConfiguredFeed, datetime]]:
        """When each feed is asked next, by the calendar and by what its day's account says."""
        now = self._clock()
        days = await self._storage.list_feed_days(since=now.date() - 2 * _A_DAY)
        accounts = {(FeedName(each.source, each.feed), each.day): each for each in days}
        return [(each, self._next_of(each, accounts, now)) for each in self.feeds]

    def _next_of(self, feed: ConfiguredFeed, accounts: dict[tuple[FeedName, date], FeedDay], now: datetime) -> datetime:
        rhythm = feed.source.rhythm
        today = occasion_at(rhythm, now, self._holidays)
        at = due_at(accounts.get((feed.name, today.day)), today)
        return at or occasion_on(rhythm, today.day + _A_DAY, self._holidays).ask_at

    async def _ask_one_by_one(
        self, feeds: Sequence[ConfiguredFeed], since: date | None, progress: Callable[[Progressed], object] | None
    ) -> list[FeedReport]:
        return [await self._ask(each, since, progress) for each in feeds]

    async def _ask(
        self, feed: ConfiguredFeed, since: date | None, progress: Callable[[Progressed], object] | None
    ) -> FeedReport:
        now = self._clock()
        today = occasion_at(feed.source.rhythm, now, self._holidays)
        asking = FeedAsking(
            self._storage,
            feed.source,
            feed.feed,
            today=today,
            asked_at=now,
            clock=self._clock,
            holidays=self._holidays,
            following=self._following,
        )
        checkpoint = await self._storage.get_checkpoint(*feed.name)
        trouble: SourceError | None = None
        try:
            async with aclosing(self._fetched(feed, checkpoint, since, now)) as batches:
                async for batch in batches:
                    await asking.keep(batch)
                    _tell_progress(progress, feed, asking.brought)
        except SourceError as error:
            trouble = error
            _tell_progress(progress, feed, asking.brought, trouble)
        account = await asking.end(trouble)
        report = report_of(feed, account, asking.brought, gone=asking.gone, rejections=asking.rejections)
        _log_report(report)
        return report

    async def _fetched(
        self, feed: ConfiguredFeed, checkpoint: str | None, since: date | None, now: datetime
    ) -> AsyncGenerator[Batch, None]:
        """What the source brings. A fault in it, ours or its author's, is told like any other trouble."""
        fetched = feed.source.fetch(feed.feed, self._http, checkpoint=checkpoint, since=since, now=now)
        try:
            async for batch in fetched:
                yield batch
        except (SourceError, OperatorError):
            raise
        except Exception as error:
            _log.error("source_fault source=%s feed=%s error=%r", *feed.name, error)
            _log.debug("source_fault source=%s feed=%s", *feed.name, exc_info=error)
            message = f"The program stumbled over what came ({type(error).__name__}); please report this."
            raise SourceError(message, reason=SourceTrouble.MALFORMED) from None
        finally:
            if isinstance(fetched, AsyncGenerator):
                await fetched.aclose()


async def _all(work: Iterable[Awaitable[list[FeedReport]]]) -> list[list[FeedReport]]:
    """All of this at once. Where one fails, the others are stopped first."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _tell_progress(
    progress: Callable[[Progressed], object] | None,
    feed: ConfiguredFeed,
    brought: Tally,
    trouble: SourceError | None = None,
) -> None:
    if progress:
        told = str(trouble) if trouble else None
        progress(Progressed(name=feed.label, received=brought.received, expected=brought.expected, trouble=told))


def _log_report(report: FeedReport) -> None:
    """One line for the log: a warning for what will be asked again because of trouble."""
    _log.log(
        logging.INFO if report.is_well else logging.WARNING,
        "ingest source=%s feed=%s day=%s state=%s "
        "received=%d new=%d revised=%d rejected=%d took=%.1f next_at=%s error=%r",
        report.source,
        report.feed,
        report.day.day,
        report.day.state.value.replace(" ", "_"),
        report.received,
        report.new,
        report.revised,
        report.rejected,
        report.day.took.total_seconds(),
        report.day.next_at.isoformat() if report.day.next_at else None,
        report.day.last_error,
    )
