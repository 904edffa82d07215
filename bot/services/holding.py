"""What this process does of all that is shared out over several: its shards, and the work that is done once.

By leases that it renews; it does nothing any more for one that is over by its own clocks, whatever kept it. Knows
nothing of Discord but shards that are joined and left.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.leases import Decision, Lease, LeaseTiming, Wish, decide, shard_lease
from bot.domain.shards import Shards, ranges
from bot.errors import OperatorError
from bot.lease_interfaces import LeaseStorage, RecountedError

_log = logging.getLogger(__name__)

_LONGEST_LOOK = 8.0
"""Seconds that the database may take; then it is asked anew."""
_SOON = 1.0
"""Seconds until it is asked again where it did not answer."""


class Joined(Protocol):
    """The shards that this process is connected for."""

    @property
    def joined(self) -> frozenset[int]:
        """Those that are connected, or are to be."""
        ...

    @property
    def connected(self) -> frozenset[int]:
        """Those that are connected."""
        ...

    @property
    def silence(self) -> timedelta:
        """How long Discord has not been heard, on any shard or when it was greeted."""
        ...

    def join(self, shard: int) -> None:
        """Connect one, and keep it connected until it is left."""
        ...

    async def leave(self, shards: Collection[int]) -> None:
        """Disconnect some, within a few seconds."""
        ...


class Holding:
    """What one process holds: until `begin` nothing, then what `run` sees to.

    Where the database is one process's alone, that is everything, for good. `clocks` count seconds from anywhere: a
    lease is over by whichever is ahead, for one may stand still while the machine sleeps.
    """

    def __init__(
        self,
        storage: LeaseStorage,
        *,
        owner: str,
        shards: Shards | None,
        timing: LeaseTiming,
        clocks: Collection[Callable[[], float]] = (time.monotonic, time.time),
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._storage = storage
        self._asked = shards
        self._wish = Wish(owner=owner, count=1, shards=shards.ids if shards else None)
        self._timing = timing
        self._clocks = tuple(clocks)
        self._sleep = sleep
        self._held = frozenset[str]()
        self._began = tuple(each() for each in self._clocks)
        self._changed = asyncio.Event()
        self._denied: frozenset[int] | None = None
        self._is_failing = False
        self.stands_by = False
        """Whether it has nothing to do because it cannot hear Discord, and other processes can."""
        self.has_looked = asyncio.Event()
        """Set once it is known what is held."""

    @property
    def count(self) -> int:
        """Of how many shards everybody is."""
        return self._wish.count

    @property
    def shards(self) -> frozenset[int]:
        """The shards that are held at this moment."""
        return frozenset(each for each in range(self.count) if self.holds(shard_lease(each)))

    @property
    def denied(self) -> frozenset[int]:
        """The shards that it was told to run and another process has."""
        return self._denied or frozenset()

    @property
    def is_out_of_touch(self) -> bool:
        """Whether it holds nothing, because the database could not be told in time that it is there."""
        return self._is_failing and self._is_over()

    def holds(self, name: str) -> bool:
        """Whether this is this process's to do, at this moment."""
        return not self._storage.is_shared or (name in self._held and not self._is_over())

    async def begin(self, recommended: int) -> int:
        """Be there; of how many shards everybody is. Raises OperatorError where that is not what was asked for."""
        count = self._asked.count if self._asked else recommended
        if self._storage.is_shared:
            agreed = await self._storage.agree_on_count(
                count, self._wish.presence, owner=self._wish.owner, lease=self._timing.lease
            )
            if self._asked and agreed != count:
                await self._storage.release_leases(self._wish.owner)
                raise OperatorError(
                    f"Other processes run shards of {agreed}, and this one was asked for {self._asked}. "
                    f"Start it with --shards auto or shards of {agreed}, or stop all of them first."
                )
            if agreed < recommended:
                _log.warning(
                    "Discord recommends %d shards, and %d are run: stop all processes, and start them again",
                    recommended,
                    agreed,
                )
            count = agreed
        self._wish = replace(self._wish, count=count)
        return count

    async def run(self, joined: Joined) -> None:
        """See to what is held, and have its shards connected, until cancelled. Raises RecountedError."""
        if not self._storage.is_shared:
            for each in range(self.count):
                joined.join(each)
            self.has_looked.set()
            await asyncio.Event().wait()
        while True:
            await self._look(joined)
            pause = self._timing.look.total_seconds()
            if self._is_failing or not self._held:
                pause = min(pause, _SOON)
            await self._sleep(max(0.0, min(pause, self._left())) if self._held else pause)

    async def let_go(self) -> None:
        """Give back everything at once, so that nobody waits for it."""
        self._have(frozenset())
        if self._storage.is_shared:
            try:
                async with asyncio.timeout(_LONGEST_LOOK):
                    await self._storage.release_leases(self._wish.owner)
            except (OperatorError, TimeoutError) as error:
                _log.warning("leases not given back, they run out by themselves error=%r", str(error))

    async def while_held(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do this whenever it is ours, until cancelled: begun anew each time, and cancelled when it is so no more."""
        while True:
            await self._until(name, is_held=True)
            doing = asyncio.ensure_future(work())
            ending = asyncio.create_task(self._until(name, is_held=False))
            try:
                await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
                if doing.done():
                    doing.result()
                    return
                _log.warning("another process goes on with it lease=%r", name)
            finally:
                doing.cancel()
                ending.cancel()
                await asyncio.wait({doing, ending})

    async def _until(self, name: str, *, is_held: bool) -> None:
        while self.holds(name) is not is_held:
            changed = self._changed
            await changed.wait()

    async def _look(self, joined: Joined) -> None:
        """Renew what is held, take what is to be had, and give up what others should have."""
        if self._held and self._is_over():
            await self._drop(joined)
        began = tuple(each() for each in self._clocks)
        patience = min(_LONGEST_LOOK, self._left()) if self._held else _LONGEST_LOOK
        try:
            async with asyncio.timeout(patience):
                found = await self._storage.look_after_leases(
                    self._wish.owner,
                    lambda leases, now: self._decide(leases, now, joined),
                    count=self.count,
                    lease=self._timing.lease,
                )
        except RecountedError:
            await self._drop(joined)
            raise
        except (OperatorError, TimeoutError) as error:
            self._note_failure(str(error) or "the database does not answer")
            if self._held and self._is_over():
                await self._drop(joined)
            return
        self._began, self._is_failing = began, False
        await self._act(found, joined)

    def _decide(self, leases: Sequence[Lease], now: datetime, joined: Joined) -> Decision:
        wish = replace(self._wish, is_cut_off=joined.silence > self._timing.silence)
        return decide(leases, wish, now=now, keep=joined.connected)

    async def _act(self, found: Decision, joined: Joined) -> None:
        surplus = {shard_lease(each) for each in found.surplus}
        before = self.shards
        self._have(found.has - surplus)
        held = self.shards
        await joined.leave(joined.joined - held)
        if surplus:
            await self._give_back(surplus)
        for each in sorted(held - joined.joined):
            joined.join(each)
        if found.stands_by != self.stands_by:
            self._note_standby(found.stands_by)
        if held != before or not self.has_looked.is_set():
            told = ranges(held) or "none"
            _log.info("shards held=%s of=%d processes=%d", told, self.count, found.processes)
        if found.denied != (self._denied or frozenset()):
            self._note_denied(found.denied)
        self._denied = found.denied
        self.has_looked.set()

    async def _give_back(self, names: Collection[str]) -> None:
        try:
            await self._storage.release_leases(self._wish.owner, names)
        except OperatorError as error:
            _log.warning("leases not given back, which is tried again error=%r", str(error))

    async def _drop(self, joined: Joined) -> None:
        _log.warning("leases are over, so that other processes may go on with what this one did")
        self._have(frozenset())
        await joined.leave(joined.joined)

    def _have(self, names: frozenset[str]) -> None:
        """Hold these from now on, and tell whoever waits for a change."""
        self._held = names
        self._changed.set()
        self._changed = asyncio.Event()

    def _note_failure(self, error: str) -> None:
        if not self._is_failing:
            _log.warning("leases cannot be renewed, and end in %.0f s: %s", max(self._left(), 0), error)
        self._is_failing = True

    def _note_denied(self, denied: Collection[int]) -> None:
        if denied:
            _log.warning("waiting for shards %s/%d: another process runs them", ranges(denied), self.count)
        else:
            _log.info("no shard is waited for any more")

    def _note_standby(self, stands_by: bool) -> None:
        self.stands_by = stands_by
        minutes = self._timing.silence.total_seconds() / 60
        if stands_by:
            _log.warning("Discord was not heard for %.0f min: other processes go on until it is heard again", minutes)
        else:
            _log.info("Discord is heard again")

    def _left(self) -> float:
        """For how many seconds what is held may still be held."""
        passed = max(each() - began for each, began in zip(self._clocks, self._began, strict=True))
        return (self._timing.lease - self._timing.margin).total_seconds() - passed

    def _is_over(self) -> bool:
        return self._left() <= 0
