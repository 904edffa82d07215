"""What a channel follows, and what it is owed when a paper matches. Matches nothing itself."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.deliveries import VALID_FOR, DeliveryKind, NewDelivery, topic_key
from bot.domain.papers import KnownPaper
from bot.domain.posting import Posting
from bot.domain.posts import Post

MOST_TOPICS = 25
"""How many a channel follows at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscription:
    """A query that a channel is to follow; `query` is written canonically."""

    guild_id: int
    channel_id: int
    query: str
    created_by: int
    posting: Posting = field(default_factory=Posting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A query that a channel follows, under a number that is never used again."""

    id: int
    guild_id: int
    channel_id: int
    query: str
    created_at: datetime
    created_by: int
    posting: Posting = field(default_factory=Posting)
    paused_at: datetime | None = None


def owed_for(subscription: Subscription, known: KnownPaper, *, now: datetime) -> NewDelivery:
    """The message that a channel is owed for a paper of its topic."""
    post = Post(
        heading="New paper", papers=(known,), because=f"This channel follows: {subscription.query}", silent=True
    )
    return NewDelivery(
        kind=DeliveryKind.TOPIC,
        key=topic_key(subscription.id, known.id),
        channel_id=subscription.channel_id,
        guild_id=subscription.guild_id,
        payload=post.to_json(),
        not_before=now,
        expires_at=now + VALID_FOR,
    )
