"""Papers that people of a server proposed for its day, and the line in which they wait. Asks nobody who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_WAITING = 100
"""Nominations of a server that wait, to be approved or in line."""
MOST_OF_ONE = 5
"""Of these, those of one person."""


class NominationState(StrEnum):
    """Where a nomination stands."""

    PROPOSED = "proposed"
    """It waits until somebody who may manage approves it."""
    QUEUED = "queued"
    """It is in line; it leaves the line when its paper was chosen for a day of the server.

    It is in its place again where that day ended without its paper; one that Discord refused stays out.
    """
    REJECTED = "rejected"
    REMOVED = "removed"
    """Taken out of the line, by whoever nominated it or by a moderator."""


WAITING = (NominationState.PROPOSED, NominationState.QUEUED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """A paper that somebody of a server proposed. A server has one of a paper at most."""

    guild_id: int
    paper_id: int
    person_id: int
    made_at: datetime
    state: NominationState
    place: int
    """Those in line go by this, and then by their numbers."""
    decided_by: int | None = None
    decided_at: datetime | None = None
    id: int = 0


class Step(StrEnum):
    """One place in the line."""

    UP = "up"
    DOWN = "down"


def stepped(line: Sequence[Nomination], number: int, step: Step) -> dict[int, int]:
    """The places that these, in their order, have once this one has gone a step, by number; nothing where it cannot.

    Every nomination of the line gets a place of its own, so that any order can be told.
    """
    numbers = [each.id for each in line]
    if number not in numbers:
        return {}
    at = numbers.index(number)
    to = at - 1 if step is Step.UP else at + 1
    if not 0 <= to < len(numbers):
        return {}
    numbers[at], numbers[to] = numbers[to], numbers[at]
    return {each: place for place, each in enumerate(numbers, 1)}
