"""Measures the bot as a person meets it: `python -m tests.benchmarks.commands`.

Prints how long 500 slash commands through the fake Discord take, how soon after its start a playground on an
existing database is ready, and how much memory it then holds.
"""

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import percentile, resident_mib, watched_loop
from tests.lab import opened_lab

COMMANDS = 500


async def typed(url: str) -> None:
    took = []
    async with opened_lab(database_url=url) as lab:
        ada = lab.person("ada")
        gc.freeze()  # as the bot does once it is ready; here the pretend Discord and its judge live in the same process
        async with watched_loop() as lag:
            for number in range(COMMANDS):
                started = time.perf_counter()
                await ada.slash("search", query=("diffusion models", "attention", "author:bengio")[number % 3])
                took.append(time.perf_counter() - started)
    print(f"{COMMANDS} slash commands: {sum(took):.2f} s (median {percentile(took, 50) * 1e3:.1f} ms); loop lag {lag}")


def playground(url: str) -> tuple[float, float]:
    """Start a playground; the seconds until it says where its page is, and MiB resident then."""
    command = [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0"]
    environment = {**os.environ, "PAPERBOY_DATABASE_URL": url}
    started = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        seconds = time.perf_counter() - started
        assert "http://" in line, line
        resident = resident_mib(running.pid)
        running.terminate()
    assert running.returncode == 0, running.returncode
    return seconds, resident


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/papers.db"
        print("playground on a new database: ready in {:.2f} s, {:.0f} MiB resident".format(*playground(url)))
        runs = [playground(url) for _ in range(5)]
        seconds, resident = (percentile([run[index] for run in runs], 50) for index in (0, 1))
        print(f"on an existing one, median of 5: ready in {seconds:.2f} s, {resident:.0f} MiB resident")
        asyncio.run(typed(url))


if __name__ == "__main__":
    main()
