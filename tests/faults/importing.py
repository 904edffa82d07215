"""Kills imports at random moments and runs them again: `python -m tests.faults.importing FILE --kills 20`.

After each rerun the counts must be exact and the database whole. The import is a real process and the signal is
`SIGKILL`. Prints a line a kill and ends with exit code 1 at the first thing lost.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any


def command(file: Path) -> list[str]:
    return [sys.executable, "-m", "bot", "import", str(file), "--json"]


def import_whole(file: Path, database: Path) -> tuple[dict[str, Any], float]:
    """Import to the end; the report and the seconds it took."""
    started = time.perf_counter()
    done = subprocess.run(command(file), env=environment(database), check=True, capture_output=True, text=True)
    return json.loads(done.stdout), time.perf_counter() - started


def import_killed(file: Path, database: Path, after: float) -> bool:
    """Start an import and kill it after this many seconds; whether it was still running."""
    with subprocess.Popen(command(file), env=environment(database), stdout=subprocess.DEVNULL) as running:
        try:
            running.wait(after)
        except subprocess.TimeoutExpired:
            running.kill()
            return True
    return False


def environment(database: Path) -> dict[str, str]:
    return {**os.environ, "PAPERBOY_DATABASE_URL": f"sqlite:///{database}"}


def stored(database: Path) -> tuple[int, str]:
    """How many papers the database holds, and SQLite's verdict on it."""
    with closing(sqlite3.connect(database)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'papers'").fetchone():
            return 0, "ok"
        (count,) = connection.execute("SELECT count(*) FROM papers").fetchone()
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    return count, verdict


def kill_once(file: Path, folder: Path, after: float, expected: int) -> str | None:
    """Kill one import and run it again; what is wrong then, or None."""
    database = folder / "papers.db"
    killed = import_killed(file, database, after)
    kept = stored(database)[0] if database.exists() else 0
    report, seconds = import_whole(file, database)
    count, verdict = stored(database)
    print(f"killed={killed} after={after:.2f}s kept={kept} rerun={seconds:.1f}s stored={count} integrity={verdict}")
    accounted = report["added"] + report["revised"] + report["unchanged"] + report["rejected"]
    wrong = count != expected or verdict != "ok" or accounted != report["read"] or report["added"] != expected - kept
    return f"expected {expected} papers, {expected - kept} of them added by the rerun: {report}" if wrong else None


def run(file: Path, kills: int, seed: int) -> int:
    """Kill `kills` imports of `file`, each in a database of its own; the exit code."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        _, whole = import_whole(file, Path(folder) / "whole.db")
        expected, _ = stored(Path(folder) / "whole.db")
    print(f"undisturbed: {expected} papers in {whole:.1f} s")
    for _ in range(kills):
        with tempfile.TemporaryDirectory() as folder:
            wrong = kill_once(file, Path(folder), chance.uniform(0, whole), expected)
        if wrong:
            print(wrong)
            return 1
    print(f"{kills} kills: every rerun completed the import, with exact counts and a whole database")
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(run(given.file, given.kills, given.seed))


if __name__ == "__main__":
    main()
