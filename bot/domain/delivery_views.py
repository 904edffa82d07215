"""Deliveries and channels as they are told to people: what was posted, what is owed, and what is in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import DeliveryKind, DeliveryState, Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDelivery:
    """A delivery as it stands, without what it shows."""

    id: int
    kind: DeliveryKind
    key: str
    part: int
    state: DeliveryState
    guild_id: int | None
    channel_id: int
    attempts: int
    not_before: datetime
    expires_at: datetime
    settled_at: datetime | None
    message_id: int | None
    last_error: str | None

    @property
    def url(self) -> str | None:
        """Where its message can be seen; None where there is none, or it is no server's."""
        if self.message_id is None or self.guild_id is None:
            return None
        return f"https://discord.com/channels/{self.guild_id}/{self.channel_id}/{self.message_id}"

    @property
    def forum_url(self) -> str | None:
        """The same where its channel is a forum: a post there is a thread, under the number of its first message."""
        return None if self.url is None else f"https://discord.com/channels/{self.guild_id}/{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestingChannel:
    """A channel that nothing can be posted in for now."""

    channel_id: int
    guild_id: int | None
    trouble: Trouble
    missing: tuple[str, ...]
    since: datetime
    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStanding:
    """What a channel got and gets."""

    last: KnownDelivery | None
    """The newest that was posted."""
    next_at: datetime | None
    """When the next one is due, which may be over."""
    owed: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxStanding:
    """The whole outbox at a glance."""

    counts: Mapping[DeliveryState, int]
    resting: tuple[RestingChannel, ...]
    oldest_due_at: datetime | None = None
    """When the message was due that waits longest, in no channel that rests; it may be in the future."""
    seen_at: datetime | None = None
    """When somebody last saw to deliveries; None: nobody ever did."""


def in_words(resting: RestingChannel) -> str:
    """What is wrong with a channel and what to do, in a sentence; what to grant is named."""
    match resting.trouble:
        case Trouble.LEFT:
            return "I was removed from that server. Add me again and I go on; after 30 days I forget what it followed."
        case Trouble.GONE:
            return "the channel no longer exists for me: was it deleted? `/topic move` takes its topics to another one."
        case Trouble.NO_ACCESS | Trouble.FORBIDDEN:
            needed = ", ".join(resting.missing) or "View Channel, Send Messages"
            return f"I may not post there: grant {needed} to my role in that channel. I go on by myself then."
        case Trouble.NEEDS_TAG:
            return "posts there need a tag, and none of its tags fits: make tags optional, or give it one I can choose."
        case Trouble.THROTTLED:
            return "Discord lets me post there only slowly; I go on by myself."
        case Trouble.INCOMPLETE:
            return _incomplete("; ".join(resting.missing))


def _incomplete(note: str) -> str:
    """That messages are there without what belongs to them, and what to do."""
    parts = {"no thread": "Create Public Threads", "not pinned": "Pin Messages"}
    needed = " and ".join(name for part, name in parts.items() if part in note)
    todo = f"grant {needed} to my role in that channel" if "not allowed" in note else "make room for more of them"
    return f"papers arrive there, but not with all that you chose ({note}): {todo}. I say this once."
