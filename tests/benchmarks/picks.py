"""How good papers of the day are, on a file of Hugging Face's daily lists with the votes of each day.

python -m tests.benchmarks.picks [LISTS.jsonl.gz]
"""

import argparse
import asyncio
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

from bot.domain.analysis import prepare
from bot.domain.papers import DateKind, FoundPaper, KnownPaper, Paper, paper_from
from bot.domain.picks import WINDOW_DAYS, Candidate, best
from bot.domain.promise import ENOUGH, Experience
from bot.domain.schedules import DailyPost, Origin, Schedule, SkipReason
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Storage
from bot.services.picking import Picking
from bot.shelf import starter_shelf
from storage import open_storage
from tests.empty import empty_database
from tests.shared import find_shared

DAY = timedelta(days=1)
GUILD, CHANNEL = 1, 10
Lists = Mapping[date, Sequence[Paper]]
"""What was listed on each day, with the votes as they stood by its end."""


def lists(file: Path) -> Lists:
    """The daily lists of a file, the earliest first."""
    found: defaultdict[date, list[Paper]] = defaultdict(list)
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            found[date.fromisoformat(told["hf_date"])].append(paper_from(_found(told)))
    return {day: found[day] for day in sorted(found)}


def _found(told: dict[str, Any]) -> FoundPaper:
    return FoundPaper(
        title=told["title"],
        abstract=told["abstract"],
        authors=tuple(told["authors"]),
        ids=(told["id"],),
        published_at=datetime.fromisoformat(told["published"]),
        published_kind=DateKind.SUBMITTED,
        code_url=told["github"],
        upvotes=told["upvotes"],
        source="hf_daily",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Where on one day's list papers stood by votes that were chosen before any was in: 0 is the top, 100 the end."""

    day: date
    picked: float
    newest: float
    by_chance: float
    is_enough: bool
    """Whether what was picked reaches the threshold of a channel that chooses from everything."""


def foreseen(known: Lists) -> Iterator[Foreseen]:
    """What is picked of each day's list while nobody has voted, by what was learned from the days before it alone."""
    experience, chance = Experience(), Random(1)
    for day, papers in known.items():
        if experience.papers >= ENOUGH and len(papers) > 1:
            candidates = [_without_votes(number, paper, day) for number, paper in enumerate(papers)]
            expected = {each.paper.id: experience.expect(each.paper.paper) for each in candidates}
            promises = {number: told for number, told in expected.items() if told}
            choice = best(candidates, promises, today=day, is_narrow=True)
            assert choice
            newest = max(range(len(papers)), key=lambda each: (papers[each].published_at, papers[each].ids))
            yield Foreseen(
                day=day,
                picked=place(papers, choice.paper.id),
                newest=place(papers, newest),
                by_chance=place(papers, chance.randrange(len(papers))),
                is_enough=best(candidates, promises, today=day, is_narrow=False) is not None,
            )
        for paper in sorted(papers, key=lambda each: (each.published_at, each.ids)):
            experience.learn(paper, paper.upvotes or 0)


def _without_votes(number: int, paper: Paper, day: date) -> Candidate:
    seen = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Candidate(paper=KnownPaper(id=number, paper=paper, first_seen_at=seen), since=day, is_listed=True)


def place(papers: Sequence[Paper], number: int) -> float:
    """What share of the other papers had more votes than this one, in percent; those with as many count half."""
    votes = [each.upvotes or 0 for each in papers]
    mine = votes[number]
    return 100 * (sum(each > mine for each in votes) + (votes.count(mine) - 1) / 2) / (len(votes) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one date of a channel brought."""

    on: date
    origin: Origin | None = None
    number: int | None = None
    votes: int = 0
    most: int = 0
    """The votes of the most voted paper that it might have been."""
    newer: int = 0
    """By how many days it was listed later than that one."""
    because: str = ""
    seconds: float = 0.0
    """Of a processor, for the pick."""


@dataclass(slots=True)
class Shelf:
    """The lists that are out by now."""

    storage: Storage
    listed: dict[int, tuple[date, int]] = field(default_factory=dict)
    """When each paper was listed, and its votes."""

    async def put(self, day: date, papers: Sequence[Paper]) -> None:
        now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        async with self.storage.write() as transaction:
            put = await transaction.put_papers([prepare(each) for each in papers], now=now)
            counts = [
                UpvoteCount(paper_id=each.paper_id, on=day, upvotes=paper.upvotes or 0)
                for each, paper in zip(put, papers, strict=True)
            ]
            await transaction.put_upvotes(counts)
        self.listed |= {each.paper_id: (day, each.upvotes) for each in counts}

    def most(self, had: set[int], since: date) -> tuple[int, date]:
        """The votes of the most voted paper listed since then that was not posted, and when it was listed."""
        left = [(votes, on) for number, (on, votes) in self.listed.items() if on >= since and number not in had]
        return max(left, default=(0, since))


async def replayed(storage: Storage, known: Lists, first: date, days: int) -> list[Outcome]:
    """A channel's dates, each at five in the morning: the lists of the days before are out, with their votes."""
    shelf, picking = Shelf(storage), Picking(storage, starter_shelf)
    schedule = Schedule(
        guild_id=GUILD,
        channel_id=CHANNEL,
        created_by=1,
        created_at=datetime(first.year, first.month, first.day, tzinfo=UTC),
        planned_through=first - DAY,
    )
    outcomes: list[Outcome] = []
    had: set[int] = set()
    for on in (first + number * DAY for number in range(days)):
        now = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
        started = time.process_time()
        picked = await picking.pick(schedule, on, now=now)
        took = time.process_time() - started
        row = DailyPost(channel_id=CHANNEL, on=on, guild_id=GUILD, planned_at=now)
        number = picked.paper.id if picked else None
        most, listed_on = shelf.most(had, on - WINDOW_DAYS * DAY)
        mine, votes = shelf.listed.get(number or 0, (listed_on, 0))
        outcome = Outcome(on=on, number=number, votes=votes, most=most, newer=(mine - listed_on).days, seconds=took)
        if picked:
            outcome = replace(outcome, origin=picked.origin, because=picked.because)
            row = replace(row, paper_id=number, origin=picked.origin, because=picked.because)
            had.add(picked.paper.id)
        else:
            row = replace(row, skipped=SkipReason.NOTHING)
        async with storage.write() as transaction:
            await transaction.add_daily_posts([row])
        outcomes.append(outcome)
        await shelf.put(on, known.get(on, ()))
    return outcomes


def told(outcomes: Sequence[Outcome]) -> str:
    """The replay in a few lines, each date that was not given to the most voted paper explained."""
    picks = [each for each in outcomes if each.origin is Origin.PICK]
    others = [each for each in picks if each.votes < each.most]
    numbers = [each.number for each in outcomes if each.number is not None]
    origins = Counter(each.origin.value if each.origin else "nothing" for each in outcomes)
    lines = [
        f"{len(outcomes)} dates: {', '.join(f'{count} {origin}' for origin, count in origins.items())}; "
        f"{len(numbers) - len(set(numbers))} papers twice",
        f"the most voted paper not posted before: {len(picks) - len(others)} of {len(picks)} picks "
        f"({100 * (1 - len(others) / max(1, len(picks))):.1f} %)",
        *(f"  {each.on}: {each.votes} votes and not {each.most}, for it is {each.newer} days newer" for each in others),
        *(
            f"  {each.on}: nothing new was good enough; the best had {each.most} votes"
            for each in _early_gaps(outcomes)
        ),
        f"a pick took {1000 * median(each.seconds for each in outcomes):.0f} ms of a processor in the median",
    ]
    return "\n".join(lines)


def _early_gaps(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The dates without a pick before the last pick."""
    last = max((each.on for each in outcomes if each.origin is Origin.PICK), default=date.min)
    return [each for each in outcomes if each.origin is not Origin.PICK and each.on < last]


async def measure(file: Path) -> None:
    known = lists(file)
    first, last = min(known), max(known)
    print(f"{sum(map(len, known.values())):,} papers on {len(known)} lists from {first} to {last}\n")
    print("Votes known")
    print(told(await _on_an_empty_shelf(known, first, (last - first).days + 2)))
    print("\nVotes not in yet: the median place by the day's votes, of 100, where 0 is the top")
    started = time.process_time()
    places = list(foreseen(known))
    took = time.process_time() - started
    for name in ("picked", "newest", "by_chance"):
        values = [getattr(each, name) for each in places]
        print(f"{name:10} median {median(values):4.1f}  mean {mean(values):4.1f}")
    enough = [each.picked for each in places if each.is_enough]
    print(f"{len(places)} days; {len(enough)} picks are enough for any channel, with a median of {median(enough):.1f}")
    print(f"learned and picked in {took:.1f} s of a processor\n")
    print("A year that begins in the last months of lists")
    print(told(await _on_an_empty_shelf(known, last - 100 * DAY, 365)))


async def _on_an_empty_shelf(known: Lists, first: date, days: int) -> list[Outcome]:
    with TemporaryDirectory() as folder:
        async with await open_storage(empty_database(Path(folder) / "papers.db")) as storage:
            return await replayed(storage, known, first, days)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path, nargs="?", default=find_shared("corpus/hf_daily.jsonl.gz"))
    asyncio.run(measure(parser.parse_args().lists))


if __name__ == "__main__":
    main()
