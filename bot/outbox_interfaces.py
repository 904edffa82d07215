"""The contracts of delivery: who remembers what is owed, and who sends it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.deliveries import Claim, DeliveryState, Timing
from bot.domain.delivery_views import ChannelStanding, KnownDelivery, OutboxStanding, RestingChannel
from bot.domain.invalid_answers import Allowance
from bot.domain.outages import Gap
from bot.domain.outcomes import Outcome, Pause, Settlement
from bot.domain.shards import ALL, Shards
from bot.domain.whereabouts import Whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """Who hears of what is wrong with a channel: its server, else the person who last set something up for it."""

    log_channel_id: int | None
    person_id: int | None


class DeliveryStorage(Protocol):
    """Remembers what is owed. Every change is one short transaction, and kept when the call returns."""

    async def begin_deliveries(self, *, now: datetime) -> Gap | None:
        """Say that somebody sees to deliveries from now on; the newest time of late in which nobody did."""
        ...

    async def is_delivery_due(self, *, now: datetime) -> bool:
        """Whether something is owed by now, whoever may claim it when."""
        ...

    async def claim_deliveries(
        self,
        *,
        now: datetime,
        timing: Timing,
        limit: int,
        busy: Collection[int] = (),
        probes: bool = True,
        of: Shards = ALL,
    ) -> list[Claim]:
        """Take up to so many messages that are due, so that nobody else does before their lease is over.

        For servers of these shards alone, one a channel, none in the channels that are `busy`; the servers take turns,
        and each channel's messages go in the order in which they became owed, but for one that waits to be tried again.
        Without `probes` no channel that rests is tried.
        """
        ...

    async def record_delivery(
        self, claim: Claim, settled: Settlement, *, now: datetime, timing: Timing
    ) -> Pause | None:
        """Write down what came of a claim, unless it was claimed anew since.

        The channel's pause, where somebody is to be told of it: each time it closes, until `note_told`.
        """
        ...

    async def expire_deliveries(self, *, now: datetime, limit: int) -> int:
        """End up to so many that nobody wants any more; how many."""
        ...

    async def list_deliveries(self, states: Collection[DeliveryState], *, limit: int) -> list[KnownDelivery]:
        """The newest deliveries in these states."""
        ...

    async def channel_standing(self, channel_id: int) -> ChannelStanding:
        """What a channel got last, and what it gets next."""
        ...

    async def outbox_standing(self) -> OutboxStanding:
        """How many deliveries there are in each state, and the channels that rest."""
        ...

    async def list_resting(self, guild_id: int) -> list[RestingChannel]:
        """The channels of a server that nothing can be posted in for now."""
        ...

    async def whereabouts(self, paper_id: int, *, guild_id: int, topics: Sequence[int]) -> Whereabouts:
        """What is on record of a paper for these topics of a server, and of no other server."""
        ...

    async def retry_deliveries(self, ids: Sequence[int], *, now: datetime) -> int:
        """Owe these again unless they were sent; how many.

        One that was held is looked for first, and sent also where that cannot be.
        """
        ...

    async def reopen_channels(self, guild_id: int, *, now: datetime) -> int:
        """Try the server's channels that rest at once, and what is held for want of their history; how many."""
        ...

    async def end_deliveries(self, ids: Sequence[int], state: DeliveryState, *, now: datetime) -> int:
        """Hold or drop these, which are owed or held; how many."""
        ...

    async def note_told(self, channel_id: int, *, now: datetime) -> None:
        """Remember that somebody was told what is wrong with a channel, or that nobody can be."""
        ...

    async def whom_to_tell(self, channel_id: int, *, guild_id: int | None) -> ToTell:
        """Whom to tell what is wrong with a channel."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Which messages of ours stand in a channel, by their markers."""

    messages: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The history cannot be read, or not as far back as it had to be."""


class Sender(Protocol):
    """Sends messages. Never raises for what Discord says or does; each call may take as long as it likes."""

    async def look(self, claim: Claim, *, since: datetime) -> Found | Unreadable | Outcome:
        """Read which messages of ours were posted in the channel since then."""
        ...

    async def send(self, claim: Claim, *, found: int | None = None, not_after: datetime) -> Outcome:
        """Post the message under its nonce and do what belongs to it; only the latter where it was `found`.

        Nothing is posted that could not be under way by `not_after`.
        """
        ...

    async def tell(self, whom: ToTell, claim: Claim, pause: Pause) -> None:
        """Tell the first of these that can be reached why nothing can be posted in this channel."""
        ...

    def allowance(self, now: datetime) -> Allowance:
        """What may still be asked of Discord, by how much it refused lately."""
        ...
