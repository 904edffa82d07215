"""Processes of their own that have everything imported already, so that starting one takes a moment."""

import asyncio
import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess


def begun(work: Callable[..., object], *told: object) -> ForkServerProcess:
    """A process that has begun this work; whoever begins it sees to its end."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.faults.ingest_once", "tests.faults.deliver_on"])
    process = processes.Process(target=work, args=told)
    process.start()
    return process


async def ended(process: ForkServerProcess, *, within: float) -> int:
    """Wait for its end, so many seconds at most; what it ended with. Raises TimeoutError."""
    await asyncio.to_thread(process.join, within)
    if process.exitcode is None:
        raise TimeoutError(f"process {process.pid} did not end within {within:.0f} s")
    return process.exitcode


def stop(process: ForkServerProcess) -> None:
    """Kill it, if it still runs, and leave nothing of it."""
    process.kill()
    process.join()
    process.close()
