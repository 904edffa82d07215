"""Keeps what one asking of one feed brings: papers, account and checkpoint of each batch in one short transaction.

It fetches nothing, and opens no transaction while anything is fetched.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.accounting import Asking, joined
from bot.domain.identifiers import parse_identifier
from bot.domain.ledger import FeedDay, FeedState
from bot.domain.papers import FoundPaper
from bot.domain.rhythms import Occasion, occasion_on
from bot.domain.tallies import Arrival, Tally, day_of_batch, news_in, tally_of
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Batch, PutOutcome, Rejection, Source, SourceError, SourceTrouble, Storage, Transaction
from bot.services.following import Following, Matched
from bot.services.preparing import ReadyPaper, made_ready


class FeedAsking:
    """One asking, from its first batch to its end.

    `today` is the day it is asked on. `holidays` are the evenings on which arXiv announces nothing.
    """

    def __init__(
        self,
        storage: Storage,
        source: Source,
        feed: str,
        *,
        today: Occasion,
        asked_at: datetime,
        clock: Callable[[], datetime],
        holidays: Collection[date],
        following: Following,
    ) -> None:
        self._storage = storage
        self._following = following
        self._source = source
        self._feed = feed
        self._lists_days = source.rhythm.lists_days
        self._today = today
        self._asked_at = asked_at
        self._clock = clock
        self._holidays = holidays
        self._tallies: dict[date, Tally] = {}
        self._over: set[date] = set()
        self._account: FeedDay | None = None
        self.brought = Tally()
        """All that it has brought, for whichever day."""
        self.rejections: list[Rejection] = []
        self.gone = 0
        """Papers that the source says are gone, and that were never here."""

    async def keep(self, batch: Batch) -> None:
        """Commit one batch."""
        named = [await self._named(each) for each in batch.found]
        ready, refused = await made_ready([each for each in named if each])
        rejections, gone = [*batch.rejected, *refused], named.count(None)
        matched = await self._following.match([each.prepared for each in ready], now=self._clock())
        async with self._storage.write() as transaction:
            tally = await self._put(transaction, ready, matched)
            tally += Tally(received=len(rejections) + gone, rejected=len(rejections), expected=batch.expected)
            day = await self._day_of(transaction, batch, tally)
            await self._record(transaction, day, self._counted(batch, day, tally), tally, self._asking(batch))
            if day != self._today.day and batch.complete and not self._lists_days:
                await self._record_repeat(transaction, tally)
            if batch.checkpoint is not None:
                await transaction.put_checkpoint(self._source.kind, self._feed, batch.checkpoint)
        self.brought += tally
        self.rejections += rejections
        self.gone += gone
        if self._lists_days:
            self._over.add(day)
        elif batch.complete:
            self._over.add(self._today.day)

    async def end(self, trouble: SourceError | None = None) -> FeedDay:
        """Say how the asking ended, where no batch has. The account of the day on which it was asked."""
        day = self._today.day
        if self._account and trouble is None and day in self._over:
            return self._account
        asking = Asking(
            asked_at=self._asked_at,
            is_begun=day in self._tallies,
            trouble=str(trouble) if trouble else None,
            is_short=trouble is not None and trouble.reason is SourceTrouble.INCOMPLETE,
            rest=(trouble.retry_after if trouble else None) or timedelta(),
        )
        async with self._storage.write() as transaction:
            return await self._record(transaction, day, self._tallies.get(day, Tally()), Tally(), asking)

    async def _named(self, found: FoundPaper) -> FoundPaper | None:
        """What was found; where a source only says that a paper is gone, with the title we know it by, if any."""
        if found.title or not found.withdrawn:
            return found
        identifier = next(filter(None, map(parse_identifier, found.ids)), None)
        known = await self._storage.find_paper(identifier) if identifier else None
        return replace(found, title=known.paper.title) if known else None

    async def _put(self, transaction: Transaction, ready: Sequence[ReadyPaper], matched: Matched) -> Tally:
        """Put the papers, owe those that are new to whoever follows them, and count them."""
        prepared = [each.prepared for each in ready]
        put = await transaction.put_papers(prepared, now=self._clock())
        arrivals = [
            Arrival(
                paper_id=each.paper_id,
                announcement=paper.announcement,
                is_added=each.outcome is PutOutcome.ADDED,
                is_revised=each.outcome is PutOutcome.REVISED,
            )
            for each, paper in zip(put, ready, strict=True)
        ]
        announced = {each.paper_id for each in arrivals if each.announces}
        news = news_in(arrivals, await transaction.take_unannounced(announced))
        await transaction.add_unannounced(news.set_aside)
        numbers = [each.paper_id for each in put]
        await self._following.owe(transaction, matched, prepared, numbers, new=news.new, now=self._clock())
        on = self._asked_at.astimezone(UTC).date()
        await transaction.put_upvotes(
            [
                UpvoteCount(paper_id=each.paper_id, on=on, upvotes=paper.upvotes)
                for each, paper in zip(put, ready, strict=True)
                if paper.upvotes is not None
            ]
        )
        recent = await transaction.seen_since(announced - news.new, self._today.since)
        return tally_of(arrivals, news, recent=recent)

    async def _day_of(self, transaction: Transaction, batch: Batch, tally: Tally) -> date:
        if batch.day is None or self._lists_days:
            return batch.day or self._today.day
        stands = await transaction.get_feed_day(self._source.kind, self._feed, batch.day)
        return day_of_batch(batch.day, self._today, tally, stands)

    def _counted(self, batch: Batch, day: date, tally: Tally) -> Tally:
        """What this asking has brought for this day with this batch."""
        before = self._tallies.get(day)
        if before is None:
            before = Tally(received=batch.earlier)
        return before + tally

    def _asking(self, batch: Batch) -> Asking:
        over = batch.complete or self._lists_days
        return Asking(asked_at=self._asked_at, is_over=over, unchanged=batch.unchanged, is_another=batch.is_another)

    async def _record_repeat(self, transaction: Transaction, tally: Tally) -> None:
        """Say of today that the feed held an earlier day's batch."""
        shown = Tally(received=tally.received, rejected=tally.rejected)
        await self._record(
            transaction, self._today.day, shown, shown, Asking(asked_at=self._asked_at, is_over=True, unchanged=True)
        )

    async def _record(self, transaction: Transaction, day: date, tally: Tally, more: Tally, asking: Asking) -> FeedDay:
        """Join what was brought for a day, `more` of it now, to its account, which nobody else changes meanwhile."""
        source, feed, rhythm = self._source.kind, self._feed, self._source.rhythm
        before = await transaction.get_feed_day(source, feed, day)
        account = joined(
            before or FeedDay(source=source, feed=feed, day=day, state=FeedState.NOT_YET),
            tally,
            replace(asking, is_begun=asking.is_begun or day in self._tallies),
            more=more,
            rhythm=rhythm,
            occasion=self._today if day == self._today.day else occasion_on(rhythm, day, self._holidays),
            now=self._clock(),
        )
        await transaction.put_feed_day(account)
        self._tallies[day] = tally
        if day == self._today.day:
            self._account = account
        return account
