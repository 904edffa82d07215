"""Bounds the time of a request by two clocks: one that stands still while the computer sleeps, and the one on the wall.

Whoever waits for the turn goes by the clock on the wall, and would begin while a request that slept still goes on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bot.domain.turns import LONGEST_TURN

LOOK_SECONDS = 1.0
"""How often the clock on the wall is looked at; `domain.turns.SETTLING` is long enough for that."""


@asynccontextmanager
async def time_limit(limit: timedelta, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Raise TimeoutError once the block has taken `limit`, or LONGEST_TURN by this clock."""
    loop, began_at = asyncio.get_running_loop(), clock()
    async with asyncio.timeout(limit.total_seconds()) as bound:

        async def look() -> None:
            while clock() - began_at <= LONGEST_TURN:  # noqa: ASYNC110 (nobody tells when a computer wakes)
                await asyncio.sleep(LOOK_SECONDS)
            bound.reschedule(loop.time())

        looking = asyncio.create_task(look(), name="looks at the clock on the wall")
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.wait({looking})
