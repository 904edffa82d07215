"""Copies a database from SQLite to PostgreSQL and back, killed again and again: `python -m tests.faults.copying`.

The copies are real processes and the signal is `SIGKILL`, at moments spread over what there is to do. In the end what
came back must be what went there, row by row, as SQLite itself compares them, and every checksum the same. Prints how
long it took, papers a second and the most memory that a process had. Ends with exit code 1 where anything differs.
"""

import argparse
import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from storage import open_storage
from storage.copying.rows import NOT_COPIED
from storage.schema import metadata
from tests.command_line import environment
from tests.everything import fill_everything
from tests.postgresql import Server, server

_LOOK_EVERY = 0.05
_HELD = (
    "SELECT (SELECT count(*) FROM papers) + (SELECT count(*) FROM deliveries) + (SELECT count(*) FROM subscriptions), "
    "(SELECT count(*) FROM paper_titles)"
)
"""How many rows are copied, of the big tables, and how many papers indexed."""


@dataclass(slots=True)
class Run:
    """What the copies one way came to."""

    kills: int = 0
    seconds: float = 0.0
    memory: int = 0
    """Kilobytes, the most that any of the processes had."""
    report: dict[str, Any] = field(default_factory=dict)

    def told(self, way: str, papers: int) -> str:
        return (
            f"{way}: killed {self.kills} times and finished; {self.seconds:.0f} s in all, "
            f"{papers / self.seconds:,.0f} papers/s, {self.memory / 1024:.0f} MB at most; {self.report['rows']:,} rows"
        )


def copy_killed(source: str, target: str, done: Callable[[], float], kills: list[float]) -> Run:
    """Copy, killed whenever so much is `done`, of 2 in all; what it came to."""
    run = Run()
    while True:
        began = time.perf_counter()
        command = [sys.executable, "-m", "bot", "copy", source, target, "--json"]
        with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
            is_killed = bool(kills) and _killed(process, done, kills[0])
            written = process.stdout.read() if process.stdout else b""
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        run.seconds += time.perf_counter() - began
        run.memory = max(run.memory, used.ru_maxrss)
        if not is_killed:
            assert process.returncode == 0, written
            run.report = json.loads(written)
            return run
        kills.pop(0)
        run.kills += 1


def _killed(process: subprocess.Popen[bytes], done: Callable[[], float], at: float) -> bool:
    """Kill the process once so much is done; whether it ran until then."""
    while process.poll() is None:
        if done() >= at:
            process.kill()
            return True
        time.sleep(_LOOK_EVERY)
    return False


def in_file(path: Path, wanted: int, papers: int) -> Callable[[], float]:
    """How much of a copy is done in a file."""

    def done() -> float:
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
            rows, indexed = opened.execute(_HELD).fetchone()
            return float(rows / wanted + indexed / papers)
        return 0.0

    return done


def in_server(url: str, wanted: int, papers: int) -> Callable[[], float]:
    """How much of a copy is done in a database of PostgreSQL."""

    async def looked() -> float:
        connection = await asyncpg.connect(url)
        try:
            rows, indexed = await connection.fetchrow(_HELD)
            return float(rows / wanted + indexed / papers)
        except asyncpg.PostgresError:
            return 0.0
        finally:
            await connection.close()

    return lambda: asyncio.run(looked())


def differences(one: Path, other: Path) -> list[str]:
    """Tables that do not hold the same rows, as SQLite compares them, and give out the same numbers next."""
    wrong = []
    with closing(sqlite3.connect(one)) as opened:
        opened.execute("ATTACH ? AS other", (str(other),))
        known = "WHERE key NOT IN ('index', 'indexed through', 'copied')"
        for table in (*(each.name for each in metadata.sorted_tables if each not in NOT_COPIED), "sqlite_sequence"):
            which = known if table == "meta" else ""
            for first, second in (("main", "other"), ("other", "main")):
                here, there = f"SELECT * FROM {first}.{table} {which}", f"SELECT * FROM {second}.{table}"  # noqa: S608
                asked = f"{here} EXCEPT {there} LIMIT 1"
                if found := opened.execute(asked).fetchall():
                    wrong.append(f"{table}: {found[0]!r:.200} is in one of them alone")
    return wrong


async def _fill(url: str, papers: int) -> None:
    rows = {"papers": papers, "subscriptions": papers // 10, "deliveries": papers // 2, "external_ids": papers}
    async with await open_storage(url) as storage:
        await fill_everything(storage._database, rows, others=min(papers, 1_000))


def run(started: Server, papers: int, kills: int, seed: int) -> int:
    """Copy so many papers, and what belongs to them, there and back; the exit code."""
    chance = random.Random(seed)
    wanted = papers + papers // 10 + papers // 2
    with tempfile.TemporaryDirectory() as folder:
        first, last = Path(folder) / "first.db", Path(folder) / "last.db"
        between = started.new()
        asyncio.run(_fill(f"sqlite:///{first}", papers))
        print(f"{papers:,} papers, {papers // 10:,} topics, {papers // 2:,} deliveries are made", flush=True)

        def moments() -> list[float]:
            return sorted(chance.uniform(0.02, 1.98) for _ in range(kills))

        there = copy_killed(f"sqlite:///{first}", between, in_server(between, wanted, papers), moments())
        print(there.told("SQLite to PostgreSQL", papers), flush=True)
        back = copy_killed(between, f"sqlite:///{last}", in_file(last, wanted, papers), moments())
        print(back.told("PostgreSQL to SQLite", papers), flush=True)
        wrong = differences(first, last)
    if there.report["tables"] != back.report["tables"]:
        wrong.append("the checksums differ")
    if (there.kills, back.kills) != (kills, kills):
        wrong.append("a copy was done before it was killed as often as it should be")
    for each in wrong:
        print(each)
    print("different" if wrong else f"the same, row by row, in all {len(there.report['tables'])} tables")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=5, help="each way")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with server() as started:
        sys.exit(run(started, given.papers, given.kills, given.seed))


if __name__ == "__main__":
    main()
