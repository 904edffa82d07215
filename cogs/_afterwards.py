"""What belongs to a scheduled message once it is there: its thread, and its pin. None of it ever undoes the message."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import discord

from bot.domain.outcomes import Ambiguous, Deleted, Delivered, Outcome, Throttled, Untried
from bot.domain.posts import Post
from bot.watching import Trip
from cogs._markdown import plain
from cogs._outcomes import EXPECTED, THREAD_EXISTS, TOO_MANY_PINS, TOO_MANY_THREADS, outcome_of

NewTrip = Callable[[], AbstractContextManager[Trip]]


async def finished(place: Any, number: int, post: Post, new_trip: NewTrip) -> Outcome:
    """The message with all that belongs to it, done as often as it takes: each step may have been done before.

    What Discord refuses is a note; where it is unclear what came of a step, so is the whole.
    """
    if isinstance(place, discord.ForumChannel):
        return Delivered(message_id=number)
    message: discord.PartialMessage = place.get_partial_message(number)
    before = place.get_partial_message(post.unpinned) if post.unpinned is not None else None
    try:
        notes = [await _thread(message, post, new_trip), await _pinned(message, before, post, new_trip)]
    except _UnclearError as error:
        return error.outcome
    return Delivered(message_id=number, note="; ".join(filter(None, notes)))


class _UnclearError(Exception):
    """A step must be tried again, or somebody has deleted the message."""

    def __init__(self, outcome: Ambiguous | Deleted) -> None:
        super().__init__()
        self.outcome = outcome


async def _thread(message: discord.PartialMessage, post: Post, new_trip: NewTrip) -> str:
    """Start its thread; what went wrong."""
    if post.thread is None:
        return ""
    with new_trip() as trip:
        try:
            await message.create_thread(name=plain(post.thread, 100) or "Discussion")
        except EXPECTED as error:
            code = getattr(error, "code", None)
            if code == THREAD_EXISTS:
                return ""
            _require_clear(outcome_of(error, trip))
            return f"no thread: {'too many threads' if code == TOO_MANY_THREADS else 'not allowed'}"
    return ""


async def _pinned(
    message: discord.PartialMessage, before: discord.PartialMessage | None, post: Post, new_trip: NewTrip
) -> str:
    """Unpin the message before it, which may be gone, and pin it: in this order there is room for it."""
    if not post.is_pinned:
        return ""
    if before is not None:
        with new_trip() as trip:
            try:
                await before.unpin()
            except EXPECTED as error:
                outcome = outcome_of(error, trip)
                if not isinstance(outcome, Deleted):
                    _require_clear(outcome)
    with new_trip() as trip:
        try:
            await message.pin()
        except EXPECTED as error:
            _require_clear(outcome_of(error, trip))
            is_full = getattr(error, "code", None) == TOO_MANY_PINS
            return f"not pinned: {'too many pins' if is_full else 'not allowed'}"
    return ""


def _require_clear(outcome: Outcome) -> None:
    """Raise for what says nothing about a step, or is about the message itself.

    That one must wait is no attempt for a message that is not there; for one that is there it would hide that it is.
    """
    if isinstance(outcome, Ambiguous | Deleted):
        raise _UnclearError(outcome)
    if isinstance(outcome, Throttled | Untried):
        raise _UnclearError(Ambiguous(reason="Discord let what belongs to the message wait"))
