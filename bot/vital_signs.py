"""How the running bot is: whether it may be relied on, and numbers about all it does. Reads, and changes nothing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.client import PaperboyClient
from bot.domain.delivery_views import OutboxStanding
from bot.domain.findings import LEAST_FREE, size_words
from bot.domain.shards import Shards, ranges
from bot.errors import OperatorError
from bot.interfaces import Storage
from bot.services.checkup import last_answer
from bot.services.holding import Holding
from bot.services.ledger import Ledger
from bot.upkeep_interfaces import DatabaseState, Upkeep

_BEAT = 0.5
"""Seconds between two looks at how late the event loop is."""
_LONGEST = 5.0
"""Seconds that the database may take to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSign:
    """How one feed is."""

    source: str
    feed: str
    is_well: bool
    last_answer_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How the bot is at one moment."""

    troubles: Sequence[str]
    """Why it is not ready, a sentence each; none where it is."""
    is_connected: bool
    shards: Shards
    """Those that it runs."""
    servers: int
    latency: timedelta | None
    refusals: int
    clock_off: timedelta | None
    loop_lag: timedelta
    """The longest since the last look."""
    database: DatabaseState | None
    papers: int | None
    outbox: OutboxStanding | None
    feeds: Sequence[FeedSign]
    backup_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What is looked at, once it is there."""

    client: PaperboyClient
    holding: Holding
    storage: Storage
    ledger: Ledger
    tasks: Mapping[str, "asyncio.Task[None]"]
    """Those that must not end, by names for people."""


class VitalSigns:
    """Looks at the running bot on request; before it runs, it is not ready."""

    def __init__(self, upkeep: Upkeep, clock: Callable[[], datetime], *, backups: Path | None = None) -> None:
        self._upkeep = upkeep
        self._clock = clock
        self._backups = backups
        self._lag = 0.0
        self.running: Running | None = None

    async def beat(self) -> None:
        """Measure how late the event loop is, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(_BEAT)
            self._lag = max(self._lag, loop.time() - before - _BEAT)

    def dead(self) -> list[str]:
        """Which of the tasks that must not end have ended; a bot that has one must be started again."""
        running = self.running
        return [] if running is None else [name for name, task in running.tasks.items() if task.done()]

    async def signs(self) -> Signs:
        """How it is now. Never raises for what is wrong."""
        now, running = self._clock(), self.running
        lag, self._lag = self._lag, 0.0
        database = await self._measured()
        client = running.client if running else None
        outbox, papers, feeds, unreadable = await self._kept(running)
        return Signs(
            troubles=[*self._troubles(running, database), *unreadable],
            is_connected=client is not None and client.is_connected,
            shards=_shards(running),
            servers=len(client.guilds) if client else 0,
            latency=client.connections.round_trip if client else None,
            refusals=client.watch.invalid.count(now) if client else 0,
            clock_off=client.watch.time.off(now) if client else None,
            loop_lag=timedelta(seconds=lag),
            database=database,
            papers=papers,
            outbox=outbox,
            feeds=feeds,
            backup_at=await self._upkeep.newest_backup(self._backups),
            now=now,
        )

    async def _measured(self) -> DatabaseState | None:
        try:
            return await self._upkeep.measure()
        except OperatorError:
            return None

    async def _kept(
        self, running: Running | None
    ) -> tuple[OutboxStanding | None, int | None, list[FeedSign], list[str]]:
        """What the database holds; a sentence where it cannot be read."""
        if running is None:
            return None, None, [], []
        try:
            async with asyncio.timeout(_LONGEST):
                outbox = await running.storage.outbox_standing()
                papers = await running.storage.count_papers()
                standings = await running.ledger.standings()
        except (OperatorError, RuntimeError, TimeoutError) as error:
            return None, None, [], [f"the database cannot be read: {str(error) or 'it does not answer'}"]
        feeds = [
            FeedSign(
                source=each.source,
                feed=each.feed,
                is_well=not each.is_troubled,
                last_answer_at=last_answer(each.days),
            )
            for each in standings
        ]
        return outbox, papers, feeds, []

    def _troubles(self, running: Running | None, database: DatabaseState | None) -> list[str]:
        if running is None:
            return ["it is starting: Discord has not said yet that it is connected"]
        told = [f"its {each} have ended" for each in self.dead()]
        if not running.client.is_connected:
            told.append("it is not connected to Discord" + _how_far(running))
        if denied := running.holding.denied:
            told.append(f"another process runs shards {ranges(denied)}, which it was told to run")
        if running.holding.stands_by:
            told.append("it cannot hear Discord, and other processes go on with what it did")
        if running.holding.is_out_of_touch:
            told.append("it runs nothing, for it cannot say so in the database")
        if running.client.watch.time.wrong_by() is not None:
            told.append("the clock is wrong by over two minutes")
        if database is None or database.free is None or database.free >= LEAST_FREE:
            return told
        return [*told, f"only {size_words(database.free)} are free where the database is"]


def _shards(running: Running | None) -> Shards:
    if running is None:
        return Shards(ids=frozenset(), count=1)
    return Shards(ids=running.holding.shards, count=running.holding.count)


def _how_far(running: Running) -> str:
    """Of how many shards it is connected for how many, where they are several."""
    connections = running.client.connections
    if len(connections.joined) <= 1:
        return ""
    return f" on {len(connections.joined - connections.connected):,} of its {len(connections.joined):,} shards"
