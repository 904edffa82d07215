"""Kills bots that share one Discord: `python -m tests.faults.shards --servers 10000`.

Four real bots, `paperboy run --shards auto`, run sixteen shards on a real PostgreSQL. They are killed with `SIGKILL`,
stopped until their leases are over, stopped cleanly, and joined by others, while people in every shard type commands
and messages are owed. Each shard must be one bot's at every moment, answered again within a minute of a kill; nobody
may be answered twice, nothing posted twice or lost, and Discord's limit on identifying never broken. `--fenceless`
takes bots that do not look whether their leases are over, which must be caught. `--growth` tells instead how memory and
start-up grow with the servers. Exit code 1: something of it does not hold.
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.deliveries import DeliveryState
from bot.domain.leases import LeaseTiming
from bot.domain.shards import shard_of
from bot.fakediscord.answers import Unanswered
from bot.fakediscord.layout import walk
from bot.fakediscord.people import Person
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from storage import open_storage
from storage.sql import SqlStorage
from tests.delivery.owing import owe, owed
from tests.faults.bots import Bot, Bots
from tests.postgresql import server

SHARDS = 16
PROCESSES = 4
WITHIN = 60.0
"""Seconds until a killed bot's shards must be answered again."""
_ASK_EVERY = 1.5
_OWE_EVERY = 1.0
_LONGER_THAN_A_LEASE = LeaseTiming().lease.total_seconds() + 10
_WAKING = 3.0
"""Seconds that one that slept may take to close what it had."""


@dataclass(kw_only=True)
class Run:
    """One Discord, one database, and those who run on it."""

    discord: FakeDiscord
    bots: Bots
    storage: SqlStorage
    people: dict[int, list[tuple[Person, Channel]]]
    """Of each shard."""
    chance: random.Random
    answers: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    """When somebody of each shard was answered."""
    counts: Counter[str] = field(default_factory=Counter)
    takeovers: list[float] = field(default_factory=list)
    asleep: list[tuple[float, float]] = field(default_factory=list)
    """When some bot slept, by the time of the world."""
    owed: list[str] = field(default_factory=list)
    is_enough: bool = False
    """Whether no more is to become owed."""
    log: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {what}\n")

    async def ask(self, shard: int) -> None:
        """Somebody of the shard types a command, again and again."""
        await asyncio.sleep(_ASK_EVERY * shard / SHARDS)
        while True:
            began = time.monotonic()
            person, channel = self.chance.choice(self.people[shard])
            try:
                await person.slash("about", _in=channel)
            except Unanswered:
                self.counts["unanswered"] += 1
            except AssertionError as error:
                self.counts["refused"] += 1
                self.log.append(f"shard {shard}: {error}")
            else:
                self.answers[shard].append(time.monotonic())
            await asyncio.sleep(max(0.0, began + _ASK_EVERY - time.monotonic()))

    async def keep_owing(self) -> None:
        """Messages become owed all over the servers, until enough is."""
        while not self.is_enough:
            _, channel = self.chance.choice(self.people[self.chance.randrange(SHARDS)])
            some = [f"topic:{len(self.owed) + each + 1}:1" for each in range(3)]
            self.owed += some
            await owe(self.storage, *(owed(channel, key, now=datetime.now(UTC)) for key in some))
            await asyncio.sleep(_OWE_EVERY)

    async def until_answered(self, shards: list[int], *, since: float, within: float) -> float:
        """Seconds until each of these shards was answered after this moment; infinite where that takes too long."""
        try:
            async with asyncio.timeout(within):
                while not all(self.answers[each] and self.answers[each][-1] > since for each in shards):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            late = [each for each in shards if not self.answers[each] or self.answers[each][-1] <= since]
            self.log.append(f"shards {late} were not answered within {within:.0f} s")
            return float("inf")
        first = [min(at for at in self.answers[each] if at > since) for each in shards]
        return max(first) - since

    async def until_shared(self, *, within: float = 120.0) -> None:
        """Until every shard is connected once, and everybody who is awake has a fair share of them."""
        try:
            async with asyncio.timeout(within):
                while not await self._is_shared():
                    await asyncio.sleep(0.2)
        except TimeoutError:
            self.log.append(f"after {within:.0f} s not every shard was one bot's: {self.discord.gateway.shards}")

    async def _is_shared(self) -> bool:
        held = Counter(each.owner for each in await self.storage.list_leases() if each.shard is not None)
        shares = sorted(held.values())
        is_fair = len(shares) == min(SHARDS, len(self.bots.awake)) and shares[-1] - shares[0] <= 1
        return is_fair and self.discord.gateway.shards == [(each, SHARDS) for each in range(SHARDS)]

    async def shards_of(self, bot: Bot) -> list[int]:
        leases = await self.storage.list_leases()
        return [each.shard for each in leases if f":{bot.pid}:" in each.owner and each.shard is not None]

    async def kill_one(self) -> None:
        """One is killed, and when its shards are answered again another is started."""
        bot = self.chance.choice(self.bots.awake)
        shards, at = await self.shards_of(bot), time.monotonic()
        bot.kill()
        took = await self.until_answered(shards, since=at, within=2 * WITHIN)
        self.takeovers.append(took)
        self.note(f"killed one; its shards {shards} were answered again after {took:.1f} s")
        self.bots.start()
        await self.until_shared()

    async def put_one_to_sleep(self) -> None:
        """One sleeps until its leases are over and others do its work; then it goes on."""
        bot = self.chance.choice(self.bots.awake)
        shards, at, began = await self.shards_of(bot), time.monotonic(), self.discord.world.now()
        bot.signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(_LONGER_THAN_A_LEASE)
            took = await self.until_answered(shards, since=at, within=2 * WITHIN)
        finally:
            bot.signal(signal.SIGCONT)
        self.asleep.append((began, self.discord.world.now() + _WAKING))
        self.counts["sleeps"] += 1
        self.note(f"one slept; its shards {shards} were answered after {took:.1f} s; it goes on")
        await self.until_shared()

    async def stop_one(self) -> None:
        """A fifth joins, and one of the others is stopped cleanly."""
        leaving = self.chance.choice(self.bots.awake)
        self.bots.start()
        await self.until_shared()
        shards, at = await self.shards_of(leaving), time.monotonic()
        code = await leaving.stopped()
        self.counts["stops"] += 1
        if code:
            self.log.append(f"one that was stopped ended with {code}")
        took = await self.until_answered(shards, since=at, within=2 * WITHIN)
        self.note(f"a fifth joined and one was stopped; its shards {shards} were answered again after {took:.1f} s")
        await self.until_shared()

    async def drain(self, within: float = 60.0) -> None:
        """Until nothing is owed any more."""
        async with asyncio.timeout(within):
            while (await self.storage.outbox_standing()).counts.get(DeliveryState.OWED, 0):
                await asyncio.sleep(0.2)

    async def verdict(self) -> list[str]:
        """What does not hold."""
        made: Counter[str] = Counter()
        for guild in self.discord.world.guilds.values():
            for channel in guild.channels.values():
                for message in channel.messages.values():
                    ids = [str(each.get("custom_id", "")) for each in walk(message.components)]
                    made.update({each.rpartition("@")[2] for each in ids if "@" in each})
        found = await self.storage.list_deliveries(list(DeliveryState), limit=len(self.owed) + 10)
        sent = sum(each.state is DeliveryState.SENT for each in found)
        lost, doubled = len(self.owed) - len(made), sum(each > 1 for each in made.values())
        overlaps = [
            each
            for each in self.discord.gateway.overlaps
            if not any(began <= each[0] <= ended for began, ended in self.asleep)
        ]
        self.note(f"{len(self.owed)} messages owed, {sent} sent: {lost} lost, {doubled} doubled")
        wrong = list(self.log)
        wrong += [f"{lost} messages lost"] * bool(lost) + [f"{doubled} messages doubled"] * bool(doubled)
        wrong += [f"shard {shard} was two bots'" for _, shard in overlaps]
        wrong += self.discord.violations
        wrong += [f"{self.counts['twice']} answered twice"] * bool(self.counts["twice"])
        wrong += [f"a takeover took {each:.0f} s" for each in self.takeovers if each > WITHIN]
        for bot in self.bots.all:
            text = bot.log.read_text(encoding="utf-8")
            wrong += [
                f"a bot logged: {line[:300]}" for line in text.splitlines() if "fault" in line or "Traceback" in line
            ]
        return wrong


def peopled(discord: FakeDiscord, servers: int) -> dict[int, list[tuple[Person, Channel]]]:
    """So many servers, each with a channel and somebody in it, by shard."""
    people: dict[int, list[tuple[Person, Channel]]] = {each: [] for each in range(SHARDS)}
    for number in range(servers):
        guild = discord.add_guild(f"Server {number}", guild_id=(number + 1_000) << 22)
        channel = discord.add_channel(guild, "papers")
        person = discord.add_person(f"person{number}", guild=guild)
        people[shard_of(guild.id, SHARDS)].append((person, channel))
    return people


@asynccontextmanager
async def stage(servers: int, *, at_once: int, seed: int = 1, module: str = "bot") -> AsyncIterator[Run]:
    """A run, ready to begin; every process that it started is gone when the block ends."""
    with server() as databases, tempfile.TemporaryDirectory() as folder:
        url = databases.new()
        async with (
            FakeDiscord(shards=SHARDS, max_concurrency=at_once, identify_limit=True) as discord,
            await open_storage(url) as storage,
        ):
            await discord.start()
            people = peopled(discord, servers)
            bots = Bots(Path(folder), discord, url, module=module)
            run = Run(discord=discord, bots=bots, storage=storage, people=people, chance=random.Random(seed))
            _count_double_answers(run)
            try:
                yield run
            finally:
                bots.kill_all()


def _count_double_answers(run: Run) -> None:
    """Count the answers to what is answered already."""
    to_answer = run.discord.interactions.to_answer

    def counting(interaction_id: int, token: str) -> object:
        known = run.discord.interactions._by_token.get(token)
        run.counts["twice"] += known is not None and known.reply is not None
        return to_answer(interaction_id, token)

    run.discord.interactions.to_answer = counting  # type: ignore[method-assign, assignment]


async def disturbed(servers: int, rounds: int, *, at_once: int, seed: int, module: str, only: str | None) -> int:
    """Disturb bots in rounds, in every way or in one only; the exit code."""
    async with stage(servers, at_once=at_once, seed=seed, module=module) as run:
        began = time.monotonic()
        for _ in range(PROCESSES):
            run.bots.start()
        first = [await each.until_said("ready shards=", within=200) for each in run.bots.all]
        run.note(f"{PROCESSES} bots were ready after {min(first):.1f} to {max(first):.1f} s")
        await run.until_shared(within=300)
        run.note(f"{SHARDS} shards were shared after {time.monotonic() - began:.1f} s; {memory(run)}")
        busy = [asyncio.create_task(run.ask(each)) for each in range(SHARDS)]
        owing = asyncio.create_task(run.keep_owing())
        for _ in range(rounds):
            for name, disturb in (("kill", run.kill_one), ("sleep", run.put_one_to_sleep), ("stop", run.stop_one)):
                if only in {None, name}:
                    await disturb()
        for each in busy:
            each.cancel()
        await asyncio.wait(busy)
        run.is_enough = True
        await owing
        wrong = [f"a task failed: {each.exception()!r}" for each in busy if not each.cancelled()]
        await run.drain()
        wrong += await run.verdict()
        answered = sum(map(len, run.answers.values()))
        slowest = max(run.takeovers, default=0.0)
        run.note(
            f"{len(run.takeovers)} kills, {run.counts['sleeps']} sleeps, {run.counts['stops']} stops; {answered} "
            f"commands answered, {run.counts['unanswered']} while nobody was there; slowest takeover {slowest:.1f} s; "
            f"{run.discord.gateway.identifies} identifies; {memory(run)}"
        )
    for what in wrong:
        sys.stderr.write(f"WRONG {what}\n")
    return 1 if wrong else 0


def memory(run: Run) -> str:
    told = sorted(each.memory() for each in run.bots.awake)
    return f"memory of each bot {told[0]:.0f} to {told[-1]:.0f} MiB"


async def growth(sizes: list[int]) -> int:
    """How start-up and memory grow, where Discord lets all shards begin at once."""
    for servers in sizes:
        async with stage(servers, at_once=SHARDS) as run:
            began = time.monotonic()
            for _ in range(PROCESSES):
                run.bots.start()
            first = [await each.until_said("ready shards=", within=120) for each in run.bots.all]
            await run.until_shared(within=120)
            took = time.monotonic() - began
            await asyncio.sleep(2)
            used = [each.used() for each in run.bots.awake]
            run.note(
                f"{servers:,} servers: ready after {min(first):.1f} to {max(first):.1f} s, all shared after {took:.1f} "
                f"s; {memory(run)}; each used {min(used):.1f} to {max(used):.1f} s of a processor"
            )
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=1_000)
    parser.add_argument(
        "--rounds", type=int, default=1, help="each is a kill, a sleep, and a clean stop with a fifth bot"
    )
    parser.add_argument("--only", choices=("kill", "sleep", "stop"), help="one part of each round")
    parser.add_argument("--at-once", type=int, default=1, help="Discord's max_concurrency")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--growth", action="store_true", help="tell of 100, 1,000 and so on up to --servers instead")
    parser.add_argument("--fenceless", action="store_true", help="bots that do not look whether their leases are over")
    told = parser.parse_args()
    if told.growth:
        sizes = [each for each in (100, 1_000, 10_000) if each <= told.servers]
        sys.exit(asyncio.run(growth(sizes)))
    module = "tests.faults.fenceless" if told.fenceless else "bot"
    run = disturbed(told.servers, told.rounds, at_once=told.at_once, seed=told.seed, module=module, only=told.only)
    sys.exit(asyncio.run(run))


if __name__ == "__main__":
    main()
