"""Kills those who deliver: `python -m tests.faults.delivery --kills 3000`.

Several real processes deliver from one database through the pretend Discord, which cuts, refuses, delays and goes away
for longer than it knows a nonce. They are killed with `SIGKILL`, often at the moment at which a message is made, or
stopped until their leases are over; now and then an old backup is put in place of the database. In the end every
message must be there once. Time runs shorter than in earnest, every length of it alike. `--variant` takes a wrong order
of work, which must be caught. They make the digests as well, and each must bring exactly what was held back for it.
Exit code 1: something is lost, doubled or astray.
"""

import argparse
import asyncio
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.domain.daily_messages import daily_heading
from bot.domain.deliveries import DeliveryKind, DeliveryState, daily_key, recap_key
from bot.domain.schedules import DailyPost
from bot.fakediscord.layout import walk
from bot.fakediscord.permissions import Permission
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from storage import open_storage
from storage.sql import SqlStorage
from tests.delivery.courier import NONCE_SECONDS, compressed
from tests.delivery.owing import owed, post, recap
from tests.faults.deliver_on import deliver_on
from tests.faults.digesting import Waiting, astray, hold, some_waiting, stock
from tests.faults.variants import Variant
from tests.processes import begun, stop

TIMES = 40.0
WORKERS = 3
CHANNELS = 12
_CREATE = ("POST", "/channels/{channel_id}/messages")
_HISTORY = ("GET", "/channels/{channel_id}/messages")
_PIN = ("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
_FIRST = date(2026, 1, 1)
_OPEN = (DeliveryState.OWED, DeliveryState.HELD)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a run did, and what became of what was owed."""

    kills: int
    stops: int
    outages: int
    restores: int
    owed: int
    lost: int
    doubled: int
    astray: int
    """Digests that do not bring exactly what waited for them."""

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.stops} stops, {self.outages} outages, {self.restores} restores; "
            f"{self.owed} deliveries: {self.lost} lost, {self.doubled} doubled, {self.astray} digests astray"
        )


@dataclass(kw_only=True)
class Run:
    """One database, one pretend Discord, and those who deliver."""

    database: Path
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

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    async def owe(self, number: int) -> None:
        """Owe so many more messages: papers and digests of topics, papers of the day and recaps."""
        for _ in range(number):
            channel, place = self.chance.choice(self.channels), len(self.keys)
            if self.chance.random() < self.digests:
                told = some_waiting(len(self.waiting) + 1, self.papers, self.chance)
                self.waiting[told.key], self.keys[told.key] = told, channel
                continue
            is_daily = self.chance.random() < self.daily
            key_of = recap_key if self.chance.random() < 0.2 else daily_key
            key = key_of(channel.id, _FIRST + timedelta(days=place)) if is_daily else f"topic:{place}:1"
            self.keys[key] = channel
        await self.owe_all(list(self.keys)[-number:])

    async def owe_all(self, keys: list[str]) -> None:
        """Owe these, unless they were owed before; a date's row and its message are one commit, as when planned."""
        now = datetime.now(UTC)
        async with self.storage.write() as transaction:
            for key in keys:
                channel = self.keys[key]
                if key in self.waiting:
                    await hold(transaction, self.waiting[key], channel)
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
        counts = (await self.storage.outbox_standing()).counts
        unmade = len(self.waiting) - len(await self.storage.keys_owed(list(self.waiting)))
        return sum(counts.get(each, 0) for each in _OPEN) + unmade

    def staff(self) -> None:
        """Start as many as are missing."""
        self.workers = [each for each in self.workers if each.exitcode is None]
        while len(self.workers) < WORKERS:
            told = (self.url, self.discord.api_url, self.discord.gateway_url, TIMES, self.variant)
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
        for suffix in ("-wal", "-shm"):
            Path(f"{self.database}{suffix}").unlink(missing_ok=True)
        self.database.write_bytes(backup.read_bytes())
        self.storage = await open_storage(self.url)
        await self.owe_all(list(self.keys))
        self.counts["restores"] += 1
        self.note("restored")

    def back_up(self, backup: Path) -> None:
        backup.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.database)) as source, closing(sqlite3.connect(backup)) as target:
            source.backup(target)
        self.note("backed up")

    async def drain(self, within: float) -> None:
        """Let those who live deliver what is left."""
        self.discord.faults.clear()
        deadline = time.monotonic() + within
        while await self.open_ones() and time.monotonic() < deadline:
            self.staff()
            await asyncio.sleep(0.05)

    def posted(self) -> Counter[str]:
        """How often each marker stands in a channel."""
        found: Counter[str] = Counter()
        for channel in self.channels:
            for message in channel.messages.values():
                ids = [str(each.get("custom_id", "")) for each in walk(message.components)]
                found.update({each.rpartition("@")[2] for each in ids if "@" in each})
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
        with closing(sqlite3.connect(self.database)) as connection:
            nonces = dict(connection.execute("SELECT key, substr(nonce, 1, 10) FROM deliveries").fetchall())
        times = [posted[nonces[key]] if key in nonces else 0 for key in self.keys]
        for key, often in zip(self.keys, times, strict=True):
            if often != 1:
                self.explain(key, nonces.get(key, "nothing"))
        wrong = astray(self.database, self.waiting)
        self.log += wrong
        return Told(
            kills=self.counts["kills"],
            stops=self.counts["stops"],
            outages=self.counts["outages"],
            restores=self.counts["restores"],
            owed=len(times),
            lost=times.count(0),
            doubled=sum(each > 1 for each in times),
            astray=len(wrong),
        )


@asynccontextmanager
async def stage(
    folder: Path, chance: random.Random, variant: Variant, daily: float, digests: float
) -> AsyncIterator[Run]:
    """A run, ready to begin; every process that it started is gone when the block ends."""
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        guilds = [discord.add_guild(f"Guild {each}") for each in range(3)]
        channels = [discord.add_channel(guilds[each % 3], f"papers-{each}") for each in range(CHANNELS)]
        for guild in guilds:
            discord.set_permissions(guild, guild.everyone, guild.everyone.permissions | Permission.PIN_MESSAGES)
        run = Run(
            database=folder / "papers.db",
            discord=discord,
            channels=channels,
            chance=chance,
            variant=variant,
            daily=daily,
            digests=digests,
        )
        run.storage = await open_storage(run.url)
        run.papers = await stock(run.storage)
        try:
            yield run
        finally:
            for each in run.workers:
                stop(each)
            await run.storage.close()


async def run(
    folder: Path,
    kills: int,
    *,
    seed: int = 1,
    variant: Variant = Variant.REAL,
    restores: bool = True,
    daily: float = 0.4,
    digests: float = 0.2,
    longest: float = float("inf"),
    tell: Callable[[str], object] = print,
) -> Told:
    """Disturb deliveries until so many processes have been killed, or so many seconds are over."""
    chance = random.Random(seed)
    began = time.monotonic()
    async with stage(folder, chance, variant, daily, digests) as one:
        disturbing = asyncio.create_task(_kill_at_messages(one, kills), name="kills at messages")
        aside: set[asyncio.Task[None]] = set()
        backup = folder / "backup.db"
        try:
            while one.counts["kills"] < kills and time.monotonic() - began < longest:
                one.staff()
                if await one.open_ones() < 2 * CHANNELS:
                    await one.owe(CHANNELS)
                await asyncio.sleep(chance.uniform(0.05, 0.2))
                await _disturb(one, aside, backup, restores=restores)
        finally:
            disturbing.cancel()
            for task in aside:
                task.cancel()
            await asyncio.wait({disturbing, *aside})
        await one.drain(40)
        told = await one.verdict()
        if variant is Variant.REAL and (told.lost or told.doubled or told.astray):
            tell("\n".join(one.log))
        tell(f"{variant}: {told} in {time.monotonic() - began:.0f} s")
        return told


async def _disturb(one: Run, aside: "set[asyncio.Task[None]]", backup: Path, *, restores: bool) -> None:
    dice = one.chance.random()
    if dice < 0.45:
        one.trouble()
    elif dice < 0.62:
        one.kill()
    elif dice < 0.68 and not one.stopped:
        aside.add(asyncio.create_task(one.pause_one(), name="stops one"))
    elif dice < 0.69:
        await one.outage()
    elif dice < 0.75 and restores and not one.stopped:
        if backup.exists() and one.chance.random() < 0.5:
            await one.restore(backup)
            backup.unlink()
        else:
            one.back_up(backup)
    aside -= {each for each in aside if each.done()}


async def _kill_at_messages(one: Run, kills: int) -> None:
    """Kill somebody at the very moment at which a message has been made, and its maker does not know yet."""
    with one.discord.watched() as happenings:
        while one.counts["kills"] < kills:
            happening = await happenings.get()
            if happening is not None and happening.name == "message" and one.chance.random() < 0.3:
                one.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", type=Variant, choices=list(Variant), default=Variant.REAL)
    parser.add_argument(
        "--daily",
        type=float,
        default=0.4,
        help="which part are papers of the day, with pins and threads, and recaps",
    )
    parser.add_argument("--digests", type=float, default=0.2, help="which part are digests, made while they are killed")
    given = parser.parse_args()
    asked = {"seed": given.seed, "variant": given.variant, "daily": given.daily, "digests": given.digests}
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(run(Path(folder), given.kills, **asked))
    if told.lost or told.doubled or told.astray:
        sys.exit(1)


if __name__ == "__main__":
    main()
