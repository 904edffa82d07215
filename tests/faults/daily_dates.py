"""Disturbs whoever plans papers of the day: `python -m tests.faults.daily_dates --runs 3000`.

A run is a channel and some days, on a clock that is told. Two plan for it from one database, each with a clock of its
own that may be wrong by two hours; they are off for up to 80 hours, die in the middle of their work, and people
change the time, the zone and the days, skip dates, take that back, stop it and set it up again. In the end every date
must be on record once, and no date may have two messages, nor the channel a paper twice, nor a week two recaps. Exit
code 1: it is not so.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time as stopwatch
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.domain.deliveries import recap_key
from bot.domain.posts import post_from
from bot.domain.schedules import Schedule
from bot.errors import UserError
from storage import open_storage
from storage.sql import SqlStorage
from tests.faults.databases import databases
from tests.services.daily_days import GUILD, PERSON, Days, schedule
from tests.storage.kinds import KINDS
from tests.zones import ZONES

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_STEPS = 14
_PAPERS = 60
_LONGEST_OUTAGE = 80.0
"""Hours."""
_TRUSTED = timedelta(seconds=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of all dates of some runs."""

    runs: int
    dates: int
    papers: int
    recaps: int
    missing: tuple[str, ...]
    twice: tuple[str, ...]
    deaths: int
    edits: int

    def __str__(self) -> str:
        return (
            f"{self.runs} runs, {self.deaths} deaths, {self.edits} edits; {self.dates} dates, {self.papers} papers, "
            f"{self.recaps} recaps: {len(self.missing)} missing, {len(self.twice)} posted twice"
        )


@dataclass(kw_only=True)
class Run:
    """One channel, what time it truly is, and the two who plan."""

    channel: int
    chance: random.Random
    planners: list[Days]
    storage: SqlStorage
    is_checked: bool
    """Whether a clock that is wrong is noticed."""
    now: datetime = field(init=False)
    begun: Schedule = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)

    def tell_time(self, now: datetime) -> None:
        """Let it be this time, and set the clocks of both, right or wrong."""
        self.now = now
        for each in self.planners:
            off = timedelta(hours=self.chance.choice([0, 0, self.chance.uniform(-2, 2)]))
            each.now = now + off
            each.is_time_right = abs(off) <= _TRUSTED if self.is_checked else True

    async def begin(self) -> None:
        begins = datetime(2026, 3, 1, tzinfo=UTC) + _HOUR * self.chance.uniform(0, 24 * 300)
        self.tell_time(begins)
        while not self.planners[0].is_time_right:  # then nobody is let to set anything up
            self.tell_time(begins)
        self.begun = await self.planners[0].daily.set_up(schedule(channel_id=self.channel, **self._chosen()))

    async def step(self) -> None:
        """Some time goes by, in which nobody was there; then both look at once, and somebody may do something."""
        away = self.chance.choice([2, 12, 26, _LONGEST_OUTAGE])
        self.tell_time(self.now + _HOUR * self.chance.uniform(0, away))
        work: list[asyncio.Task[Any]] = [asyncio.create_task(each.run()) for each in self.planners]
        if self.chance.random() < 0.4:
            work.append(asyncio.create_task(self._edit(self.chance.choice(self.planners))))
        if self.chance.random() < 0.4:
            await self._die(self.chance.choice(work))
        await asyncio.gather(*work, return_exceptions=True)
        for each in work:
            if not each.cancelled() and (error := each.exception()) is not None:
                raise error
        if self.chance.random() < 0.7:
            await self._post()

    async def _post(self) -> None:
        """Everything that is owed arrives, for recaps tell only of what was posted."""
        async with self.storage._database.write() as connection:
            await connection.exec_driver_sql(
                "UPDATE deliveries SET state = 'sent', message_id = id "  # noqa: S608 (a number)
                f"WHERE channel_id = {self.channel} AND state = 'owed'"
            )

    async def _die(self, task: asyncio.Task[Any]) -> None:
        """Stop a piece of work wherever it is: what it had not committed never was."""
        for _ in range(self.chance.randint(0, 12)):
            await asyncio.sleep(self.chance.choice([0, 0, 0.001]))
        task.cancel()
        self.counts["deaths"] += 1

    async def _edit(self, by: Days) -> None:
        self.counts["edits"] += 1
        daily, at = by.daily, {"guild_id": GUILD}
        known = await daily.get(self.channel, **at)
        today = self.now.date()
        some = today + _DAY * self.chance.randint(-2, 4)
        try:
            match self.chance.randint(0, 6):
                case 0 | 1 | 2 if known is not None:
                    await daily.set_up(replace(known, **self._chosen()))
                case 3 if self.chance.random() < 0.5:
                    await daily.stop(self.channel, **at)
                case 4:
                    await daily.skip(self.channel, some, person_id=PERSON, **at)
                case 5:
                    await daily.unskip(self.channel, some, **at)
                case _:
                    picked = await daily.choose_now(self.channel, guild_id=GUILD)
                    if picked is not None:
                        await daily.post_now(self.channel, picked.paper, "Asked for.", person_id=PERSON, **at)
        except UserError:
            self.counts["refused"] += 1

    async def end(self) -> Schedule:
        """Everybody is well again: it is set up once more, and looked at until a date more is on record."""
        for each in self.planners:
            each.is_time_right = True
            each.now = self.now + 2 * _HOUR
        last = self.planners[0]
        known = await last.daily.get(self.channel, guild_id=GUILD)
        assert known is not None
        if known.stopped_at is not None:
            await last.daily.set_up(known)
        await last.run(self.now + 3 * _DAY)
        kept = await last.daily.get(self.channel, guild_id=GUILD)
        assert kept is not None
        await last.daily.stop(self.channel, guild_id=GUILD)
        return kept

    def _chosen(self) -> dict[str, Any]:
        return {
            "zone": self.chance.choice(ZONES),
            "at": self.chance.choice([0, 1439, self.chance.randrange(1440)]),
            "recap_weekday": self.chance.choice([None, *range(7)]),
            "weekdays": frozenset(self.chance.sample(range(7), self.chance.choice([7, 7, self.chance.randint(1, 6)]))),
        }

    async def verdict(self, kept: Schedule) -> tuple[int, list[str], list[str]]:
        """How many dates there were, those that are not on record, and those with more than one message."""
        found = await self.planners[0].dates(self.channel)
        days = (kept.planned_through - self.begun.planned_through).days
        wanted = [self.begun.planned_through + _DAY * ahead for ahead in range(1, days + 1)]
        missing = [f"{self.channel} {on}" for on in wanted if on not in found]
        posted = await self._headings()
        twice = [f"{self.channel} {heading}" for heading, often in posted.items() if often > 1]
        had = Counter(each.paper_id for each in found.values() if each.paper_id is not None)
        twice += [f"{self.channel} paper {paper}" for paper, often in had.items() if often > 1]
        papers = {on for on, each in found.items() if each.paper_id is not None}
        twice += [f"{self.channel} {len(papers)} dates, {posted.total()} messages"] * (len(papers) != posted.total())
        self.counts["papers"] += len(papers)
        twice += await self._close_recaps()
        return len(wanted), missing, twice

    async def _close_recaps(self) -> list[str]:
        """Recaps that are less than a week apart; each that was made has one message, or nothing to tell of."""
        recaps = await self.storage.list_recaps(self.channel, guild_id=GUILD, limit=999)
        made = sorted(each.on for each in recaps if each.skipped is None)
        async with self.storage._database.read() as connection:
            rows = await connection.exec_driver_sql(
                f"SELECT key FROM deliveries WHERE channel_id = {self.channel} AND kind = 'recap'"  # noqa: S608 (a number)
            )
            keys = sorted(rows.scalars())
        self.counts["recaps"] += len(made)
        wrong = [f"{self.channel} recaps {made} {keys}"] if keys != [recap_key(self.channel, on) for on in made] else []
        return wrong + [
            f"{self.channel} recaps {one} {next_one}" for one, next_one in pairwise(made) if next_one - one < 7 * _DAY
        ]

    async def _headings(self) -> Counter[str]:
        """What stands above each message that the channel was ever owed for a date."""
        async with self.storage._database.read() as connection:
            rows = await connection.exec_driver_sql(
                f"SELECT payload FROM deliveries WHERE channel_id = {self.channel} AND kind = 'daily'"  # noqa: S608 (a number)
            )
            headings = [post_from(each).heading for each in rows.scalars()]
        return Counter(each for each in headings if each.startswith("Paper of the day"))


async def run(url: str, runs: int, *, seed: int = 1) -> Told:
    """So many runs, one after the other, on one database."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    missing, twice = list[str](), list[str]()
    async with AsyncExitStack() as stack:
        storages = [await stack.enter_async_context(await open_storage(url)) for _ in range(2)]
        planners = [Days(storage=each) for each in storages]
        await planners[0].stock(_PAPERS)
        planners[1].picks.papers = planners[0].picks.papers
        for number in range(1, runs + 1):
            one = Run(
                channel=number, chance=chance, planners=planners, storage=storages[0], is_checked=chance.random() < 0.5
            )
            await one.begin()
            for _ in range(_STEPS):
                await one.step()
            dates, lost, doubled = await one.verdict(await one.end())
            missing += lost
            twice += doubled
            counts += one.counts
            counts["dates"] += dates
    return Told(
        runs=runs,
        missing=tuple(missing),
        twice=tuple(twice),
        **{name: counts[name] for name in ("dates", "papers", "recaps", "deaths", "edits")},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the database is made, in memory for instance")
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    given = parser.parse_args()
    began = stopwatch.monotonic()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder, databases(given.database, Path(folder)) as made:
        told = asyncio.run(run(made.new("papers").url, given.runs, seed=given.seed))
    print(f"{told} in {stopwatch.monotonic() - began:.0f} s")
    print(*told.missing[:20], *told.twice[:20], sep="\n")
    if told.missing or told.twice:
        sys.exit(1)


if __name__ == "__main__":
    main()
