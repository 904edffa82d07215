"""What a day of a feed came to: the words and counts that tell a quiet day from a broken feed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum


class FeedState(StrEnum):
    """How a feed stands on one day."""

    FRESH = "fresh"
    """It brought ids that were not seen before."""
    NOT_YET = "not yet"
    """Nothing new, and nothing was due."""
    STALE = "stale"
    """Nothing new, though it was due."""
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    PARTIAL = "partial"
    """It brought less than it said it had."""
    BROKEN = "broken"
    """It could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDay:
    """The account of one feed on one day: all that was asked, came and became of it."""

    source: str
    """The name of the source in the configuration."""
    feed: str
    day: date
    state: FeedState
    expected: int | None = None
    """How many records the source says the day has; None where it does not say."""
    received: int = 0
    """Records that came: every one of them was new, revised, known or rejected."""
    new: int = 0
    revised: int = 0
    known: int = 0
    rejected: int = 0
    attempts: int = 0
    asked_at: datetime | None = None
    """When it was asked last."""
    took: timedelta = timedelta()
    """How long the last attempt took."""
    next_at: datetime | None = None
    """When it is asked again; None: the day is done with."""
    last_error: str | None = None


def together(days: Sequence[FeedDay]) -> FeedDay:
    """The accounts of feeds that stand alike, as one: counts added up, and when the first is asked again."""
    return replace(
        days[0],
        feed="+".join(each.feed for each in days),
        expected=None,
        received=sum(each.received for each in days),
        new=sum(each.new for each in days),
        revised=sum(each.revised for each in days),
        known=sum(each.known for each in days),
        rejected=sum(each.rejected for each in days),
        next_at=min((each.next_at for each in days if each.next_at), default=None),
        last_error=next((each.last_error for each in days if each.last_error), None),
    )
