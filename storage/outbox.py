"""The part of storage that delivers: the whole of `outbox_interfaces.DeliveryStorage`, a short transaction a call."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.deliveries import Claim, DeliveryState, Timing
from bot.domain.delivery_views import ChannelStanding, KnownDelivery, OutboxStanding, RestingChannel
from bot.domain.outages import Gap
from bot.domain.outcomes import Pause, Settlement
from bot.domain.shards import ALL, Shards
from bot.domain.whereabouts import Whereabouts
from bot.outbox_interfaces import ToTell
from storage import deliveries, delivery_lists, schedules, settling, subscriptions, whereabouts
from storage.database import Database
from storage.servers import get_server


class SqlDeliveries:
    """What is owed, in an SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin_deliveries(self, *, now: datetime) -> Gap | None:
        """Say that somebody sees to deliveries from now on; the newest time of late in which nobody did."""
        async with self._database.write() as connection:
            return await settling.noted_gap(connection, now=now)

    async def is_delivery_due(self, *, now: datetime) -> bool:
        """Whether something is owed by now, whoever may claim it when."""
        async with self._database.read() as connection:
            return await settling.is_any_due(connection, now=now)

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
        """Take up to so many messages that are due, so that nobody else does before their lease is over."""
        async with self._database.write_beside() as connection:
            await settling.note_seen(connection, now=now)
            return await deliveries.claim_deliveries(
                connection, now=now, lease=timing.lease, limit=limit, busy=busy, probes=probes, of=of
            )

    async def record_delivery(
        self, claim: Claim, settled: Settlement, *, now: datetime, timing: Timing
    ) -> Pause | None:
        """Write down what came of a claim, unless it was claimed anew since."""
        async with self._database.write_beside() as connection:
            return await settling.record_delivery(connection, claim, settled, now=now, timing=timing)

    async def expire_deliveries(self, *, now: datetime, limit: int) -> int:
        """End up to so many that nobody wants any more; how many."""
        async with self._database.write() as connection:
            return await settling.expire_deliveries(connection, now=now, limit=limit)

    async def list_deliveries(self, states: Collection[DeliveryState], *, limit: int) -> list[KnownDelivery]:
        """The newest deliveries in these states."""
        async with self._database.read() as connection:
            return await delivery_lists.list_deliveries(connection, states, limit=limit)

    async def channel_standing(self, channel_id: int) -> ChannelStanding:
        """What a channel got last, and what it gets next."""
        async with self._database.read() as connection:
            return await delivery_lists.channel_standing(connection, channel_id)

    async def outbox_standing(self) -> OutboxStanding:
        """How many deliveries there are in each state, and the channels that rest."""
        async with self._database.read() as connection:
            return await delivery_lists.outbox_standing(connection)

    async def list_resting(self, guild_id: int) -> list[RestingChannel]:
        """The channels of a server that nothing can be posted in for now."""
        async with self._database.read() as connection:
            return await delivery_lists.list_resting(connection, guild_id)

    async def whereabouts(self, paper_id: int, *, guild_id: int, topics: Sequence[int]) -> Whereabouts:
        """What is on record of a paper for these topics of a server."""
        async with self._database.read() as connection:
            return await whereabouts.whereabouts(connection, paper_id, guild_id=guild_id, topics=topics)

    async def retry_deliveries(self, ids: Sequence[int], *, now: datetime) -> int:
        """Owe these again unless they were sent; how many."""
        async with self._database.write() as connection:
            return await delivery_lists.retry_deliveries(connection, ids, now=now)

    async def reopen_channels(self, guild_id: int, *, now: datetime) -> int:
        """Try the server's channels that rest at once, and what is held for want of their history; how many."""
        async with self._database.write() as connection:
            return await delivery_lists.reopen_channels(connection, guild_id, now=now)

    async def end_deliveries(self, ids: Sequence[int], state: DeliveryState, *, now: datetime) -> int:
        """Hold or drop these, which are owed or held; how many."""
        async with self._database.write() as connection:
            return await delivery_lists.end_deliveries(connection, ids, state, now=now)

    async def note_told(self, channel_id: int, *, now: datetime) -> None:
        """Remember that somebody was told what is wrong with a channel, or that nobody can be."""
        async with self._database.write() as connection:
            await settling.note_told(connection, channel_id, now=now)

    async def whom_to_tell(self, channel_id: int, *, guild_id: int | None) -> ToTell:
        """Whom to tell what is wrong with a channel."""
        async with self._database.read() as connection:
            server = await get_server(connection, guild_id) if guild_id is not None else None
            person = await subscriptions.newest_follower(connection, channel_id)
            person = person or await schedules.newest_maker(connection, channel_id)
        return ToTell(log_channel_id=server.log_channel_id if server else None, person_id=person or None)
