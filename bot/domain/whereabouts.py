"""What became of a paper in a server after a topic matched it: what is on record, and what that means for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import DeliveryState
from bot.domain.delivery_views import KnownDelivery, RestingChannel
from bot.domain.digests import next_due
from bot.domain.subscriptions import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What is on record of one paper in one server."""

    owed: Mapping[int, KnownDelivery] = field(default_factory=dict)
    """The message that a topic owes or owed for it, by the topic's number."""
    held: Mapping[int, HeldBack] = field(default_factory=dict)
    """By the topic's number."""
    bringing: Mapping[str, KnownDelivery] = field(default_factory=dict)
    """What brings those that were held, or was to bring them and was refused, by key."""

    def is_matched(self, topic_id: int) -> bool:
        """Whether the paper matched this topic when it came."""
        return topic_id in self.owed or topic_id in self.held


class Upshot(StrEnum):
    """What became of a paper that a topic matched."""

    POSTED = "posted"
    DUE = "due"
    RESTING = "resting"
    """Due, in a channel in which nothing can be posted for now."""
    UNSURE = "unsure"
    """It may be posted already, which cannot be seen."""
    REJECTED = "rejected"
    EXPIRED = "expired"
    DROPPED = "dropped"
    WAITS = "waits"
    """It waits for a digest that is not made yet."""
    PAUSED = "paused"
    HERE_ALREADY = "here already"
    BEFORE = "before"
    """The channel did not follow the topic yet when the paper came."""
    NO_NEWS = "no news"
    """It never came as new, or not to this topic as it is now."""


_UPSHOTS = {
    DeliveryState.OWED: Upshot.DUE,
    DeliveryState.HELD: Upshot.UNSURE,
    DeliveryState.SENT: Upshot.POSTED,
    DeliveryState.REJECTED: Upshot.REJECTED,
    DeliveryState.EXPIRED: Upshot.EXPIRED,
    DeliveryState.DROPPED: Upshot.DROPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What became of a paper, and by which message; `held` where it was held back first, and why."""

    upshot: Upshot
    by: KnownDelivery | None = None
    held: HeldBack | None = None
    resting: RestingChannel | None = None
    due_at: datetime | None = None
    """When the digest that it waits for is due; None also while the topic is paused."""
    refused: KnownDelivery | None = None
    """The digest that was to bring it and that Discord refused, where it waits for another one."""


def happened(
    topic: Subscription,
    came_at: datetime,
    on_record: Whereabouts,
    resting: Mapping[int, RestingChannel],
    *,
    now: datetime,
) -> Happened:
    """What became of a paper that this topic matches; `resting` are the server's channels that rest."""
    held, by = on_record.held.get(topic.id), on_record.owed.get(topic.id)
    if by is None and held is not None and held.delivery_key is not None:
        by = on_record.bringing.get(held.delivery_key)
    if held is not None and held.reason is HoldReason.HERE_ALREADY:
        return Happened(upshot=Upshot.HERE_ALREADY, by=by, held=held)
    if by is not None:
        upshot, rests = _UPSHOTS[by.state], resting.get(by.channel_id)
        if upshot is Upshot.DUE and rests is not None:
            return Happened(upshot=Upshot.RESTING, by=by, held=held, resting=rests)
        return Happened(upshot=upshot, by=by, held=held)
    if held is None:
        return Happened(upshot=Upshot.BEFORE if came_at < topic.created_at else Upshot.NO_NEWS)
    if not held.reason.waits:
        return Happened(upshot=Upshot.PAUSED, held=held)
    due_at = None if topic.paused_at else next_due(topic.posting, now)
    refused = on_record.bringing.get(held.refused_key) if held.refused_key is not None else None
    return Happened(upshot=Upshot.WAITS, held=held, due_at=due_at, refused=refused)
