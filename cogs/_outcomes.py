"""What discord.py raised, as an outcome of a delivery: what Discord said clearly, and what nobody can know."""

import asyncio
from datetime import timedelta

import aiohttp
import discord

from bot.domain.deliveries import Trouble
from bot.domain.outcomes import Ambiguous, Closed, Deleted, Outcome, Rejected, Throttled, Unauthorised, Untried
from bot.watching import TooLateError, Trip, retry_after

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
MISSING_ACCESS, MISSING_PERMISSIONS = 50001, 50013
TAG_REQUIRED, THREAD_ARCHIVED = 40067, 50083
THREAD_EXISTS, TOO_MANY_THREADS = 160004, 160006
TOO_MANY_PINS = 30003
"""docs.discord.com, opcodes and status codes."""

_CLOSED = {
    UNKNOWN_CHANNEL: Trouble.GONE,
    MISSING_ACCESS: Trouble.NO_ACCESS,
    MISSING_PERMISSIONS: Trouble.FORBIDDEN,
    TAG_REQUIRED: Trouble.NEEDS_TAG,
    THREAD_ARCHIVED: Trouble.FORBIDDEN,
}
_MISSING = {MISSING_ACCESS: ("View Channel",), THREAD_ARCHIVED: ("Manage Threads",)}
_A_MOMENT = timedelta(seconds=2)

EXPECTED = (discord.DiscordException, aiohttp.ClientError, asyncio.TimeoutError, OSError, TooLateError)
"""Everything by which a request to Discord can fail."""


def outcome_of(error: Exception, trip: Trip, *, missing: tuple[str, ...] = ()) -> Outcome:
    """What this failure, one of `EXPECTED`, means; `missing` are permissions that the bot lacks as far as it knows."""
    match error:
        case TooLateError():
            return Untried(reason="its lease was nearly over", after=_A_MOMENT)
        case discord.RateLimited():
            return Throttled(after=timedelta(seconds=error.retry_after))
        case discord.HTTPException():
            return _refusal(error, missing)
        case TimeoutError():
            return _silence(trip)
        case _:
            return Ambiguous(reason=f"the connection broke ({type(error).__name__})")


def _silence(trip: Trip) -> Outcome:
    if trip.status == 429:
        return Throttled(after=trip.retry_after)
    if trip.had_no_effect:
        return Untried(reason="the library let it wait", after=_A_MOMENT)
    return Ambiguous(reason="Discord did not answer in time")


def _refusal(error: discord.HTTPException, missing: tuple[str, ...]) -> Outcome:
    code = error.code
    if error.status == 401:
        return Unauthorised()
    if error.status == 429:
        return Throttled(after=retry_after(error.response.headers.get("Retry-After")))
    if code in _CLOSED:
        return Closed(trouble=_CLOSED[code], missing=missing or _MISSING.get(code, ()))
    if code == UNKNOWN_MESSAGE:
        return Deleted()
    if 400 <= error.status < 500 and code:
        return Rejected(reason=f"Discord refuses it with {code}: {error.text:.200}")
    return Ambiguous(reason=f"Discord answered {error.status}")
