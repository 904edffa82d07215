"""Keeps requests below a rate, evenly spread, whoever makes them; first come is first served."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Turn:
    """A request, which reached Discord at some moment between these two."""

    began: float
    ended: float | None = None

    def arrived_by(self, now: float) -> float:
        return min(now, self.began + _LONGEST) if self.ended is None else self.ended


class Pacer:
    """So many turns a second, and half as many in the first, when all else begins too.

    However late requests begin and however differently long they travel, no second sees more than `_MORE` times as many
    arrive, as long as each is answered within `_LONGEST` seconds. `time` counts seconds from anywhere; `sleep` waits
    for some.
    """

    def __init__(
        self,
        per_second: float,
        *,
        time: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._slow = int(per_second)
        self.keep_to(per_second)
        self._turns: list[_Turn] = []
        self._next = 0.0
        self._line = asyncio.Lock()
        self._time = time or asyncio.get_running_loop().time
        self._sleep = sleep

    def keep_to(self, per_second: float) -> None:
        """Give so many turns a second from now on."""
        self._spacing = 1 / per_second
        self._most = max(1, round(per_second * _MORE))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and make one request in it. What was held up catches up a little."""
        async with self._line:
            while (wait := self._wait()) > 0:
                await self._sleep(wait)
            now = self._time()
            self._turns.append(turn := _Turn(now))
            self._slow = max(0, self._slow - 1)
            self._next = max(self._next, now - _CATCH_UP) + self._spacing * (2 if self._slow else 1)
        try:
            yield
        finally:
            turn.ended = self._time()

    def _wait(self) -> float:
        """For how many seconds there is no turn yet, as far as can be told."""
        now = self._time()
        self._turns = [each for each in self._turns if each.arrived_by(now) + 1 > now]
        if len(self._turns) < self._most:
            return self._next - now
        return max(self._next, min(each.arrived_by(now) for each in self._turns) + 1) - now


_MORE = 49 / 47
_LONGEST = 1.0
_CATCH_UP = 0.1
