"""What a channel follows, and what it is owed when a paper matches. Matches nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.deliveries import VALID_FOR, DeliveryKind, NewDelivery, topic_key
from bot.domain.papers import KnownPaper
from bot.domain.posting import Posting
from bot.domain.posts import Post
from bot.domain.quiet_hours import quiet_hours_of

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Everything that is followed, as it stood at one version; the version is another whenever anything changes."""

    version: int
    topics: tuple[Subscription, ...]


def owed_for(
    topic: Subscription,
    known: KnownPaper,
    *,
    now: datetime,
    beside: Sequence[Subscription] = (),
    words: Sequence[str] = (),
) -> NewDelivery:
    """The message that a channel is owed for a paper of its topic.

    It speaks for the topics `beside` as well; `words` are those of the paper that made it match.
    """
    queries = " · ".join(each.query for each in (topic, *beside))
    post = Post(
        heading="New paper",
        papers=(known,),
        because=f"This channel follows: {queries}",
        words=tuple(words),
        role_id=topic.posting.role_id,
        silent=topic.posting.is_silent,
        thread=known.paper.title if topic.posting.has_threads else None,
        quiet=quiet_hours_of(topic.posting),
    )
    return NewDelivery(
        kind=DeliveryKind.TOPIC,
        key=topic_key(topic.id, known.id),
        channel_id=topic.channel_id,
        guild_id=topic.guild_id,
        payload=post.to_json(),
        not_before=now,
        expires_at=now + VALID_FOR,
        paper_id=known.id,
    )
