"""Things that go wrong on Discord's side, on request: errors, limits, cut connections and slow answers."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """What the next requests to one route meet. `reached` is set when the first of them arrives."""

    status: int | None
    code: int
    retry_after: float
    is_global: bool
    has_via: bool
    after_effect: bool
    cut: bool
    delay: float
    times: int
    hits: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def release(self) -> None:
        """Let the requests go on that hang in this fault."""
        self.released.set()

    async def meet(self) -> None:
        """Count one request, and hold it as long as the fault says."""
        self.hits += 1
        self.reached.set()
        await self.released.wait()
        if self.delay:
            await asyncio.sleep(self.delay)


class Faults:
    """The faults that wait for their requests, in the order in which they were asked for."""

    def __init__(self, known: Collection[tuple[str, str]]) -> None:
        self._known = frozenset(known)
        self._waiting: dict[tuple[str, str], list[Fault]] = {}
        self._all: list[Fault] = []

    def next(  # noqa: PLR0913
        self,
        method: str,
        template: str,
        *,
        status: int | None = None,
        code: int = 0,
        retry_after: float = 0.05,
        is_global: bool = False,
        has_via: bool = True,
        after_effect: bool = False,
        cut: bool = False,
        delay: float = 0.0,
        hang: bool = False,
        times: int = 1,
    ) -> Fault:
        """The next `times` requests to this route go wrong; the template is as in Discord's API description.

        `status` answers with that error; a 429 says `retry_after`, and without `has_via` looks like a ban
        by the proxy. `cut` breaks the connection instead. Both happen before the request has its effect, or
        `after_effect`. `delay` in seconds, or `hang` until `release()`, holds the request at that same
        moment; alone, they hold it and then let it through. Raises ValueError for an unknown route.
        """
        if (method, template) not in self._known:
            raise ValueError(f"there is no route {method} {template}")
        fault = Fault(
            status=status,
            code=code,
            retry_after=retry_after,
            is_global=is_global,
            has_via=has_via,
            after_effect=after_effect,
            cut=cut,
            delay=delay,
            times=times,
        )
        if not hang:
            fault.release()
        self._waiting.setdefault((method, template), []).append(fault)
        self._all.append(fault)
        return fault

    def take(self, method: str, template: str) -> Fault | None:
        """The fault that this request meets, if any."""
        waiting = self._waiting.get((method, template))
        if not waiting:
            return None
        fault = waiting[0]
        fault.times -= 1
        if fault.times <= 0:
            waiting.pop(0)
        return fault

    def clear(self) -> None:
        """Forget every fault, and let go of what hangs."""
        for fault in self._all:
            fault.release()
        self._all.clear()
        self._waiting.clear()
