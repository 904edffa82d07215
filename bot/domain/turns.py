"""Whose turn it is to ask a family of servers, decided from one row that all processes share. Reads no clock.

Time is a wall clock that all of them share, which is set now and then. Set back, a start that lies in the future counts
as just now, so that nobody waits much longer than before; set forward, one turn may begin early, once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LONGEST_TURN = timedelta(seconds=60)
"""How long a turn may be held: whoever works in it stops by then."""

LEASE = LONGEST_TURN + timedelta(seconds=15)
"""How long a turn belongs to a holder that does not give it back, for it may be dead.

Longer than a turn by what closing a connection and waiting for a busy database take, so that nobody who is alive
loses a turn that it still works in.
"""

LOOK = timedelta(seconds=0.25)
"""How often one who waits looks whether the turn was given back, or the one before it in line is gone."""

PATIENCE = timedelta(seconds=2)
"""How long after its next look a place in line is kept: whoever waits in it may be dead, too."""

SETTLING = timedelta(seconds=5)
"""How long nobody begins after a lease has run out: its holder, who slept as the computer did, looks at the clock in
that time and stops."""

SLACK = timedelta(seconds=10)
"""A turn that took longer than this to be known as one's own is asked for anew: by its lease it may be over."""

_NOW = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One who waits for a turn."""

    who: str
    until: datetime
    """Until when the place is kept, unless asked for again before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn of one family: who has it, and who waits for it, in the order they came."""

    started_at: datetime
    """When the last holder got it."""
    holder: str | None = None
    lease_until: datetime | None = None
    """Until when it is the holder's, unless given back before; without a holder, until when it is nobody's."""
    line: tuple[Place, ...] = ()


def ask(turn: Turn | None, who: str, *, every: timedelta, now: datetime) -> tuple[Turn, timedelta]:
    """Ask for a turn, at the earliest `every` after the last began: the turn as it is then, and how long to wait.

    No wait: it is taken. Otherwise ask again after the wait. `who` asks for one turn at a time, so that a turn
    still in its name is one that it failed to give back.
    """
    turn = _as_of(turn, now) if turn else Turn(started_at=now - every)
    if turn.holder == who:
        turn = replace(turn, holder=None, lease_until=None)
    if turn.holder and turn.lease_until and turn.lease_until <= now:
        turn = Turn(started_at=now, lease_until=now + SETTLING, line=turn.line)
    held = turn.lease_until is not None and turn.lease_until > now
    line = tuple(each for each in turn.line if each.until > now or each.who == who)
    is_next = not line or line[0].who == who
    wait = max(turn.started_at + every - now, _NOW if is_next and not held else LOOK)
    if wait:
        return replace(turn, line=_with_place(line, who, until=now + wait)), wait
    return Turn(started_at=now, holder=who, lease_until=now + LEASE, line=_without(line, who)), _NOW


def give_back(turn: Turn, who: str, *, started_at: datetime | None, now: datetime) -> Turn:
    """Give back whatever `who` has of this turn, be it a place in line.

    `started_at` is when its work began, if it did: later than the turn was taken, by the time the taking took.
    """
    turn = _as_of(turn, now)
    if turn.holder == who:
        turn = replace(turn, holder=None, lease_until=None, started_at=min(started_at or turn.started_at, now))
    return replace(turn, line=_without(turn.line, who))


def _as_of(turn: Turn, now: datetime) -> Turn:
    """This turn by a clock that may have been set back since."""
    change = turn.started_at - now
    if change <= timedelta():
        return turn
    return Turn(
        started_at=now,
        holder=turn.holder,
        lease_until=turn.lease_until and turn.lease_until - change,
        line=tuple(replace(each, until=each.until - change) for each in turn.line),
    )


def _with_place(line: tuple[Place, ...], who: str, *, until: datetime) -> tuple[Place, ...]:
    """The line with a place kept for `who`: the one it has, or the last. It is not written anew at every look."""
    if not any(each.who == who for each in line):
        return (*line, Place(who=who, until=until + PATIENCE))
    return tuple(
        replace(each, until=until + PATIENCE) if each.who == who and each.until < until + PATIENCE / 2 else each
        for each in line
    )


def _without(line: tuple[Place, ...], who: str) -> tuple[Place, ...]:
    return tuple(each for each in line if each.who != who)
