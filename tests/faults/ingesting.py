"""Kills ingests at random moments, one or two of them at once: `python -m tests.faults.ingesting --kills 200`, with
`--database postgresql` too, whose server then falls at random moments and stands again.

The ingest is a real process that asks a server on localhost for days that were made up, and the signal is `SIGKILL`.
After every day that ends in a whole ingest, the database must hold what one that nobody disturbed holds: every paper
once, true accounts, the right checkpoints. Prints a line a day and ends with exit code 1 at the first thing wrong.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.domain.parsing import parse_query
from bot.domain.turns import LEASE
from storage import open_storage
from tests.fast_time import FastTime
from tests.faults.arxiv_days import MadeArxiv, MadeDay, made_days, morning_of
from tests.faults.databases import Databases, Disturbed, OnServer, databases
from tests.faults.ingest_once import ingest_once
from tests.faults.kept import Kept, differences, kept, mistakes
from tests.processes import begun, ended, stop
from tests.sources.servers import LocalServer, local_server
from tests.storage.kinds import KINDS

TIMES = 25
"""How much faster the processes' clock runs than ours: 3 seconds of pace are 0.12."""
PACE = timedelta(seconds=3) / TIMES
_LONGEST = LEASE.total_seconds() / TIMES + 60


class WrongError(Exception):
    """The ingest did not keep its promise."""


@dataclass(slots=True)
class Stage:
    """One database and the arXiv it is filled from, from day to day."""

    database: Disturbed
    server: LocalServer
    arxiv: MadeArxiv
    time: FastTime = field(init=False)
    started: list[ForkServerProcess] = field(default_factory=list)

    def begin(self, day: MadeDay) -> None:
        self.arxiv.today = day
        self.time = FastTime(times=TIMES, began_at=time.time(), begins=morning_of(day.day))

    def start(self) -> ForkServerProcess:
        """An ingest on its way."""
        told = (self.database.url, self.server.url().rstrip("/"), self.time)
        process = begun(ingest_once, *told)
        self.started.append(process)
        return process

    async def finish(self, at_once: int) -> float:
        """So many ingests at once, to their ends; the seconds they took."""
        began = time.perf_counter()
        ends = await asyncio.gather(*(ended(self.start(), within=_LONGEST) for _ in range(at_once)))
        if any(ends):
            raise WrongError(f"an ingest ended with {ends}")
        return time.perf_counter() - began

    async def disturb(self, chance: random.Random, longest: float) -> int:
        """One ingest that is killed, or two at once of which one or both are; how many died of it."""
        first, *others = [self.start() for _ in range(chance.choice((1, 1, 2)))]
        ends = [killed(first, chance.uniform(0, longest))]
        ends += [killed(each, chance.choice((chance.uniform(0, 2 * longest), None))) for each in others]
        falls = isinstance(self.database, OnServer) and chance.random() < 0.3
        fall = asyncio.create_task(self._fall(chance.uniform(0, longest))) if falls else None
        dead = sum(end != 0 for end in await asyncio.gather(*ends))
        if fall is not None:
            await fall
        return dead

    async def _fall(self, after: float) -> None:
        assert isinstance(self.database, OnServer)
        await asyncio.sleep(after)
        await asyncio.to_thread(self.database.restart)

    def stop(self) -> None:
        for each in self.started:
            stop(each)


async def killed(process: ForkServerProcess, after: float | None) -> int:
    """Kill it after so many seconds, if at all; what it ended with."""
    if after is not None:
        await asyncio.sleep(after)
        process.kill()
    return await ended(process, within=_LONGEST)


@asynccontextmanager
async def stage(database: Disturbed, day: MadeDay) -> AsyncIterator[Stage]:
    """A new database; every process that was started is gone when the block ends."""
    async with local_server() as server:
        arxiv = MadeArxiv(day)
        arxiv.put_on(server)
        opened = Stage(database, server, arxiv)
        try:
            yield opened
        finally:
            opened.stop()


async def undisturbed(database: Disturbed, days: Sequence[MadeDay]) -> tuple[list[Kept], float]:
    """What is kept after each day when nobody disturbs it, and how long one ingest takes."""
    after, seconds = [], 0.0
    await ended(begun(int), within=_LONGEST)  # what is to be imported takes time once
    async with stage(database, days[0]) as calm:
        for number, day in enumerate(days, start=1):
            calm.begin(day)
            seconds = await calm.finish(1)
            after.append(await kept(calm.database))
            require(mistakes(after[-1], days[:number]))
        require(impolite(calm.server))
    return after, seconds


async def run(
    made_in: Databases,
    kills: int,
    *,
    seed: int = 1,
    days: int = 3,
    papers: int = 90,
    tell: Callable[[str], object] = print,
) -> int:
    """Disturb ingests until so many have been killed; how many were. Raises WrongError at the first thing wrong."""
    chance = random.Random(seed)
    made = made_days(days, papers, seed=seed)
    expected, longest = await undisturbed(made_in.new("undisturbed"), made)
    tell(f"undisturbed: {len(expected[-1]['papers'])} papers in {days} days, an ingest takes {longest:.2f} s")
    done = 0
    for number in count(1):
        async with stage(made_in.new(f"disturbed {number}"), made[0]) as disturbed:
            for day, due in zip(made, expected, strict=True):
                disturbed.begin(day)
                dead = [await disturbed.disturb(chance, longest) for _ in range(chance.randint(1, 6))]
                at_once = 1 + number % 2
                seconds = await disturbed.finish(at_once)
                require(differences(await kept(disturbed.database), due))
                done += sum(dead)
                tell(
                    f"round={number} day={day.day} killed={sum(dead)} whole={at_once} took={seconds:.1f}s kills={done}"
                )
            require(impolite(disturbed.server))
            await require_found(disturbed.database, len(expected[-1]["papers"]))
        if done >= kills:
            return done
    raise AssertionError("there is always another round")


def impolite(server: LocalServer) -> list[str]:
    """What arXiv could complain of. A request may reach it late, and so the next one soon after it."""
    starts = [each.at for each in server.asked]
    soonest = min(after - before for before, after in pairwise(starts))
    wrong = [] if soonest > PACE.total_seconds() / 2 else [f"two requests within {soonest:.3f} s"]
    return wrong if server.most_connected == 1 else [*wrong, f"{server.most_connected} connections at once"]


async def require_found(database: Disturbed, papers: int) -> None:
    """Every paper is in the text index, once: each title has the word."""
    async with await open_storage(database.url) as storage:
        found = await storage.search_papers(parse_query("steps"), limit=1, now=datetime.now(UTC))
    require([] if found.total == papers else [f"{found.total} of {papers} papers are found"])


def require(wrong: Sequence[str]) -> None:
    if wrong:
        raise WrongError("\n".join(wrong))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, databases(given.database, Path(folder)) as made:
        try:
            done = asyncio.run(run(made, given.kills, seed=given.seed))
        except WrongError as wrong:
            sys.exit(str(wrong))
    print(f"{done} kills: every paper once, every account true, every checkpoint right, every database whole")


if __name__ == "__main__":
    main()
