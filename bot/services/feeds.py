"""The feeds that are configured, and what becomes of asking one of them. It asks none itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from bot.domain.ledger import FeedDay, FeedState
from bot.domain.tallies import Tally
from bot.interfaces import Rejection, Source

SHOWN_REJECTIONS = 20


class FeedName(NamedTuple):
    """One feed of one source, by the source's kind."""

    source: str
    feed: str


LOOK_UPS = FeedName("look_ups", "papers")
"""Under what the account of look-ups is kept; their checkpoints are under the scheme of ids in place of the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredFeed:
    """One feed of one source."""

    source: Source
    feed: str

    @property
    def name(self) -> FeedName:
        return FeedName(self.source.kind, self.feed)

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{self.source.label} {self.feed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """How far the asking of one feed has come."""

    name: str
    received: int
    expected: int | None
    trouble: str | None = None
    """Why it ended before all was read, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """What one asking of one feed brought."""

    source: str
    feed: str
    name: str
    """As people call it, such as `arXiv cs.AI`."""
    day: FeedDay
    """The account of the day it was asked on."""
    received: int
    new: int
    revised: int
    known: int
    gone: int
    """Papers that the source says are gone, and that were never here; the account counts them among the known."""
    rejected: int
    rejections: tuple[Rejection, ...]
    """The first of them, SHOWN_REJECTIONS at most."""

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be asked again because of trouble."""
        return self.day.state not in {FeedState.BROKEN, FeedState.PARTIAL} and self.day.last_error is None

    def to_json(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return asdict(self)


def report_of(
    feed: ConfiguredFeed, day: FeedDay, brought: Tally, *, gone: int, rejections: Sequence[Rejection]
) -> FeedReport:
    """The report of an asking that is over."""
    return FeedReport(
        source=feed.source.kind,
        feed=feed.feed,
        name=feed.label,
        day=day,
        received=brought.received,
        new=brought.new,
        revised=brought.revised,
        known=brought.received - brought.new - brought.revised - brought.rejected - gone,
        gone=gone,
        rejected=brought.rejected,
        rejections=tuple(rejections[:SHOWN_REJECTIONS]),
    )
