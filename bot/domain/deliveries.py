"""One message owed: its key, its nonce, what is done with it next and what an attempt at it led to. Sends nothing.

The order of work is: claim, look for it where it may be there already, send, record. Each step may be the last one.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

NONCE_LENGTH = 25
"""Discord takes no longer one (docs.discord.com, create message)."""

MARKER_LENGTH = 10
"""So many characters of the nonce stand in the message itself, 50 bits, and tell whose it is."""

VALID_FOR = timedelta(days=7)
"""How long a paper that a topic brought is still news."""


class DeliveryKind(StrEnum):
    """What a message is owed for."""

    TOPIC = "topic"
    DIGEST = "digest"
    DAILY = "daily"
    RECAP = "recap"


class DeliveryState(StrEnum):
    """Where a delivery stands. All but the first two are ends; HELD is for a person to decide."""

    OWED = "owed"
    HELD = "held"
    SENT = "sent"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DROPPED = "dropped"


class Trouble(StrEnum):
    """Why nothing can be posted in a channel for now, or not as somebody wants it."""

    LEFT = "left"
    """Paperboy was removed from the server."""
    GONE = "gone"
    NO_ACCESS = "no access"
    FORBIDDEN = "forbidden"
    NEEDS_TAG = "needs a tag"
    THROTTLED = "throttled"
    INCOMPLETE = "incomplete"
    """Messages are posted, but without what belongs to them; it keeps nothing from being posted."""

    @property
    def is_for_people(self) -> bool:
        """Whether somebody must do something about it."""
        return self not in (Trouble.THROTTLED, Trouble.LEFT)

    @property
    def is_told(self) -> bool:
        """Whether somebody hears of it: of a server that was left one person once, whatever it followed."""
        return self is not Trouble.THROTTLED


def topic_key(subscription: int, paper: int) -> str:
    """The key of what a topic owes its channel for a paper."""
    return f"{DeliveryKind.TOPIC}:{subscription}:{paper}"


def daily_key(channel: int, on: date) -> str:
    """The key of the paper of the day that a channel is owed for a local date."""
    return f"{DeliveryKind.DAILY}:{channel}:{on.isoformat()}"


def recap_key(channel: int, on: date) -> str:
    """The key of the recap that a channel is owed on a local date."""
    return f"{DeliveryKind.RECAP}:{channel}:{on.isoformat()}"


def nonce(secret: bytes, key: str, part: int) -> str:
    """What Discord knows a message by in every attempt: it depends on no row, so it outlives a restored backup."""
    told = b"\0".join([secret, key.encode(), str(part).encode()])
    return base64.b32encode(hashlib.sha256(told).digest()).decode().lower()[:NONCE_LENGTH]


def marker(nonce: str) -> str:
    """What stands in the message for its nonce."""
    return nonce[:MARKER_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A message that will be owed from `not_before` until `expires_at`; `payload` is a `Post` as JSON."""

    kind: DeliveryKind
    key: str
    channel_id: int
    guild_id: int | None
    payload: str
    not_before: datetime
    expires_at: datetime
    part: int = 0
    paper_id: int | None = None
    """The paper that it brings, where that is one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that one sender alone may attempt until its lease is over."""

    id: int
    kind: DeliveryKind
    key: str
    part: int
    channel_id: int
    guild_id: int | None
    payload: str
    nonce: str
    attempts: int
    """How many there have been that may have reached Discord, this one with them."""
    fence: int
    """Grows with each claim: only the newest may record what came of it."""
    not_before: datetime
    first_attempt_at: datetime
    lease_until: datetime
    expires_at: datetime

    @property
    def marker(self) -> str:
        return marker(self.nonce)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Every length of time that the guarantee rests on. `late_after` and `send_within` stay below `nonce_lasts`."""

    lease: timedelta = timedelta(seconds=60)
    send_within: timedelta = timedelta(seconds=20)
    """The longest an attempt may take: the library alone would sleep 25 s, or wait for 300."""
    late_after: timedelta = timedelta(seconds=60)
    """From then on a first attempt may be one of a restored backup, whose message is there already."""
    nonce_lasts: timedelta = timedelta(seconds=100)
    """How long Discord is trusted to know a nonce: "the past few minutes", two of them as seen."""
    slack: timedelta = timedelta(minutes=2)
    """How far Discord's clock and ours may be apart."""
    first_delay: timedelta = timedelta(seconds=2)
    longest_delay: timedelta = timedelta(minutes=15)
    first_rest: timedelta = timedelta(minutes=1)
    """How long a channel rests before it is tried again, at first …"""
    longest_rest: timedelta = timedelta(hours=1)
    """… and after it has failed again and again."""


class Step(StrEnum):
    """What is done with a claim first."""

    SEND = "send"
    LOOK = "look"
    """Look for it in the channel; send it if it is not there."""
    LOOK_ONLY = "look only"
    EXPIRE = "expire"


def first_step(claim: Claim, now: datetime, timing: Timing, *, known_from: datetime | None = None) -> Step:
    """Whether this message may be there already, and whether it is still wanted.

    What became due from `known_from` on is no backup's, however long it waits: whoever asks has seen to all since then.
    """
    tried = claim.attempts > 1
    if now >= claim.expires_at:
        return Step.LOOK_ONLY if tried else Step.EXPIRE
    is_known = known_from is not None and claim.not_before >= known_from
    is_late = now - claim.not_before > timing.late_after and not is_known
    return Step.LOOK if tried or is_late else Step.SEND


def nonce_protects(claim: Claim, now: datetime, timing: Timing) -> bool:
    """Whether Discord still knows the nonce of the earliest message that may have been made of this."""
    earliest = claim.first_attempt_at if claim.attempts > 1 else claim.not_before
    return now + timing.send_within - earliest < timing.nonce_lasts


def is_by_hand(claim: Claim, timing: Timing) -> bool:
    """Whether somebody has looked and wants it sent: it was tried, and yet this counts as its first attempt."""
    return claim.attempts > 1 and claim.first_attempt_at + timing.lease >= claim.lease_until


def look_since(claim: Claim, timing: Timing) -> datetime:
    """When the message can have been made at the earliest, by Discord's clock."""
    return min(claim.not_before, claim.first_attempt_at) - timing.slack


def outlasts(claim: Claim, now: datetime, timing: Timing) -> bool:
    """Whether an attempt begun now ends within the lease."""
    return now + timing.send_within < claim.lease_until
