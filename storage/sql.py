"""Storage in an SQL database: the whole of `interfaces.Storage`, put together from one file per noun."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PreparedPaper, title_key
from bot.domain.arranging import HeldBack
from bot.domain.changes import PaperChange
from bot.domain.deliveries import NewDelivery
from bot.domain.forgiveness import Loose
from bot.domain.homes import Home
from bot.domain.ledger import FeedDay
from bot.domain.papers import ExternalId, KnownPaper
from bot.domain.patience import SEARCH_SECONDS, Patience
from bot.domain.query import Query, Words
from bot.domain.ranking import Order
from bot.domain.subscriptions import Followed, NewSubscription, Subscription
from bot.domain.upvotes import UpvoteCount
from bot.errors import UserError
from bot.interfaces import Put
from bot.searching_interfaces import Matches
from storage import deliveries, giving_up, held_back, incomplete, ledger, news, papers, subscriptions, upvotes
from storage.changes import list_changes
from storage.commonness import Commonness
from storage.completing import suggest_authors, suggest_papers
from storage.daily import SqlDaily, SqlDailyTransaction
from storage.database import Database
from storage.forgiving import (
    begins_commoner,
    commoner_spellings,
    hardly_held,
    likely_spellings,
    search_loosely,
)
from storage.homes import keys_ahead, list_homes
from storage.indexing import require_index, tidy_index
from storage.leases import SqlLeases
from storage.picking import SqlPicking
from storage.privacy import SqlPrivacy
from storage.putting import put_papers
from storage.readers import OutOfTime, Turn
from storage.searching import Asked, people_among, search_papers
from storage.similar import TermCounts, similar_papers
from storage.spellings import Spellings
from storage.topics import SqlTopics
from storage.turns import Turns
from storage.voting import SqlVoting, SqlVotingTransaction

Result = TypeVar("Result")


class SqlTransaction(SqlDailyTransaction, SqlVotingTransaction):
    """One open write transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_papers(self, found: Sequence[PreparedPaper], *, now: datetime) -> list[Put]:
        """Add, revise or leave each paper, the text index with it; what became of each, in order."""
        return await put_papers(self._connection, found, now=now)

    async def get_feed_day(self, source: str, feed: str, day: date) -> FeedDay | None:
        """The account of this day as it stands; nobody changes it before this transaction ends."""
        return await ledger.get_feed_day(self._connection, source, feed, day)

    async def put_feed_day(self, day: FeedDay) -> None:
        """Write the account of a day over the one there was."""
        await ledger.put_feed_day(self._connection, day)

    async def put_checkpoint(self, source: str, feed: str, checkpoint: str) -> None:
        """Remember where this feed is resumed."""
        await ledger.put_checkpoint(self._connection, source, feed, checkpoint)

    async def add_unannounced(self, paper_ids: Collection[int]) -> None:
        """Remember that these papers are known, and that no source has announced them."""
        await news.add_unannounced(self._connection, paper_ids)

    async def take_unannounced(self, paper_ids: Collection[int]) -> frozenset[int]:
        """Those of these papers that no source had announced; they count as announced from now on."""
        return await news.take_unannounced(self._connection, paper_ids)

    async def seen_since(self, paper_ids: Collection[int], since: datetime) -> frozenset[int]:
        """Those of these papers that were not known before `since`."""
        return await news.seen_since(self._connection, paper_ids, since)

    async def put_upvotes(self, counts: Sequence[UpvoteCount]) -> None:
        """Keep these counts, each over an earlier one of the same paper and day."""
        await upvotes.put_upvotes(self._connection, counts)

    async def add_deliveries(self, owed: Sequence[NewDelivery]) -> int:
        """Owe these messages, except those whose key and part were ever owed; how many are new."""
        return await deliveries.add_deliveries(self._connection, owed)

    async def get_followed(self, *, unless: int | None) -> Followed | None:
        """Everything that any channel follows, as it stands here; None where that is still the version `unless`."""
        return await subscriptions.get_followed(self._connection, unless=unless)

    async def count_posted(self, since: Mapping[int, datetime]) -> dict[int, int]:
        """How many messages each of these topics was owed since its own moment; those with none left out."""
        return await held_back.count_posted(self._connection, since)

    async def keys_ahead(self, papers: Collection[int]) -> dict[tuple[int, int], str]:
        """The key of what brings one of these papers, or brought it, by channel and paper."""
        return await keys_ahead(self._connection, papers)

    async def hold_back(self, held: Sequence[HeldBack]) -> None:
        """Keep what matched and is not posted at once; what a topic held back of a paper before stays as it was."""
        await held_back.hold_back(self._connection, held)

    async def bring_held_back(self, topic: int, papers: Sequence[int], *, key: str) -> None:
        """Say which delivery brings these papers, which a topic held back."""
        await held_back.bring_held_back(self._connection, topic, papers, key=key)

    async def drop_owed(self, topic: int, *, now: datetime) -> int:
        """Drop what a topic owes and nobody has tried to send, unless it speaks for others of its channel; how many."""
        return await giving_up.drop_owed(self._connection, topic, now=now)

    async def bring_rest(self, topic: int, *, until: datetime, key: str, limit: int) -> int:
        """Say so of up to so many more that wait and matched before `until`; how many."""
        return await held_back.bring_rest(self._connection, topic, until=until, key=key, limit=limit)

    async def add_subscription(self, new: NewSubscription, *, most: int, now: datetime) -> Subscription | None:
        """Let a channel follow a query, once. None where it follows `most` others already."""
        return await subscriptions.add_subscription(self._connection, new, most=most, now=now)

    async def change_subscription(self, changed: Subscription) -> bool:
        """Keep a topic's channel, query and choices; whether its server follows it still."""
        return await subscriptions.change_subscription(self._connection, changed)

    async def remove_subscription(self, number: int, *, guild_id: int) -> bool:
        """Let nobody follow this any more; whether anybody of this server did."""
        return await subscriptions.remove_subscription(self._connection, number, guild_id=guild_id)


class SqlStorage(SqlDaily, SqlLeases, SqlPicking, SqlPrivacy, SqlTopics, SqlVoting):
    """An open database. `async with` closes it."""

    def __init__(self, database: Database, turns: Turns, release: Callable[[], None]) -> None:
        super().__init__(database)
        self._turns = turns
        self._release = release
        self._spellings = Spellings(database)
        self._common = Commonness()
        self._term_counts = TermCounts()

    @property
    def name(self) -> str:
        """What people know the database by, without any password."""
        return self._database.name

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqlTransaction]:
        """Open the one write transaction; commits when the block ends, rolls back if it raises."""
        async with self._database.write() as connection:
            await require_index(connection)
            yield SqlTransaction(connection)

    async def get_papers(self, ids: Sequence[int]) -> list[KnownPaper]:
        """The papers with these numbers, in the order asked, the unknown left out."""
        async with self._database.read() as connection:
            return await papers.get_papers(connection, ids)

    async def find_paper(self, external_id: ExternalId) -> KnownPaper | None:
        """The paper with this id, or None."""
        async with self._database.read() as connection:
            numbers = await papers.find_numbers(connection, [external_id])
            return next(iter(await papers.get_papers(connection, list(numbers.values()))), None)

    async def find_titled(self, title: str) -> KnownPaper | None:
        """The oldest paper with just this title, case, hyphens and punctuation aside, or None."""
        async with self._database.read() as connection:
            return next(iter(await papers.find_titled(connection, title_key(title), limit=1)), None)

    async def find_numbers(self, external_ids: Sequence[ExternalId]) -> dict[ExternalId, int]:
        """The number of the paper that each of these ids belongs to; the unknown left out."""
        async with self._database.read() as connection:
            return await papers.find_numbers(connection, external_ids)

    async def search_papers(
        self,
        query: Query,
        *,
        now: datetime,
        limit: int,
        offset: int = 0,
        order: Order = Order.RELEVANCE,
        called: Sequence[str] = (),
        within: Patience | None = None,
    ) -> Matches:
        """The papers a query matches, in this order; spans back from now are counted from its day in UTC.

        Papers that are `called` as a plain query was typed are never missed by relevance.
        """
        title = " ".join(called) if query.is_plain else ""
        asked = Asked(query=query, order=order, called=title, today=now.astimezone(UTC).date())
        return await self._ask(lambda turn: search_papers(turn, self._common, asked, limit, offset), within)

    def begin_reading_spellings(self) -> None:
        """Read how words are spelt here, so that whoever misspells one does not wait for it."""
        self._spellings.begin()

    async def likely_spellings(self, words: Sequence[str], *, within: Patience | None = None) -> Mapping[str, str]:
        """What each of these words, folded, may have been meant to be; those left out that are right."""
        patience = within or Patience(SEARCH_SECONDS)
        if words:
            await self._spellings.ready(patience)
        if not words or patience.is_over():
            return {}
        return await self._ask(lambda turn: likely_spellings(turn, self._common, self._spellings, words), patience)

    async def commoner_spellings(self, words: Sequence[str], *, within: Patience | None = None) -> Mapping[str, str]:
        """Of these words, folded, those that next to no paper holds, while a word very near to them is far commoner."""
        patience = within or Patience(SEARCH_SECONDS)
        if not words or not (rare := await self._ask(lambda turn: hardly_held(turn, self._common, words), patience)):
            return {}
        await self._spellings.ready(patience)
        if patience.is_over():
            return {}
        return await self._ask(lambda turn: commoner_spellings(turn, self._common, self._spellings, rare), patience)

    async def begins_commoner(self, word: str, than: str, *, within: Patience | None = None) -> bool:
        """Whether a word that begins like this one, folded, stands in more titles than another."""
        return await self._ask(lambda turn: begins_commoner(turn, self._common, word, than), within)

    async def likely_names(self, names: Sequence[Words], *, within: Patience | None = None) -> list[Words]:
        """Those of these authors who are here, by words that are rather names than words."""
        try:
            return await self._ask(lambda turn: people_among(turn, self._common, names), within)
        except OutOfTime:
            return []

    async def search_loosely(
        self,
        loose: Loose,
        *,
        now: datetime,
        limit: int,
        offset: int = 0,
        first: Sequence[int] = (),
        within: Patience | None = None,
    ) -> Matches:
        """The papers numbered `first`, and then those that hold some of the words, the closest first."""
        today = now.astimezone(UTC).date()
        return await self._ask(
            lambda turn: search_loosely(turn, self._common, loose, first, limit, offset, today), within
        )

    async def suggest_papers(self, text: str, *, limit: int, within: Patience | None = None) -> list[KnownPaper]:
        """Papers whose title continues this half-typed text, best first; empty text: the best known."""
        return await self._ask(lambda turn: suggest_papers(turn, self._common, text, limit), within)

    async def suggest_authors(
        self, text: str, *, limit: int, is_surely_one: bool = True, within: Patience | None = None
    ) -> list[str]:
        """Names of people that a half-typed name may mean, those with the most papers first.

        For a text that may be none, nobody where its words are too common in papers to look them all through.
        """
        return await self._ask(lambda turn: suggest_authors(turn, self._common, text, limit, is_surely_one), within)

    async def similar_papers(self, known: KnownPaper, *, limit: int) -> list[KnownPaper]:
        """The papers most like this one, best first; none where nothing is alike."""
        try:
            return await self._ask(lambda turn: similar_papers(turn, self._term_counts, known, limit))
        except OutOfTime:
            raise UserError("Finding papers like that takes too long just now. Try again in a moment.") from None

    async def count_papers(self) -> int:
        async with self._database.read() as connection:
            return await papers.count_papers(connection)

    async def list_changes(self, paper_id: int) -> list[PaperChange]:
        """What became of this paper after it was first seen, the oldest change first."""
        async with self._database.read() as connection:
            return await list_changes(connection, paper_id)

    async def get_checkpoint(self, source: str, feed: str) -> str | None:
        """Where this feed is resumed, or None: it was never read."""
        async with self._database.read() as connection:
            return await ledger.get_checkpoint(connection, source, feed)

    async def list_feed_days(self, *, since: date) -> list[FeedDay]:
        """The accounts of all feeds from this day on: the newest day first, then by source and feed."""
        async with self._database.read() as connection:
            return await ledger.list_feed_days(connection, since)

    async def list_upvotes(self, paper_id: int) -> list[UpvoteCount]:
        """How the votes of a paper stood day by day, the earliest first."""
        async with self._database.read() as connection:
            return await upvotes.list_upvotes(connection, paper_id)

    async def list_without_abstract(
        self, scheme: str, *, after: tuple[datetime, int] | None, limit: int
    ) -> list[KnownPaper]:
        """Papers with such an id and no abstract, in the order in which they became known, those after this one."""
        async with self._database.read() as connection:
            numbers = await incomplete.list_without_abstract(connection, scheme, after, limit)
            return await papers.get_papers(connection, numbers)

    async def get_followed(self, *, unless: int | None) -> Followed | None:
        """Everything that any channel follows; None where that is still the version `unless`."""
        async with self._database.read() as connection:
            return await subscriptions.get_followed(connection, unless=unless)

    async def list_homes(self, papers: Sequence[int], *, guild_id: int) -> list[Home]:
        """Where any of these papers was posted in this server, whoever asked for it, the latest first."""
        async with self._database.read() as connection:
            return await list_homes(connection, papers, guild_id=guild_id)

    async def list_subscriptions(
        self, *, guild_id: int | None = None, channel_id: int | None = None
    ) -> list[Subscription]:
        """What a channel or a server follows, or all; in the order in which it was set up."""
        async with self._database.read() as connection:
            return await subscriptions.list_subscriptions(connection, guild_id=guild_id, channel_id=channel_id)

    def turn(self, family: str, *, every: timedelta) -> AbstractAsyncContextManager[None]:
        """As `Pace.turn`, over every process that uses this database."""
        return self._turns.turn(family, every=every)

    async def take_moment(self, family: str, *, every: timedelta) -> None:
        """Wait for a moment that comes `every` so long at most, over all processes; it is now when this returns."""
        await self._turns.take_moment(family, every=every)

    async def tidy_index(self) -> None:
        """Have half-typed titles found faster again after many papers were added; others can write meanwhile."""
        await tidy_index(self._database)

    @property
    def is_shared(self) -> bool:
        """Whether several bots may work on it, each by its leases."""
        return self._database.dialect.writers > 1

    async def _ask(self, work: Callable[[Turn], Result], within: Patience | None = None) -> Result:
        return await self._database.ask(work, within=within or Patience(SEARCH_SECONDS))

    async def close(self) -> None:
        """Finish what is in flight and release every connection and lock."""
        try:
            await self._spellings.close()
            await self._turns.settle()
            await self._database.close()
        finally:
            self._release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
