"""Keeps requests below a rate, evenly spread, whoever makes them; first come is first served."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable


class Pacer:
    """At most so many turns in any second, and half as many in the first two, when all else begins too.

    `time` counts seconds from anywhere; `sleep` waits for some.
    """

    def __init__(
        self,
        per_second: float,
        *,
        time: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._spacing = 1 / per_second
        self._granted: deque[float] = deque(maxlen=max(1, int(per_second)))
        self._next = 0.0
        self._line = asyncio.Lock()
        self._time = time or asyncio.get_running_loop().time
        self._sleep = sleep

    async def turn(self) -> None:
        """Wait for a turn. What was held up catches up a little, but no second ever has more than it may."""
        async with self._line:
            now = self._time()
            at = self._next
            if len(self._granted) == self._granted.maxlen:
                at = max(at, self._granted[0] + _A_SECOND)
            if at > now:
                await self._sleep(at - now)
                now = self._time()
            self._granted.append(now)
            at_start = len(self._granted) < (self._granted.maxlen or 0)
            self._next = max(self._next, now - _CATCH_UP) + self._spacing * (2 if at_start else 1)


_A_SECOND = 1.005
"""And a little more, for two requests may travel differently long."""

_CATCH_UP = 0.1
