"""Processes of their own that have everything imported already, so that starting one takes a moment."""

import asyncio
import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess

_LOADED = [
    "tests.faults.ingest_once",
    "tests.faults.deliver_on",
    "alembic.command",
    "bot.__main__",
    "bot.by_hand",
    "bot.playground",
    "bot.services.imports",
    "bot.services.search",
    "bot.sources.formats",
    "bot.terminal",
    "bot.terminal_sources",
    "rich.console",
    "rich.progress",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "storage.dialects.postgresql",
    "typer.rich_utils",
]
"""What the work that is begun here imports; not numpy, whose threads no fork should meet."""


def begun(work: Callable[..., object], *told: object) -> ForkServerProcess:
    """A process that has begun this work; whoever begins it sees to its end."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(_LOADED)
    process = processes.Process(target=work, args=told)
    process.start()
    return process


def end_of(process: ForkServerProcess, *, within: float) -> int:
    """Wait for its end, so many seconds at most; what it ended with. Raises TimeoutError."""
    process.join(within)
    if process.exitcode is None:
        raise TimeoutError(f"process {process.pid} did not end within {within:.0f} s")
    return process.exitcode


async def ended(process: ForkServerProcess, *, within: float) -> int:
    """The same, while the loop does something else."""
    return await asyncio.to_thread(end_of, process, within=within)


def stop(process: ForkServerProcess) -> None:
    """Kill it, if it still runs, and leave nothing of it."""
    process.kill()
    process.join()
    process.close()
