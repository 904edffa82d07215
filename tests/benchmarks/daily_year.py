"""A year of papers of the day, planned as the bot plans them: `python -m tests.benchmarks.daily_year [LISTS.jsonl.gz]`.

Three channels of one server choose from real daily lists, whose end comes within the year; people nominate, skip dates
and change times, and the bot is off for up to 80 hours again and again. Prints what the dates had; exit code 1 where a
paper came twice in a channel, a date has no row or no reason, or two messages, or a fall-back came before its turn.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bot.domain.nominations import NominationState
from bot.domain.papers import FoundPaper
from bot.domain.picks import WINDOW_DAYS
from bot.domain.planning import plan
from bot.domain.schedules import DailyPost, Fallback, Origin, Schedule
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.daily import Daily
from bot.services.nominating import Nominating
from bot.services.picking import Picking
from bot.services.planning import Planning
from bot.services.recaps import Recaps
from bot.shelf import starter_shelf
from storage import open_storage
from tests.benchmarks.picks import DAY, GUILD, Lists, Shelf, lists
from tests.empty import empty_database
from tests.shared import find_shared

_HOUR = timedelta(hours=1)
CHANNELS = 1, 2, 3
_PERSON = 7
_WORKDAYS = frozenset(range(5))
_ALL = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(kw_only=True)
class Year:
    """The bot's own services on a clock that is told."""

    storage: Storage
    shelf: Sequence[FoundPaper]
    known: Lists
    now: datetime
    chance: Random
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        picking = Picking(self.storage, lambda: self.shelf)
        planning = Planning(self.storage, picking, self.clock)
        self.daily = Daily(self.storage, picking, planning, Recaps(self.storage, self.clock), self.clock)
        self.nominating = Nominating(self.storage, self.clock)
        self.lists = Shelf(self.storage)

    def clock(self) -> datetime:
        return self.now

    async def begin(self) -> dict[int, date]:
        """Set up three channels; the date before each one's first."""
        usual = Schedule(
            guild_id=GUILD,
            channel_id=1,
            at=9 * 60,
            created_by=_PERSON,
            created_at=self.now,
            planned_through=self.now.date(),
        )
        for each in (
            replace(usual, zone="Europe/Berlin"),
            replace(usual, channel_id=2, zone="America/New_York", weekdays=_WORKDAYS, query="reasoning OR agent"),
            replace(usual, channel_id=3, zone="Australia/Lord_Howe", fallback=Fallback.SILENCE),
        ):
            await self.daily.set_up(each)
        return {each.channel_id: each.planned_through for each in await self.daily.schedules(GUILD)}

    async def live(self, days: int) -> None:
        """Let so many days go by, hour by hour while the bot runs."""
        end, listed = self.now + days * DAY, self.now.date()
        while self.now < end:
            is_off = self.chance.random() < 1 / 400
            self.now += _HOUR * (self.chance.uniform(2, 80) if is_off else 1)
            self.counts["outages"] += is_off
            while listed < self.now.date():
                await self.lists.put(listed, self.known.get(listed, ()))
                listed += DAY
            if any(plan(each, self.now) for each in await self.daily.schedules(GUILD)):
                line, had = await self._line(), {channel: await self._papers(channel) for channel in CHANNELS}
                await self.daily.run_due()
                await self._check(line, had)
            if self.chance.random() < 1 / 100:
                await self._act()

    async def _act(self) -> None:
        """Somebody nominates some papers, skips a date, or moves the time."""
        channel = self.chance.choice(CHANNELS)
        try:
            match self.chance.choice(["nominate", "nominate", "skip", "move"]):
                case "nominate":
                    chosen = self.chance.sample(sorted(self.lists.listed), min(5, len(self.lists.listed)))
                    for each in await self.storage.get_papers(chosen):
                        await self.nominating.nominate(each, guild_id=GUILD, person_id=_PERSON, may_decide=True)
                        self.counts["put in line"] += 1
                case "skip":
                    await self.daily.skip(channel, None, guild_id=GUILD, person_id=_PERSON)
                case _:
                    known = await self.daily.require(channel, guild_id=GUILD)
                    await self.daily.set_up(replace(known, at=self.chance.randrange(1440)))
        except UserError:
            self.counts["refused"] += 1

    async def _line(self) -> list[int]:
        waiting = await self.storage.list_nominations(guild_id=GUILD)
        return [each.paper_id for each in waiting if each.state is NominationState.QUEUED]

    async def _papers(self, channel: int) -> set[int]:
        return {each.paper_id for each in await self.posts(channel) if each.paper_id is not None}

    async def posts(self, channel: int) -> list[DailyPost]:
        """What became of a channel's dates, the earliest first."""
        first, last = _ALL
        found = await self.storage.list_daily_posts(channel, guild_id=GUILD, since=first, until=last)
        return [each for each in reversed(found) if each.number == 0]

    async def _check(self, line: Sequence[int], had: dict[int, set[int]]) -> None:
        """Whether what was planned right now came in its turn: new, else nominated, else a classic."""
        planned = [
            (channel, each) for channel in had for each in await self.posts(channel) if each.planned_at == self.now
        ]
        taken = {each.paper_id for _, each in planned if each.origin is Origin.QUEUE}
        for channel, each in planned:
            waiting = [number for number in line if number not in had[channel]]
            if each.origin is Origin.QUEUE and each.paper_id not in waiting:
                self.wrong.append(f"{channel} {each.on}: nobody nominated it")
            if each.origin is Origin.SHELF and not taken.issuperset(waiting):
                self.wrong.append(f"{channel} {each.on}: a classic while {len(waiting)} were nominated")
            self._check_turn(channel, each)

    def _check_turn(self, channel: int, post: DailyPost) -> None:
        if post.origin is Origin.PICK:
            on, _ = self.lists.listed.get(post.paper_id or 0, (date.min, 0))
            if on < self.now.date() - (WINDOW_DAYS + 1) * DAY:
                self.wrong.append(f"{channel} {post.on}: picked as new, but listed on {on}")
        if post.origin is Origin.SHELF and channel == 3:
            self.wrong.append(f"{channel} {post.on}: a classic where silence was chosen")

    async def verdict(self, begun: dict[int, date]) -> None:
        """Look at the whole year of each channel."""
        schedules = {each.channel_id: each for each in await self.daily.schedules(GUILD)}
        for channel, before in begun.items():
            posts = await self.posts(channel)
            wanted = (schedules[channel].planned_through - before).days
            dates = [each.on for each in posts if before < each.on <= schedules[channel].planned_through]
            if len(dates) != wanted or any(later - one != DAY for one, later in pairwise(dates)):
                self.wrong.append(f"{channel}: {len(dates)} rows for {wanted} dates")
            papers = [each.paper_id for each in posts if each.paper_id is not None]
            if len(papers) != len(set(papers)):
                self.wrong.append(f"{channel}: {len(papers) - len(set(papers))} papers twice")
            self.wrong += [
                f"{channel} {each.on}: unexplained"
                for each in posts
                if (each.paper_id is None) == (each.skipped is None) or (each.paper_id and not each.because)
            ]
            self.counts["dates"] += wanted
            self.counts.update(str(each.origin or each.skipped) for each in posts)


async def a_year(storage: Storage, known: Lists, first: date, days: int, *, seed: int = 1) -> Year:
    """So many days from `first` on; what was wrong is in what it returns."""
    now = datetime(first.year, first.month, first.day, tzinfo=UTC)
    year = Year(storage=storage, shelf=starter_shelf(), known=known, now=now, chance=Random(seed))
    begun = await year.begin()
    await year.live(days)
    await year.verdict(begun)
    return year


async def measure(file: Path, days: int) -> int:
    known = lists(file)
    with TemporaryDirectory() as folder:
        async with await open_storage(empty_database(Path(folder) / "papers.db")) as storage:
            year = await a_year(storage, known, max(known) - 120 * DAY, days)
    print(", ".join(f"{count:,} {name}" for name, count in year.counts.most_common()))
    print("\n".join(year.wrong) or "no paper twice in a channel, no date without its row or reason, each in its turn")
    return 1 if year.wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path, nargs="?", default=find_shared("corpus/hf_daily.jsonl.gz"))
    parser.add_argument("--days", type=int, default=365)
    given = parser.parse_args()
    sys.exit(asyncio.run(measure(given.lists, given.days)))


if __name__ == "__main__":
    main()
