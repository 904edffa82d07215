"""Delivers what is owed: claims it, has it attempted, and records what came of that, until told to stop.

It holds no transaction open while anything is sent, and knows nothing of Discord but what a `Sender` tells.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.domain.deliveries import Claim, Timing
from bot.domain.invalid_answers import Allowance
from bot.domain.outcomes import Ambiguous, Delivered, Outcome, Pause, Settlement, Unauthorised, Untried, settle
from bot.domain.shards import ALL, Shards
from bot.errors import OperatorError
from bot.outbox_interfaces import DeliveryStorage, Sender
from bot.services.attempts import Attempts
from bot.services.pacing import Pacer
from bot.services.planning import always

_log = logging.getLogger(__name__)

EX_CONFIG = 78
_SWEEP_EVERY = timedelta(minutes=1)
_SWEPT_AT_ONCE = 1_000
"""Deliveries that are ended in one transaction."""
_CLOCK_AGAIN = 60.0
"""Seconds until a clock that was wrong is looked at again."""
_SEEN_EVERY = timedelta(seconds=20)
"""How often it says that it is there, when nothing is owed: less than what counts as an outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is done at once, and how fast."""

    per_second: float = 47.0
    """Requests, of the 50 that Discord allows a bot."""
    per_channel: float = 1.3
    """Seconds from one message in a channel to the next: it allows five in five."""
    at_once: int = 40
    idle: float = 1.0
    """Seconds until it looks again whether something is owed: another process may have added it."""
    stop_within: float = 7.0


_WAITING = (logging.ERROR, "deliveries wait: Discord refuses too much of what is asked of it, or asks for patience")
_GOING_ON = (logging.WARNING, "deliveries go on")


class Outbox:
    """The one who delivers in this process. Several processes may, on one database."""

    def __init__(
        self,
        storage: DeliveryStorage,
        sender: Sender,
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        timing: Timing | None = None,
        pace: Pace | None = None,
        at_hand: Callable[[], Shards] = lambda: ALL,
        is_time_right: Callable[[], Awaitable[bool]] = always,
    ) -> None:
        """With a clock that is wrong nothing is claimed or ended: by it, messages may be long out of date.

        `at_hand` are the shards of servers that the sender knows now: to them alone is delivered, and as much faster
        as they are more of all: what Discord allows a bot it allows all its processes together.
        """
        self._storage = storage
        self._sender = sender
        self._clock = clock
        self._chance = chance
        self._timing = timing or Timing()
        self._pace = pace or Pace()
        self._at_hand = at_hand
        self._is_time_right = is_time_right
        self._pacer = Pacer(self._pace.per_second)
        self._attempts = Attempts(
            sender, self._pacer, clock=clock, timing=self._timing, is_stopping=lambda: self._is_over
        )
        self._stopping = asyncio.Event()
        self._landed = asyncio.Event()
        self._flying: set[asyncio.Task[None]] = set()
        self._refused = self._waits = False
        self._free_at: dict[int, float] = {}
        self._seen_at = self._swept_at = clock()

    def stop(self) -> None:
        """Claim nothing any more; `run` ends when what is under way is done."""
        self._stopping.set()
        self._landed.set()

    async def run(self) -> None:
        """Deliver until stopped. Raises OperatorError where Discord refuses the token."""
        try:
            self._attempts.reckon_with(await self._storage.begin_deliveries(now=self._clock()))
            while not self._is_over:
                if not await self._guarded(self._round):
                    await self._wait(self._pace.idle)
            if self._flying:
                await asyncio.wait(self._flying, timeout=self._pace.stop_within)
        finally:
            await self._abandon()
        if self._refused:
            raise OperatorError(
                "Discord refuses the token now. Copy a new one from the Developer Portal and set it.",
                exit_code=EX_CONFIG,
            )

    @property
    def _is_over(self) -> bool:
        return self._stopping.is_set() or self._refused

    async def _guarded(self, work: Callable[[], Awaitable[bool]]) -> bool:
        """The work's result; False, and a line in the log, where the database fails it."""
        try:
            return await work()
        except OperatorError as error:
            _log.warning("deliveries wait: %s", error)
            return False

    async def _round(self) -> bool:
        """Claim what there is room for and let it fly; whether there may be more at once."""
        if not await self._is_time_right():
            await self._wait(_CLOCK_AGAIN)
            return False
        now, shards = self._clock(), self._at_hand()
        await self._sweep(now)
        if not shards.ids:
            return False
        self._pacer.keep_to(self._pace.per_second * len(shards.ids) / shards.count)
        room = self._pace.at_once - len(self._flying)
        if room * 2 < self._pace.at_once:
            await self._wait(self._pace.idle)
            return True
        allowance = self._sender.allowance(now)
        if (waits := allowance is Allowance.NOTHING) != self._waits:
            self._waits = waits
            _log.log(*_WAITING if waits else _GOING_ON)
        if waits:
            return False
        if now - self._seen_at < _SEEN_EVERY and not await self._storage.is_delivery_due(now=now):
            return False
        self._seen_at = now
        claims = await self._storage.claim_deliveries(
            now=now,
            timing=self._timing,
            limit=room,
            busy=self._busy(),
            probes=allowance < Allowance.ESSENTIAL,
            of=shards,
        )
        for claim in claims:
            self._begin(claim)
        return bool(claims)

    async def _sweep(self, now: datetime) -> None:
        if now - self._swept_at >= _SWEEP_EVERY:
            ended = await self._storage.expire_deliveries(now=now, limit=_SWEPT_AT_ONCE)
            if ended < _SWEPT_AT_ONCE:  # else there may be more, after what is due meanwhile
                self._swept_at = now
            if ended:
                _log.warning("deliveries expired count=%d", ended)

    def _busy(self) -> list[int]:
        """The channels in which a message was posted a moment ago."""
        now = asyncio.get_running_loop().time()
        self._free_at = {channel: at for channel, at in self._free_at.items() if at > now}
        return list(self._free_at)

    async def _wait(self, seconds: float) -> None:
        """Until something has landed, or it is to stop, or so many seconds are over."""
        self._landed.clear()
        if self._stopping.is_set():
            return
        try:
            async with asyncio.timeout(seconds):
                await self._landed.wait()
        except TimeoutError:
            return

    def _begin(self, claim: Claim) -> None:
        task = asyncio.create_task(self._fly(claim), name=f"delivers {claim.key}")
        self._flying.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._landed.set()
        if not task.cancelled() and (error := task.exception()):
            _log.error("fault in a delivery task=%s", task.get_name(), exc_info=error)

    async def _abandon(self) -> None:
        """Stop what is still under way: its lease runs out, and whoever claims it next looks for it."""
        flying = set(self._flying)
        for task in flying:
            task.cancel()
        if flying:
            _log.warning("deliveries abandoned count=%d", len(flying))
            await asyncio.wait(flying)

    async def _fly(self, claim: Claim) -> None:
        """One attempt, from its claim to its record."""
        try:
            outcome = await self._attempts.attempt(claim)
        except Exception as error:
            _log.error("fault in a delivery key=%s", claim.key, exc_info=True)
            outcome = Ambiguous(reason=f"fault: {type(error).__name__}")
        now = self._clock()
        self._free_at[claim.channel_id] = asyncio.get_running_loop().time() + self._pace.per_channel
        if isinstance(outcome, Unauthorised):
            self._refused = True
        settled = settle(claim, outcome, now, self._timing, chance=self._chance())
        try:
            pause = await self._record(claim, settled, now)
        except OperatorError as error:
            _log.warning("delivery not recorded key=%s error=%s", claim.key, error)
            return
        _tell(claim, outcome)
        if pause and self._sender.allowance(now) < Allowance.ESSENTIAL:  # else with the next attempt
            await self._guarded(partial(self._notify, claim, pause))

    async def _record(self, claim: Claim, settled: Settlement, now: datetime) -> Pause | None:
        """Write it down, again and again where the database is away for a moment: else the channel would wait until the
        lease is over. Raises OperatorError.
        """
        given_up_at = now + self._timing.lease / 4
        while True:
            try:
                return await self._storage.record_delivery(claim, settled, now=now, timing=self._timing)
            except OperatorError:
                if self._is_over or self._clock() > given_up_at:
                    raise
            await asyncio.sleep(self._pace.idle)

    async def _notify(self, claim: Claim, pause: Pause) -> bool:
        """Have somebody told why the channel rests, and remember it only then: this may be cut off anywhere."""
        whom = await self._storage.whom_to_tell(claim.channel_id, guild_id=claim.guild_id)
        await self._sender.tell(whom, claim, pause)
        await self._storage.note_told(claim.channel_id, now=self._clock())
        return True


def _tell(claim: Claim, outcome: Outcome) -> None:
    """One line for the log: a warning for what is no message in the end, or not yet."""
    level = logging.INFO if isinstance(outcome, Delivered | Untried) else logging.WARNING
    name = type(outcome).__name__.lower()
    _log.log(
        level,
        "delivery outcome=%s key=%s part=%d channel=%d attempts=%d reason=%r",
        name,
        claim.key,
        claim.part,
        claim.channel_id,
        claim.attempts,
        getattr(outcome, "reason", None) or getattr(outcome, "note", None),
    )
