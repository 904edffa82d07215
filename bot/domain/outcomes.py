"""What an attempt at a delivery can lead to, and what each outcome means for the delivery and for its channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.deliveries import Claim, DeliveryState, Timing, Trouble

NOW = timedelta()
UNSURE = "it may have been posted, and without Read Message History I cannot look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The message is there. `note` says what of it is not, such as its thread."""

    message_id: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """It was made, and somebody has deleted it: that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Nobody knows whether it was made: it is tried again under the same nonce."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Untried:
    """It certainly was not made, and nobody is to blame: it is tried again, and this was no attempt."""

    reason: str
    after: timedelta = NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """Discord wants to be left alone for a while. This was no attempt."""

    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Discord will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Nothing can be posted in this channel until somebody changes that. This was no attempt."""

    trouble: Trouble
    missing: tuple[str, ...] = ()
    """Permissions, by the names that people know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unauthorised:
    """Discord refuses the token: nothing can go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """It may be there, its channel's history cannot be read, and Discord no longer knows its nonce."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """Nobody wants it any more."""


Outcome = Delivered | Deleted | Ambiguous | Untried | Throttled | Rejected | Closed | Unauthorised | Unsure | Expired


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Why a channel rests, and until when; or, for messages that are incomplete, only what somebody is to be told."""

    trouble: Trouble
    missing: tuple[str, ...] = ()
    """Permissions, or what of the message is not there."""
    again_at: datetime | None = None
    """When Discord said; None: by how often it has failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What is written down of an attempt."""

    state: DeliveryState
    last_error: str | None = None
    message_id: int | None = None
    not_before: datetime | None = None
    """When it is tried again; None leaves that as it is."""
    counts: bool = True
    """Whether this was an attempt that may have reached Discord."""
    pause: Pause | None = None
    reopens: bool = False
    """Whether the channel has shown that it can be posted in."""


def settle(claim: Claim, outcome: Outcome, now: datetime, timing: Timing, *, chance: float) -> Settlement:
    """What an outcome means for a delivery; `chance` in 0 … 1 spreads those that are tried again."""
    match outcome:
        case Delivered() | Deleted():
            settled = _done(outcome)
        case Ambiguous(reason=reason):
            again = now + retry_delay(claim.attempts, timing, chance=chance)
            settled = Settlement(state=DeliveryState.OWED, last_error=reason, not_before=again)
        case Throttled() | Closed():
            settled = _pausing(outcome, now)
        case Untried(reason=reason, after=after):
            again_at = now + after if after else None
            settled = Settlement(state=DeliveryState.OWED, last_error=reason, not_before=again_at, counts=False)
        case Unauthorised():
            settled = Settlement(state=DeliveryState.OWED, last_error="Discord refuses the token", counts=False)
        case Rejected(reason=reason):
            settled = Settlement(state=DeliveryState.REJECTED, last_error=reason, counts=False)
        case Unsure():
            settled = Settlement(state=DeliveryState.HELD, last_error=UNSURE, counts=False)
        case Expired():
            settled = Settlement(state=DeliveryState.EXPIRED, last_error="it came too late", counts=False)
    return settled


def _done(outcome: Delivered | Deleted) -> Settlement:
    if isinstance(outcome, Deleted):
        return Settlement(state=DeliveryState.SENT, last_error="somebody has deleted it", reopens=True)
    note = outcome.note or None
    return Settlement(state=DeliveryState.SENT, message_id=outcome.message_id, last_error=note, reopens=True)


def _pausing(outcome: Throttled | Closed, now: datetime) -> Settlement:
    """It stays owed, and the channel rests; its own time is left as it is, for it keeps its place in line."""
    if isinstance(outcome, Throttled):
        pause = Pause(trouble=Trouble.THROTTLED, again_at=now + outcome.after)
        words = f"Discord asks for {outcome.after.total_seconds():.0f} s of patience"
    else:
        pause = Pause(trouble=outcome.trouble, missing=outcome.missing)
        words = ": ".join(filter(None, [f"closed to me ({outcome.trouble})", ", ".join(outcome.missing)]))
    return Settlement(state=DeliveryState.OWED, last_error=words, counts=False, pause=pause)


def retry_delay(attempts: int, timing: Timing, *, chance: float) -> timedelta:
    """How long to wait after so many attempts: twice as long each time up to a cap, a half of it by chance."""
    doubled: timedelta = timing.first_delay * (1 << min(attempts - 1, 20))
    return min(doubled, timing.longest_delay) * (0.5 + chance / 2)


def rest(tries: int, timing: Timing) -> timedelta:
    """How long a channel rests that has been closed so many times in a row."""
    doubled: timedelta = timing.first_rest * (1 << min(tries - 1, 20))
    return min(doubled, timing.longest_rest)
