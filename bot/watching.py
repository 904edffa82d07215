"""Watches every request that discord.py makes: counts what Discord refuses, and knows how far each trip has come.

It asks for nothing itself but the time. discord.py tells neither that it waits for its turn nor that it sleeps over a
refusal.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

import aiohttp

from bot.domain.clock_checks import ClockCheck, wrong_clock
from bot.domain.invalid_answers import Allowance, InvalidAnswers

_log = logging.getLogger(__name__)


class TooLateError(Exception):
    """A request was about to be made after the time it was given."""


@dataclass(slots=True, kw_only=True)
class Trip:
    """What has become of the requests of one piece of work."""

    not_after: datetime
    requests: int = 0
    status: int | None = None
    """That of the newest answer; None while there is none."""
    retry_after: timedelta = timedelta()
    """How long the newest refusal asks to wait."""

    @property
    def had_no_effect(self) -> bool:
        """Whether no request can have done anything: none was made, or the last one was turned away."""
        return self.requests == 0 or self.status == 429


class Watch:
    """The eye on one client's requests."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.invalid = InvalidAnswers()
        self.time = ClockCheck()
        self.ask: Callable[[], Awaitable[object]] | None = None
        """Asks Discord anything, for the time that its answer states; whoever is watched sets it."""
        self.held_back: Callable[[timedelta], object] | None = None
        """Is told that everything must wait so long; whoever is watched sets it."""
        self._rests_until: datetime | None = None
        self._told_wrong = False
        self._clock = clock
        self._trip: ContextVar[Trip | None] = ContextVar("trip", default=None)

    def allowance(self, now: datetime) -> Allowance:
        """What may still be asked of Discord, by how much it refused lately, and whether it wants to be left alone."""
        rests = self._rests_until is not None and now < self._rests_until
        return Allowance.NOTHING if rests else self.invalid.allowance(now)

    async def is_time_right(self) -> bool:
        """Whether this machine's clock is known to be right, which is asked where no answer of late told so."""
        if not self.time.is_right(self._clock()) and self.ask is not None:
            await self.ask()
        is_right = self.time.is_right(self._clock())
        off = self.time.wrong_by()
        if off is not None and not self._told_wrong:
            _log.error("clock wrong off_s=%.0f: %s", off.total_seconds(), wrong_clock(off))
        elif is_right and self._told_wrong:
            _log.warning("clock right again: deliveries and papers of the day go on")
        self._told_wrong = off is not None
        return is_right

    async def is_time_not_wrong(self) -> bool:
        """Whether nothing says that the clock is wrong; where the last answer did, Discord is asked anew."""
        return self.time.wrong_by() is None or await self.is_time_right()

    @contextmanager
    def trip(self, not_after: datetime) -> Iterator[Trip]:
        """What the block asks of Discord; a request after that time raises TooLateError instead."""
        trip = Trip(not_after=not_after)
        token = self._trip.set(trip)
        try:
            yield trip
        finally:
            self._trip.reset(token)

    def trace(self) -> aiohttp.TraceConfig:
        """What a client must be given to be watched."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._started)
        config.on_request_end.append(self._ended)
        return config

    async def _started(self, *_: object) -> None:
        trip = self._trip.get()
        if trip is None:
            return
        if self._clock() > trip.not_after:
            raise TooLateError
        trip.requests += 1
        trip.status = None

    async def _ended(self, _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
        now = self._clock()
        status, headers = end.response.status, end.response.headers
        self.invalid.add(status, now)
        self.time.note(headers.get("Date"), now)
        wait = retry_after(headers.get("Retry-After"))
        if status == 429 and ("X-RateLimit-Global" in headers or "Via" not in headers):
            self._all_must_wait(wait, now)
        trip = self._trip.get()
        if trip is not None:
            trip.status = status
            trip.retry_after = wait

    def _all_must_wait(self, wait: timedelta, now: datetime) -> None:
        """The limit is that of the whole bot, or a proxy before Discord has banned its address (which sends no Via)."""
        self._rests_until = max(now + wait, self._rests_until or now)
        if self.held_back is not None:
            self.held_back(wait)


def retry_after(header: str | None) -> timedelta:
    """What the header asks for, in seconds; a minute where it says nothing that can be read."""
    try:
        seconds = float(header or "")
    except ValueError:
        seconds = 60.0
    return timedelta(seconds=min(max(seconds, 0.0), 86_400.0))
