"""One attempt at a delivery: looks for the message where it may be there already, and sends it where it is not."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.domain.deliveries import Claim, Step, Timing, first_step, look_since, nonce_protects, outlasts
from bot.domain.outages import Gap
from bot.domain.outcomes import Expired, Outcome, Unsure, Untried
from bot.outbox_interfaces import Found, Sender, Unreadable
from bot.services.pacing import Pacer


class Attempts:
    """Attempts deliveries that were claimed; what came of them, others write down."""

    def __init__(
        self,
        sender: Sender,
        pacer: Pacer,
        *,
        clock: Callable[[], datetime],
        timing: Timing,
        is_stopping: Callable[[], bool],
    ) -> None:
        self._gap: Gap | None = None
        self._known_from: datetime | None = None
        self._sender = sender
        self._pacer = pacer
        self._clock = clock
        self._timing = timing
        self._is_stopping = is_stopping
        self._stood: dict[int, Mapping[str, int]] = {}
        """What others had posted in each channel before, by their markers: read once, when all of it had arrived."""

    def reckon_with(self, gap: Gap | None) -> None:
        """Begin: `gap` is a time of late of which this database may not know what was posted in it; None where all is
        new. A backup put in place of the database ends whoever attempts, so what becomes due from now on is known.
        """
        self._gap = gap
        self._known_from = self._clock() + (self._timing.slack if gap else timedelta())

    async def attempt(self, claim: Claim) -> Outcome:
        """Send what was claimed, once, whatever has been tried before."""
        step = first_step(claim, self._clock(), self._timing, known_from=self._known_from)
        if step is Step.EXPIRE:
            return Expired()
        looked = await self._look(claim, step)
        if not isinstance(looked, Found | Unreadable):
            return looked
        found = looked.messages.get(claim.marker) if isinstance(looked, Found) else None
        if found is None and step is Step.LOOK_ONLY:
            return Expired()
        return await self._send(claim, looked, found)

    async def _look(self, claim: Claim, step: Step) -> Found | Unreadable | Outcome:
        """What stands in the channel, where this message may be there already."""
        own = look_since(claim, self._timing)
        stood = {} if self._gap is None else self._stood.get(claim.channel_id)
        if stood is None and self._gap is not None:
            began = self._clock()
            looked = await self._read(claim, min(own, self._gap.began_at - self._timing.slack))
            if not isinstance(looked, Unreadable | Found):
                return looked
            stood = looked.messages if isinstance(looked, Found) else {}
            if began - self._gap.ended_at > self._timing.nonce_lasts:  # what others sent has arrived by now
                self._stood[claim.channel_id] = stood
            if isinstance(looked, Found):
                return looked
        if step is Step.SEND:
            return Found(messages=stood or {})
        looked = await self._read(claim, own)
        return Found(messages={**(stood or {}), **looked.messages}) if isinstance(looked, Found) else looked

    async def _read(self, claim: Claim, since: datetime) -> Found | Unreadable | Outcome:
        async with self._pacer.turn():
            return await self._sender.look(claim, since=since)

    async def _send(self, claim: Claim, looked: Found | Unreadable, found: int | None) -> Outcome:
        async with self._pacer.turn():
            now = self._clock()
            if found is None:
                if isinstance(looked, Unreadable) and not nonce_protects(claim, now, self._timing):
                    return Unsure()
                if self._is_stopping():
                    return Untried(reason="stopping")
                if not outlasts(claim, now, self._timing):
                    return Untried(reason="its lease was nearly over")
            return await self._sender.send(claim, found=found, not_after=claim.lease_until - self._timing.send_within)
