"""Turns within one process, for tests that need no database."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta


class LocalPace:
    """A `Pace` within one event loop: first come, first served.

    `clock` counts seconds and never goes back; `sleep` waits that many.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._doors: dict[str, asyncio.Lock] = {}
        self._starts: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, family: str, *, every: timedelta) -> AsyncIterator[None]:
        """Hold this family's turn, at the earliest `every` after the previous holder got it."""
        async with self._doors.setdefault(family, asyncio.Lock()):
            if family in self._starts:
                await self._wait_until(self._starts[family] + every.total_seconds())
            self._starts[family] = self._clock()
            yield

    async def _wait_until(self, moment: float) -> None:
        while (left := moment - self._clock()) > 0:  # a sleep may end a little early
            await self._sleep(left)
