"""Measures how fast what is owed is posted: `python -m tests.benchmarks.delivery`.

The pretend Discord runs in a process of its own and enforces Discord's limits: 50 requests a second, five messages in
five seconds in a channel. Prints how many messages a second are posted while very many are owed, one server being owed
half of them; how long the other servers wait; and how soon 1,000 arrive that become due at the same instant. Time is
real: 20,000 messages take seven minutes, so that `--owed 5000` is the quicker way to the same rate.
"""

import argparse
import asyncio
import gc
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bot.domain.deliveries import DeliveryKind, DeliveryState, NewDelivery, Timing
from bot.fakediscord.server import FakeDiscord
from bot.services.outbox import Pace
from storage.sql import SqlStorage
from tests.benchmarks.measure import percentile, watched_loop
from tests.delivery.courier import courier
from tests.delivery.owing import post
from tests.processes import stop

GUILDS, CHANNELS = 100, 2_000
AT_ONCE = 1_000

Place = tuple[int, int]
"""A server and one of its channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """The pretend Discord as its process tells of it."""

    api_url: str
    gateway_url: str
    places: list[Place]
    line: Connection

    def posted(self) -> list[tuple[float, int, int]]:
        """When each message was made, and in which server and channel."""
        self.line.send("posted")
        return self.line.recv()  # type: ignore[no-any-return]

    def refused(self) -> dict[int, int]:
        self.line.send("refused")
        return self.line.recv()  # type: ignore[no-any-return]


def serve(line: Connection) -> None:
    gc.disable()  # a pause here would make one second's requests arrive in another
    asyncio.run(_serve(line))


async def _serve(line: Connection) -> None:
    async with FakeDiscord(limits=True) as discord:
        await discord.start()
        guilds = [discord.add_guild(f"Guild {each}") for each in range(GUILDS)]
        channels = [discord.add_channel(guilds[each // 2 % GUILDS * (each % 2)], f"{each}") for each in range(CHANNELS)]
        places = [(channel.guild.id, channel.id) for channel in channels if channel.guild]
        line.send((discord.api_url, discord.gateway_url, places))
        while (asked := await asyncio.to_thread(line.recv)) != "stop":
            if asked == "refused":
                line.send(dict(discord.refusals))
            else:
                line.send(
                    [
                        (message.created_at, channel.guild.id if channel.guild else 0, channel.id)
                        for channel in channels
                        for message in channel.messages.values()
                    ]
                )


@asynccontextmanager
async def street() -> AsyncIterator[Street]:
    ours, theirs = get_context("forkserver").Pipe()
    process = get_context("forkserver").Process(target=serve, args=(theirs,))
    process.start()
    try:
        api_url, gateway_url, places = await asyncio.to_thread(ours.recv)
        yield Street(api_url=api_url, gateway_url=gateway_url, places=places, line=ours)
        ours.send("stop")
        await asyncio.to_thread(process.join, 5)
    finally:
        stop(process)


async def owe(storage: SqlStorage, places: Sequence[Place], many: int, *, due: datetime) -> None:
    """Owe so many messages, as many to each channel."""
    payload = post().to_json()
    owed = [
        NewDelivery(
            kind=DeliveryKind.TOPIC,
            key=f"topic:{number}:1",
            channel_id=places[number % len(places)][1],
            guild_id=places[number % len(places)][0],
            payload=payload,
            not_before=due,
            expires_at=due + timedelta(days=7),
        )
        for number in range(many)
    ]
    async with storage.write() as transaction:
        await transaction.add_deliveries(owed)


async def measured(many: int, *, due_in: float, fair: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/papers.db"
        async with street() as there:
            pace = Pace()
            async with (
                courier(url, there.api_url, there.gateway_url, timing=Timing(), pace=pace) as one,
                watched_loop() as lag,
            ):
                await asyncio.sleep(1)  # it has begun, with nothing owed and no backup to reckon with
                due = datetime.now(UTC) + timedelta(seconds=due_in)
                await owe(one.storage, there.places, many, due=due)
                gc.freeze()  # as the bot does once it is ready
                began, cpu = time.time(), time.process_time()
                while (await one.storage.outbox_standing()).counts.get(DeliveryState.OWED):
                    await asyncio.sleep(0.5)
            posted = sorted(there.posted())
            assert len(posted) == many, (len(posted), many)
            _tell(posted, max(began, due.timestamp()), fair=fair)
            cpu = time.process_time() - cpu
            print(f"  refused: {there.refused() or 'nothing'}; loop lag {lag}; {cpu / many * 1e3:.1f} ms CPU a message")


def _tell(posted: Sequence[tuple[float, int, int]], due: float, *, fair: bool) -> None:
    waits = [at - due for at, *_ in posted]
    rate = (len(posted) - 1) / (waits[-1] - waits[0])
    print(
        f"{len(posted):,} posted in {waits[-1]:.1f} s, {rate:.1f} a second; p50 {percentile(waits, 50):.1f} s, ", end=""
    )
    print(f"p99 {percentile(waits, 99):.1f} s")
    if fair:
        by_guild: dict[int, list[float]] = defaultdict(list)
        for at, guild, _ in posted:
            by_guild[guild].append(at - due)
        biggest = max(by_guild, key=lambda each: len(by_guild[each]))
        last = sorted(max(some) for guild, some in by_guild.items() if guild != biggest)
        print(
            f"  the biggest server had {len(by_guild[biggest]):,} of them and its last after "
            f"{max(by_guild[biggest]):.1f} s; the others their last after {last[0]:.1f} to {last[-1]:.1f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owed", type=int, default=20_000)
    given = parser.parse_args()
    asyncio.run(measured(given.owed, due_in=0.0, fair=True))
    asyncio.run(measured(AT_ONCE, due_in=3.0, fair=False))


if __name__ == "__main__":
    main()
