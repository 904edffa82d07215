"""Keeps the bot at work for long: `python -m tests.faults.soak --minutes 60`.

The bot is a process of its own on a library that its caches cannot hold, with twenty servers that follow topics, get
digests and a paper of the day. Every few seconds some hours go by for it, with new papers; people type and press
meanwhile, and Discord cuts the connection, refuses and errs now and then. Prints what the bot holds each minute:
memory, and what of it is Python's, tasks, threads, open files, how late its event loop was. At first a crowd warms it
up, for in years every cache is full. Exit code 1: after that its memory grows by over 1 MiB an hour, it holds more
tasks, threads or files than before, the loop is over 25 ms late at the 99th percentile, or Discord would have refused
something. In under ten minutes only a task too many counts.
"""

import argparse
import asyncio
import json
import math
import sqlite3
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from random import Random

from bot.fakediscord.answers import Answer, Unanswered
from bot.fakediscord.people import Person
from bot.fakediscord.permissions import named
from bot.fakediscord.server import FakeDiscord
from tests.benchmarks.made_library import library
from tests.benchmarks.measure import percentile
from tests.cogs.following import follow
from tests.cogs.schedules import start

_SERVERS = 20
_CROWD = 4
"""People at once while it warms up, who do one thing right after the other."""
_LIBRARY = 20_000
_HOURS = 4
"""That go by at once."""
_PAPERS = 20
"""That are new each time."""
_QUERIES = ("diffusion", "protein OR genome", "author:tensor", "cat:cs.CL reasoning", "galaxy", "attention -robot")
_LOOKS = ("topic list", "daily history", "trending", "status")
_MOST_GROWTH = 1.0
"""MiB an hour."""
_MOST_LATE = 25.0
_JUDGED_FROM = 600.0
"""Seconds; in a shorter run caches still fill, and connections are still opened."""
_MORE = 3
"""Tasks, threads or files that may be there at one time and not at another."""


def _settle(discord: FakeDiscord) -> list[Person]:
    """Servers, each with somebody who manages its channels."""
    people = []
    for number in range(_SERVERS):
        guild = discord.add_guild(f"Reading group {number}")
        for name in ("papers", "general"):
            discord.add_channel(guild, name)
        people.append(discord.add_person(f"p{number}", guild=guild, permissions=named(manage_channels=True)))
    return people


async def _set_up(person: Person, number: int) -> None:
    await follow(person, _QUERIES[number % len(_QUERIES)], most_per_day=5)
    await follow(person, _QUERIES[(number + 1) % len(_QUERIES)], when="daily")
    await start(person, time=f"{number % 24:02}:00", weekdays="every day")


def _titles(database: Path) -> list[str]:
    """Some of the library's, from all over it."""
    with closing(sqlite3.connect(database)) as connection:
        return [each for (each,) in connection.execute("SELECT title FROM papers WHERE id % 10 = 0 ORDER BY id")]


async def _use(people: Sequence[Person], titles: Sequence[str], chance: Random, pause: float) -> None:
    """People who type, press and look, one thing after the other, for ever, each time at something else."""
    while True:
        person, title = chance.choice(people), chance.choice(titles)
        query = chance.choice((*_QUERIES, title, chance.choice(title.split())))
        with suppress(Unanswered):  # the connection was cut under it
            await _act(person, query, chance)
        await asyncio.sleep(pause)


async def _act(person: Person, query: str, chance: Random) -> Answer | None:
    match chance.randint(0, 7):
        case 0 | 1:
            await person.complete("search", option="query", text=query[: chance.randint(1, len(query))])
        case 2:
            found = await person.slash("search", query=query)
            if any(each.label == "Details" for each in found.buttons):
                return await person.press(found.message, "Details")
        case 3:
            return await person.slash("paper show", paper=query)
        case _:
            return await person.slash(chance.choice(_LOOKS))
    return None


async def _disturb(discord: FakeDiscord, chance: Random, pause: float) -> None:
    """Discord as it is now and then."""
    while True:
        await asyncio.sleep(pause * chance.uniform(0.5, 1.5))
        match chance.randint(0, 3):
            case 0:
                discord.gateway.cut()
            case 1:
                discord.gateway.reconnect()
            case 2:
                discord.faults.next("POST", "/channels/{channel_id}/messages", status=502)
            case _:
                discord.faults.next("POST", "/channels/{channel_id}/messages", status=429, retry_after=0.2)


async def _said(bot: Process) -> dict[str, float]:
    assert bot.stdout is not None
    line = await bot.stdout.readline()
    if not line:
        raise SystemExit(f"the bot ended with {await bot.wait()}")
    told: dict[str, float] = json.loads(line)
    return told


async def run(
    folder: Path, minutes: float, *, warm_up: float, pause: float = 2.0, seed: int = 1
) -> list[dict[str, float]]:
    """What the bot held after each leap of its time, `pause` seconds apart, for so many minutes after warming up."""
    chance = Random(seed)
    samples: list[dict[str, float]] = []
    async with FakeDiscord() as discord:
        people = _settle(discord)
        await discord.start()
        database = await library(folder, _LIBRARY)
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.soaked", f"sqlite:///{database}",
            discord.api_url, discord.gateway_url, stdin=PIPE, stdout=PIPE,
        )  # fmt: skip
        assert bot.stdin is not None
        try:
            await _said(bot)
            for number, person in enumerate(people):
                await _set_up(person, number)
            titles = _titles(database)
            busy = [
                asyncio.create_task(_use(people, titles, chance, pause / 4)),
                asyncio.create_task(_disturb(discord, chance, pause * 20)),
            ]
            warming = [asyncio.create_task(_use(people, titles, chance, 0)) for _ in range(_CROWD)]
            begun = time.monotonic()
            while (at := time.monotonic() - begun) < (warm_up + minutes) * 60:
                if at >= warm_up * 60:
                    await _end(warming)
                asked = {"hours": _HOURS, "first": len(samples) * _PAPERS, "papers": _PAPERS}
                bot.stdin.write(f"{json.dumps(asked)}\n".encode())
                samples.append(await _said(bot) | {"at": at})
                if len(samples) == 1 or at // 60 > samples[-2]["at"] // 60:
                    print(_line(samples[-1], len(samples) * _HOURS), flush=True)
                await asyncio.sleep(pause)
            await _end(warming)
            await _end(busy)
        finally:
            bot.stdin.close()
            await bot.wait()
        assert discord.violations == [], discord.violations
    return [each for each in samples if each["at"] >= warm_up * 60]


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Stop them, none of which may have ended by itself."""
    for each in tasks:
        each.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended
    tasks.clear()


def _line(told: dict[str, float], hours: int) -> str:
    return (
        f"{told['at'] / 60:5.1f} min, {hours / 24:5.1f} days of the bot: {told['memory']:.1f} MiB, "
        f"{told['blocks'] / 1e3:.0f} thousand blocks of Python, "
        f"{told['tasks']:.0f} tasks, {told['threads']:.0f} threads, {told['files']:.0f} files, loop late p99 "
        f"{told['lag_p99']:.1f} max {told['lag_max']:.1f} ms, {told['papers']:.0f} papers, "
        f"{told['deliveries']:.0f} deliveries"
    )


def growth(samples: Sequence[dict[str, float]]) -> float:
    """MiB an hour by which memory grows: the slope of the straight line nearest to these samples."""
    hours = [each["at"] / 3600 for each in samples]
    memory = [each["memory"] for each in samples]
    middle, mean = sum(hours) / len(hours), sum(memory) / len(memory)
    spread = sum((each - middle) ** 2 for each in hours)
    if not spread:
        raise SystemExit("one look tells of no growth: let it run for some minutes")
    return sum((each - middle) * (held - mean) for each, held in zip(hours, memory, strict=True)) / spread


def verdict(samples: Sequence[dict[str, float]]) -> list[str]:
    """What is wrong with a run."""
    wrong = []
    grown = growth(samples)
    late = percentile([each["lag_p99"] for each in samples], 50)
    print(f"memory grows by {grown:.2f} MiB an hour; loop late p99 {late:.1f} ms (median of the samples)")
    is_long = samples[-1]["at"] - samples[0]["at"] > _JUDGED_FROM
    print("judged by all of this" if is_long else "too short to be judged by more than its tasks")
    if is_long and grown > _MOST_GROWTH:
        wrong.append("memory grows")
    if is_long and late > _MOST_LATE:
        wrong.append("the event loop is late")
    third = math.ceil(len(samples) / 3)
    for what in ("tasks", "threads", "files"):
        first, last = (min(each[what] for each in some) for some in (samples[:third], samples[-third:]))
        print(f"{what}: {first:.0f} at first, {last:.0f} in the end")
        if last > first + _MORE and (is_long or what == "tasks"):
            wrong.append(f"{what} are left over")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=10, help="minutes before that, in which a crowd fills caches")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between one leap of its time and the next")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        samples = asyncio.run(run(Path(folder), given.minutes, warm_up=given.warm_up, pause=given.pause))
    if wrong := verdict(samples):
        sys.exit(f"not well: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
