"""The bot as a process of its own whose time leaps when it is told to; `tests.faults.soak` tells it."""

import asyncio
import json
import logging
import os
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from pydantic import SecretStr

from bot.app import App, running, settle_memory
from bot.config import DatabaseSettings, DiscordSettings, Settings
from bot.domain.papers import Announcement, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch
from bot.services.ingest import Ingest
from tests.benchmarks.measure import LoopLag, percentile, resident_mib, watched_loop
from tests.lab.papers import found_paper
from tests.supply import NoHttp, Supply

_WORDS = (
    "diffusion",
    "attention",
    "protein",
    "graph",
    "retrieval",
    "robot",
    "speech",
    "quantum",
    "galaxy",
    "causal",
    "sparse",
    "convex",
    "bandit",
    "prior",
    "kernel",
    "language",
    "vision",
    "reasoning",
    "alignment",
    "climate",
    "genome",
    "lattice",
    "neutron",
    "plasma",
    "tensor",
    "operator",
    "inference",
    "memory",
)
_CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "stat.ML", "quant-ph", "astro-ph.GA")
_QUIET_SECONDS = 20.0


@dataclass(slots=True, kw_only=True)
class LeapingTime:
    """The machine's time and what was leapt over: never before the machine's, by which alarms ring."""

    leapt: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.leapt


def paper(number: int, at: datetime) -> FoundPaper:
    """The paper of this number, the same each time."""
    chance = Random(number)
    some = chance.sample(_WORDS, 5)
    return found_paper(
        title=f"{some[0].title()} {some[1]} for {some[2]} {number}",
        abstract=f"We study {some[3]} and {some[4]} with {some[0]}. " * chance.randint(2, 12),
        authors=tuple(f"{chance.choice(_WORDS).title()} {chance.choice(_WORDS).title()}" for _ in range(3)),
        categories=(chance.choice(_CATEGORIES),),
        ids=(f"{at:%y%m}.{number % 100_000:05}",),
        published_at=at,
        announcement=Announcement.NEW,
        version=1,
        source="soak",
    )


async def _hour(app: App, time: LeapingTime, numbers: range) -> None:
    """What some hours bring: new papers, what is due by now, and all of it delivered."""
    found = tuple(paper(each, time.now()) for each in numbers)
    source = Supply({"soak": [[Batch(found=found)]]}, rhythm=Rhythm.STEADY)
    await Ingest(app.storage, NoHttp(), [source], clock=time.now).run()
    await app.services.daily.run_due()
    await app.services.digests.run_due()
    await app.services.servers.clean_up()
    deadline = asyncio.get_running_loop().time() + _QUIET_SECONDS
    while await app.storage.is_delivery_due(now=time.now()) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.1)


async def _state(app: App, lag: LoopLag) -> dict[str, float]:
    standing = await app.storage.outbox_standing()
    late, lag.seconds = lag.seconds or [0.0], []
    return {
        "memory": resident_mib(),
        "blocks": sys.getallocatedblocks(),
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 (one system call a sample)
        "lag_p99": percentile(late, 99) * 1e3,
        "lag_max": max(late) * 1e3,
        "papers": await app.storage.count_papers(),
        "deliveries": sum(standing.counts.values()),
    }


async def _live(database: str, api_url: str, gateway_url: str) -> None:
    time = LeapingTime(leapt=timedelta())
    settings = Settings(
        database=DatabaseSettings(url=database),
        discord=DiscordSettings(token=SecretStr("soak"), api_url=api_url, gateway_url=gateway_url),
    )
    async with running(settings, asks_sources=False, clock=time.now) as app:
        settle_memory()
        print(json.dumps({"ready": True}), flush=True)
        async with watched_loop() as lag:
            while line := await asyncio.to_thread(sys.stdin.readline):
                told = json.loads(line)
                time.leapt += timedelta(hours=told["hours"])
                await _hour(app, time, range(told["first"], told["first"] + told["papers"]))
                print(json.dumps(await _state(app, lag)), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    asyncio.run(_live(*sys.argv[1:]))
