"""Whose turn it is to ask a family of servers, decided from one row that all processes share. Reads no clock.

Time is the wall clock of the one machine, which is set now and then. Set back, whatever lies in the future is moved
back with it, so that nobody waits longer than before; set forward, one turn may begin early, once.
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
"""How often one who waits looks whether the turn was given back."""

PATIENCE = timedelta(seconds=2)
"""How long after its next look the place of one who waits is kept: it may be dead, too."""

_NOW = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn of one family: who has it, and who is next."""

    started_at: datetime
    """When the last holder got it."""
    holder: str | None = None
    lease_until: datetime | None = None
    """Until when it is the holder's, unless given back before; None as `holder` is."""
    waiter: str | None = None
    """The first who came while it was taken: nobody goes before it."""
    waiter_until: datetime | None = None

    def after_the_clock(self, now: datetime) -> "Turn":
        """This turn, by a clock that has since been set back: a start in the future was just now."""
        if self.started_at <= now:
            return self
        change = self.started_at - now
        return replace(
            self,
            started_at=now,
            lease_until=self.lease_until and self.lease_until - change,
            waiter_until=self.waiter_until and self.waiter_until - change,
        )


def ask(turn: Turn | None, who: str, *, every: timedelta, now: datetime) -> tuple[Turn, timedelta]:
    """Ask for a turn, at the earliest `every` after the last began: the turn as it is then, and how long to wait.

    No wait: it is taken. Otherwise ask again after the wait. `who` asks for one turn at a time, so that a turn
    still in its name is one that it failed to give back.
    """
    taken = Turn(started_at=now, holder=who, lease_until=now + LEASE)
    if turn is None:
        return taken, _NOW
    turn = turn.after_the_clock(now)
    if turn.holder == who:
        turn = replace(turn, holder=None, lease_until=None)
    held = turn.lease_until is not None and turn.lease_until > now
    behind = turn.waiter not in {None, who} and turn.waiter_until is not None and turn.waiter_until > now
    wait = max(turn.started_at + every - now, LOOK if held or behind else _NOW)
    if not wait:
        return taken, _NOW
    return (turn if behind else _in_line(turn, who, now + wait)), wait


def give_back(turn: Turn, who: str, *, started_at: datetime | None) -> Turn:
    """Give back whatever `who` has of this turn, also the place of one who waits.

    `started_at` is when its work began, if it did: later than the turn was taken, by the time the taking took.
    """
    if turn.holder == who:
        turn = replace(turn, holder=None, lease_until=None, started_at=started_at or turn.started_at)
    return replace(turn, waiter=None, waiter_until=None) if turn.waiter == who else turn


def _in_line(turn: Turn, who: str, until: datetime) -> Turn:
    """With the free place in line kept for `who`; not written anew at every look."""
    kept = turn.waiter == who and turn.waiter_until is not None and turn.waiter_until >= until + PATIENCE / 2
    return turn if kept else replace(turn, waiter=who, waiter_until=until + PATIENCE)
