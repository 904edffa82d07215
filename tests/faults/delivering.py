"""What the delivery's fault run sets up: a database, a pretend Discord, those who deliver, and what is done to them.

It tells in the end what became of everything that was owed, by what stands in the channels.
"""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TypeVar

from bot.domain.daily_messages import daily_heading
from bot.domain.deliveries import DeliveryKind, DeliveryState, daily_key, recap_key
from bot.domain.schedules import DailyPost
from bot.errors import OperatorError
from bot.fakediscord.layout import walk
from bot.fakediscord.permissions import Permission
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from storage import open_storage
from storage.sql import SqlStorage
from tests.delivery.courier import NONCE_SECONDS, compressed
from tests.delivery.owing import owed, post, recap
from tests.faults.databases import Disturbed, File, OnServer
from tests.faults.deliver_on import deliver_on
from tests.faults.digesting import Waiting, astray, hold, some_waiting, stock
from tests.faults.variants import Variant
from tests.processes import begun, stop

TIMES = 40.0
CHANNELS = 12
_CREATE = ("POST", "/channels/{channel_id}/messages")
_HISTORY = ("GET", "/channels/{channel_id}/messages")
_PIN = ("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
_FIRST = date(2026, 1, 1)
_OPEN = (DeliveryState.OWED, DeliveryState.HELD)
_RECORD = "SELECT key, substr(nonce, 1, 10), state, message_id FROM deliveries"

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a run did, and what became of what was owed."""

    kills: int
    stops: int
    outages: int
    restores: int
    restarts: int
    fallen: int
    """Processes that ended although nobody killed them."""
    owed: int
    lost: int
    doubled: int
    astray: int
    """Digests that do not bring exactly what waited for them."""
    untrue: int
    """Records that say anything else than what stands in the channel."""

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.astray or self.untrue or self.fallen)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.stops} stops, {self.outages} outages, {self.restores} restores, "
            f"{self.restarts} restarts, {self.fallen} fallen; {self.owed} deliveries: {self.lost} lost, "
            f"{self.doubled} doubled, {self.astray} digests astray, {self.untrue} records untrue"
        )


@dataclass(kw_only=True)
class Run:
    """One database, one pretend Discord, and those who deliver."""

    database: Disturbed
    processes: int
    """How many deliver at once."""
    discord: FakeDiscord
    channels: list[Channel]
    chance: random.Random
    variant: Variant
    daily: float
    """Which part of what is owed are papers of the day, and recaps of them."""
    digests: float
    """Which part are digests, which those who deliver make first."""
    storage: SqlStorage = field(init=False)
    papers: list[int] = field(default_factory=list)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    """What waits for digests, by their keys."""
    workers: list[ForkServerProcess] = field(default_factory=list)
    keys: dict[str, Channel] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    stopped: set[int] = field(default_factory=set)
    log: list[str] = field(default_factory=list)
    """What happened when, for whoever must understand what went wrong."""
    began: float = field(default_factory=time.time)

    def note(self, what: str) -> None:
        self.log.append(f"{time.time() - self.began:.2f} {what}")

    async def owe(self, number: int) -> None:
        """Owe so many more messages: papers and digests of topics, papers of the day and recaps."""
        for _ in range(number):
            channel, place = self.chance.choice(self.channels), len(self.keys)
            if self.chance.random() < self.digests:
                told = some_waiting(len(self.waiting) + 1, self.papers, self.chance)
                told = await patiently(partial(self._hold, told, channel))
                self.waiting[told.key], self.keys[told.key] = told, channel
                continue
            is_daily = self.chance.random() < self.daily
            key_of = recap_key if self.chance.random() < 0.2 else daily_key
            key = key_of(channel.id, _FIRST + timedelta(days=place)) if is_daily else f"topic:{place}:1"
            self.keys[key] = channel
        await patiently(partial(self.owe_all, list(self.keys)[-number:]))

    async def _hold(self, told: Waiting, channel: Channel) -> Waiting:
        async with self.storage.write() as transaction:
            return await hold(transaction, told, channel)

    async def owe_all(self, keys: list[str]) -> None:
        """Owe these, unless they were owed before; a date's row and its message are one commit, as when planned."""
        now = datetime.now(UTC)
        async with self.storage.write() as transaction:
            for key in keys:
                channel = self.keys[key]
                if key in self.waiting:
                    assert await hold(transaction, self.waiting[key], channel) == self.waiting[key]
                    continue
                if not key.startswith(DeliveryKind.DAILY):
                    shown = recap(1, 2) if key.startswith(DeliveryKind.RECAP) else post()
                    await transaction.add_deliveries([owed(channel, key, now=now, payload=shown.to_json())])
                    continue
                on = date.fromisoformat(key.rpartition(":")[2])
                row = DailyPost(channel_id=channel.id, on=on, guild_id=1, planned_at=now, paper_id=1)
                if await transaction.add_daily_posts([row]):
                    before = await self.storage.newest_daily_message(channel.id)
                    told = post(heading=daily_heading(on), is_pinned=True, unpinned=before, thread="Talk").to_json()
                    await transaction.add_deliveries(
                        [owed(channel, key, now=now, payload=told, kind=DeliveryKind.DAILY)]
                    )

    async def open_ones(self) -> int:
        """How many messages are owed, or are not made yet."""
        # In this order: what is made in between is counted twice rather than not at all.
        unmade = len(self.waiting) - len(await patiently(lambda: self.storage.keys_owed(list(self.waiting))))
        counts = (await patiently(self.storage.outbox_standing)).counts
        return sum(counts.get(each, 0) for each in _OPEN) + unmade

    def staff(self) -> None:
        """Start as many as are missing."""
        for each in [each for each in self.workers if each.exitcode is not None]:
            self.counts["fallen"] += 1
            self.note(f"{each.pid} ended with {each.exitcode}")
            self.workers.remove(each)
        while len(self.workers) < self.processes:
            told = (self.database.url, self.discord.api_url, self.discord.gateway_url, TIMES, self.variant)
            self.workers.append(begun(deliver_on, *told))

    def kill(self) -> None:
        """Kill one of them, or all at once as a power cut does."""
        living = [each for each in self.workers if each.exitcode is None and each.pid not in self.stopped]
        some = living if self.chance.random() < 0.1 else self.chance.sample(living, min(1, len(living)))
        for each in some:
            each.kill()
            self.counts["kills"] += 1
            self.note(f"killed {each.pid}")
        self.workers = [each for each in self.workers if each not in some]

    async def pause_one(self) -> None:
        """Stop one until its lease is over, but not for longer than Discord knows a nonce after that."""
        living = [each for each in self.workers if each.exitcode is None and each.pid not in self.stopped]
        if not living:
            return
        timing, pid = compressed(TIMES), int(self.chance.choice(living).pid or 0)
        longest = timing.lease + timing.nonce_lasts / 2
        self.counts["stops"] += 1
        self.stopped.add(pid)
        self.note(f"stopped {pid}")
        try:
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(self.chance.uniform(timing.lease.total_seconds(), longest.total_seconds()))
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            self.stopped.discard(pid)
            self.note(f"let go {pid}")

    async def outage(self) -> None:
        """Discord goes away for longer than it knows a nonce; what it did first may have its effect."""
        self.counts["outages"] += 1
        self.note(f"away for {NONCE_SECONDS / TIMES * 1.2:.1f} s")
        status, after = self.chance.choice((None, 503)), self.chance.random() < 0.7
        for route, effect in ((_CREATE, after), (_HISTORY, False)):
            self.discord.faults.next(*route, status=status, cut=status is None, after_effect=effect, times=100_000)
        for _ in range(3):
            await asyncio.sleep(NONCE_SECONDS / TIMES * 0.4)
            self.kill()
            self.staff()
        self.discord.faults.clear()

    def trouble(self) -> None:
        """The next request or two meet something."""
        after = self.chance.random() < 0.6
        late = compressed(TIMES).send_within.total_seconds() * self.chance.uniform(0.5, 2.5)
        what = self.chance.choice(
            ({"cut": True}, {"status": 503}, {"delay": late}, {"status": 429, "retry_after": 0.1})
        )
        route = self.chance.choices((_CREATE, _HISTORY, _PIN), (75, 15, 10))[0]
        after = after and what.get("status") != 429
        self.discord.faults.next(*route, **what, after_effect=after, times=self.chance.randint(1, 2))

    async def restore(self, backup: Path) -> None:
        """Everybody is killed, and the backup put in place; what was owed since becomes owed anew."""
        for each in self.workers:
            stop(each)
        self.workers = []
        await self.storage.close()
        assert isinstance(self.database, File)
        self.database.restore(backup)
        self.storage = await open_storage(self.database.url)
        await self.owe_all(list(self.keys))
        self.counts["restores"] += 1
        self.note("restored")

    def back_up(self, backup: Path) -> None:
        assert isinstance(self.database, File)
        self.database.back_up(backup)
        self.note("backed up")

    async def restart(self) -> None:
        """The server of the database falls and stands again, while everybody goes on."""
        assert isinstance(self.database, OnServer)
        self.counts["restarts"] += 1
        self.note("the server falls")
        await asyncio.to_thread(self.database.restart)
        self.note("the server stands again")

    async def drain(self, within: float) -> None:
        """Let those who live deliver what is left."""
        self.discord.faults.clear()
        deadline = time.monotonic() + within
        while await self.open_ones() and time.monotonic() < deadline:
            self.staff()
            await asyncio.sleep(0.05)

    def posted(self) -> dict[str, list[int]]:
        """The messages that bear each marker."""
        found: dict[str, list[int]] = {}
        for channel in self.channels:
            for message in channel.messages.values():
                ids = [str(each.get("custom_id", "")) for each in walk(message.components)]
                for mark in {each.rpartition("@")[2] for each in ids if "@" in each}:
                    found.setdefault(mark, []).append(message.id)
        return found

    def explain(self, key: str, mark: str) -> None:
        """Say when the messages of a key were made, and what was done to it by then."""
        made = [
            f"{message.created_at - self.began:.2f}"
            for message in self.keys[key].messages.values()
            if any(mark in str(each.get("custom_id")) for each in walk(message.components))
        ]
        self.log.append(f"{key}: messages made at {made}")

    async def verdict(self) -> Told:
        posted = self.posted()
        record = {key: told for key, *told in await self.database.fetch(_RECORD)}
        made = {key: posted.get(record[key][0], []) if key in record else [] for key in self.keys}
        for key, messages in made.items():
            mark, *told = record.get(key, ["nothing"])
            if len(messages) != 1:
                self.explain(key, mark)
                self.log.append(f"{key}: recorded as {told}")
            elif told != [DeliveryState.SENT, messages[0]]:
                self.counts["untrue"] += 1
                self.log.append(f"{key}: recorded as {told}, message {messages[0]}")
        times = [len(each) for each in made.values()]
        wrong = await astray(self.database, self.waiting)
        self.log += wrong
        return Told(
            kills=self.counts["kills"],
            stops=self.counts["stops"],
            outages=self.counts["outages"],
            restores=self.counts["restores"],
            restarts=self.counts["restarts"],
            fallen=self.counts["fallen"],
            owed=len(times),
            lost=times.count(0),
            doubled=sum(each > 1 for each in times),
            astray=len(wrong),
            untrue=self.counts["untrue"],
        )


async def patiently(work: Callable[[], Awaitable[Result]]) -> Result:
    """The work's result, also where a server falls meanwhile: what is done twice must be the same as done once."""
    while True:
        with suppress(OperatorError):
            return await work()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def stage(
    database: Disturbed, chance: random.Random, variant: Variant, *, processes: int, daily: float, digests: float
) -> AsyncIterator[Run]:
    """A run, ready to begin; every process that it started is gone when the block ends."""
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        guilds = [discord.add_guild(f"Guild {each}") for each in range(3)]
        channels = [discord.add_channel(guilds[each % 3], f"papers-{each}") for each in range(CHANNELS)]
        for guild in guilds:
            discord.set_permissions(guild, guild.everyone, guild.everyone.permissions | Permission.PIN_MESSAGES)
        run = Run(
            database=database,
            processes=processes,
            discord=discord,
            channels=channels,
            chance=chance,
            variant=variant,
            daily=daily,
            digests=digests,
        )
        run.storage = await open_storage(database.url)
        run.papers = await stock(run.storage)
        try:
            yield run
        finally:
            for each in run.workers:
                stop(each)
            await run.storage.close()
