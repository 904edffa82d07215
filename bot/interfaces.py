"""The contracts a stranger may implement: a place that remembers papers, a format that holds them, a source of them."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import BinaryIO, ClassVar, Protocol

from bot.daily_interfaces import DailyStorage, DailyTransaction
from bot.domain.analysis import PreparedPaper
from bot.domain.changes import PaperChange
from bot.domain.deliveries import NewDelivery
from bot.domain.ledger import FeedDay
from bot.domain.papers import ExternalId, FoundPaper, KnownPaper
from bot.domain.rhythms import Rhythm
from bot.domain.subscriptions import NewSubscription, Subscription
from bot.domain.upvotes import UpvoteCount
from bot.errors import PaperboyError
from bot.following_interfaces import FollowingStorage, FollowingTransaction
from bot.lease_interfaces import LeaseStorage
from bot.outbox_interfaces import DeliveryStorage
from bot.picking_interfaces import PickingStorage
from bot.privacy_interfaces import PrivacyStorage
from bot.searching_interfaces import SearchingStorage
from bot.server_interfaces import ServerStorage
from bot.topic_interfaces import TopicStorage, TopicTransaction
from bot.voting_interfaces import VotingStorage, VotingTransaction


class PutOutcome(StrEnum):
    """What putting one paper did."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What became of one paper that was put, and which paper it is now."""

    outcome: PutOutcome
    paper_id: int


class Transaction(DailyTransaction, FollowingTransaction, TopicTransaction, VotingTransaction, Protocol):
    """One write transaction: all of it is kept, or none."""

    async def put_papers(self, papers: Sequence[PreparedPaper], *, now: datetime) -> list[Put]:
        """Add, revise or leave each paper, the text index with it; what became of each, in order."""
        ...

    async def get_feed_day(self, source: str, feed: str, day: date) -> FeedDay | None:
        """The account of this day as it stands; nobody changes it before this transaction ends."""
        ...

    async def put_feed_day(self, day: FeedDay) -> None:
        """Write the account of a day over the one there was."""
        ...

    async def put_checkpoint(self, source: str, feed: str, checkpoint: str) -> None:
        """Remember where this feed is resumed."""
        ...

    async def add_unannounced(self, paper_ids: Collection[int]) -> None:
        """Remember that these papers are known, and that no source has announced them."""
        ...

    async def take_unannounced(self, paper_ids: Collection[int]) -> frozenset[int]:
        """Those of these papers that no source had announced; they count as announced from now on."""
        ...

    async def seen_since(self, paper_ids: Collection[int], since: datetime) -> frozenset[int]:
        """Those of these papers that were not known before `since`."""
        ...

    async def put_upvotes(self, counts: Sequence[UpvoteCount]) -> None:
        """Keep these counts, each over an earlier one of the same paper and day."""
        ...

    async def add_deliveries(self, owed: Sequence[NewDelivery]) -> int:
        """Owe these messages, except those whose key and part were ever owed; how many are new."""
        ...

    async def add_subscription(self, new: NewSubscription, *, most: int, now: datetime) -> Subscription | None:
        """Let a channel follow a query, once. None where it follows `most` others already."""
        ...

    async def change_subscription(self, changed: Subscription) -> bool:
        """Keep a topic's channel, query and choices; whether its server follows it still.

        That its channel has no other topic with this query, callers make sure of in the same transaction.
        """
        ...

    async def remove_subscription(self, number: int, *, guild_id: int) -> bool:
        """Let nobody follow this any more; whether anybody of this server did."""
        ...


class Storage(
    DailyStorage,
    DeliveryStorage,
    FollowingStorage,
    LeaseStorage,
    PickingStorage,
    PrivacyStorage,
    SearchingStorage,
    ServerStorage,
    TopicStorage,
    VotingStorage,
    Protocol,
):
    """Where papers are remembered. Safe for many tasks at once; every read sees only committed work."""

    def write(self) -> AbstractAsyncContextManager[Transaction]:
        """Open the one write transaction; commits when the block ends, rolls back if it raises."""
        ...

    async def get_papers(self, ids: Sequence[int]) -> list[KnownPaper]:
        """The papers with these numbers, in the order asked, the unknown left out.

        Where two papers turned out to be one, both numbers give it; it has only one of them.
        """
        ...

    async def find_paper(self, external_id: ExternalId) -> KnownPaper | None:
        """The paper with this id, or None."""
        ...

    async def find_titled(self, title: str) -> KnownPaper | None:
        """The oldest paper with just this title, case, hyphens and punctuation aside, or None."""
        ...

    async def find_numbers(self, external_ids: Sequence[ExternalId]) -> dict[ExternalId, int]:
        """The number of the paper that each of these ids belongs to; the unknown left out."""
        ...

    async def count_papers(self) -> int: ...

    async def tidy_index(self) -> None:
        """Have half-typed titles found faster again after many papers were added; others can write meanwhile."""
        ...

    async def list_changes(self, paper_id: int) -> list[PaperChange]:
        """What became of this paper after it was first seen, the oldest change first."""
        ...

    async def get_checkpoint(self, source: str, feed: str) -> str | None:
        """Where this feed is resumed, or None: it was never read."""
        ...

    async def list_feed_days(self, *, since: date) -> list[FeedDay]:
        """The accounts of all feeds from this day on: the newest day first, then by source and feed."""
        ...

    async def list_upvotes(self, paper_id: int) -> list[UpvoteCount]:
        """How the votes of a paper stood day by day, the earliest first."""
        ...

    async def list_without_abstract(
        self, scheme: str, *, after: tuple[datetime, int] | None, limit: int
    ) -> list[KnownPaper]:
        """Papers with an id of this scheme and no abstract, in the order in which they became known.

        `after` is when a paper became known and its number: those up to it are left out.
        """
        ...

    async def list_subscriptions(
        self, *, guild_id: int | None = None, channel_id: int | None = None
    ) -> list[Subscription]:
        """What a channel or a server follows, or all; in the order in which it was set up."""
        ...

    def turn(self, family: str, *, every: timedelta) -> AbstractAsyncContextManager[None]:
        """As `Pace.turn`, over every process that uses this database."""
        ...

    async def close(self) -> None:
        """Finish what is in flight and release every connection and lock."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a file, unparsed, and where it stands, such as `line 12`."""

    place: str
    raw: bytes


class RecordError(ValueError):
    """A record that cannot be a paper; the text is the reason, for the import's report."""


class Format(Protocol):
    """A kind of file that papers can be imported from. Instances are picklable and keep no state."""

    @property
    def name(self) -> str: ...

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes (up to 64 KiB, decompressed) is of this kind."""
        ...

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:
        """Cut a file into records, streaming, in little memory. Never raises for what is in the file."""
        ...

    def parse(self, record: Record) -> FoundPaper:
        """Read one record. Raises RecordError, and nothing else, when it holds no paper."""
        ...


class SourceTrouble(StrEnum):
    """Why a source could not be read."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    NOT_FOUND = "not found"
    REFUSED = "refused"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    MALFORMED = "malformed"
    TOO_LARGE = "too large"
    FORBIDDEN_ADDRESS = "forbidden address"
    MOVED = "moved"
    INCOMPLETE = "incomplete"
    """The source sent fewer records than it said it had."""


class SourceError(PaperboyError):
    """A source could not be read. `str()` is one clear sentence for the ledger and never holds credentials."""

    def __init__(self, message: str, *, reason: SourceTrouble, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after
        """How long the server asks to be left alone, or None where it did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A record that holds no paper, or a value of one that cannot be read: where it stands and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one request to a source brought."""

    found: tuple[FoundPaper, ...]
    rejected: tuple[Rejection, ...] = ()
    day: date | None = None
    """The day the source itself states for this content."""
    expected: int | None = None
    """How many records the source says there are: on the day of this batch, where it states one, else in the whole list
    that this fetch goes through; None where it does not say."""
    earlier: int = 0
    """How many of those an earlier fetch of the same list, which was not finished, had brought."""
    checkpoint: str | None = None
    """Where to resume after this batch, readable by its source alone; None: there is nothing to remember."""
    complete: bool = True
    """False: more follows, as the next batch of the same fetch."""
    unchanged: bool = False
    """Nothing was sent, for nothing has changed since the checkpoint."""
    is_another: bool = False
    """Whether the source remembers the list it sent last, and this is not the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask later whether a page has changed (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A page as it was received; `body` is decompressed, and empty when `status` is 304."""

    url: str
    """Where the page was in the end, after redirects."""
    status: int
    """200, or 304: nothing has changed since the validators were given."""
    body: bytes
    content_type: str
    validators: Validators
    received_at: datetime


class Http(Protocol):
    """Fetches pages politely: in its turn, in bounded time and memory, from public addresses only."""

    async def get(
        self,
        url: str,
        *,
        family: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        max_bytes: int = 5_000_000,
    ) -> Response:
        """Fetch one page, whose decompressed body is at most `max_bytes`. Raises SourceError, and nothing else."""
        ...


class Pace(Protocol):
    """Whose turn it is to ask the servers of one family."""

    def turn(self, family: str, *, every: timedelta) -> AbstractAsyncContextManager[None]:
        """Wait for this family's turn: one holder at a time, and `every` from one holder's start to the next.

        Whoever holds a turn for longer than `domain.turns.LONGEST_TURN` may lose it without being told.
        """
        ...


class Source(Protocol):
    """A place papers come from. It keeps no state: all it must remember is its checkpoint."""

    kind: ClassVar[str]
    """Its name in the registry and in the configuration, such as `arxiv_rss`."""
    host_family: ClassVar[str]
    """Whose pace its requests share, such as `arxiv`."""

    @property
    def label(self) -> str:
        """What people call it; the name of a feed comes after it, as in `arXiv cs.AI`."""
        ...

    @property
    def rhythm(self) -> Rhythm:
        """How it brings its papers over the days, from which follows what is expected of it by when."""
        ...

    def feeds(self) -> tuple[str, ...]:
        """What is fetched and accounted for one by one, such as `cs.AI`."""
        ...

    def fetch(
        self, feed: str, http: Http, *, checkpoint: str | None, since: date | None, now: datetime
    ) -> AsyncIterator[Batch]:
        """Fetch what one feed holds. Raises SourceError, and nothing else; what came before it is good and is kept."""
        ...


class LookUp(Protocol):
    """A place that knows papers by the ids of one scheme."""

    kind: ClassVar[str]
    """Its name in the configuration, such as `crossref`."""
    host_family: ClassVar[str]
    scheme: ClassVar[str]
    """Whose ids it is asked for, such as `doi`."""
    at_once: ClassVar[int]
    """How many papers one question may be about."""

    async def look_up(self, values: Sequence[str], http: Http) -> Sequence[FoundPaper]:
        """The papers with these ids of its scheme, `at_once` at most, in any order; the unknown left out.

        Raises SourceError, and nothing else.
        """
        ...
