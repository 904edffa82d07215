"""What the measurements share: how late the event loop is, how much memory a process took, percentiles."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_TICK = 0.002
_TOLD = {"p50": 50, "p99": 99, "max": 100}


class LoopLag:
    """How many seconds late the event loop woke a task that asked for 2 ms, each time.

    And how long its thread worked until then: the rest of the time the processors were busy with something else, or
    were not this machine's at all.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.worked = 0.0
        """The most processor seconds that the loop's thread took between two wakings."""

    async def _watch(self) -> None:
        while True:
            asked, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_TICK)
            self.seconds.append(time.perf_counter() - asked - _TICK)
            self.worked = max(self.worked, time.thread_time() - worked)

    def add(self, other: "LoopLag") -> None:
        """Take in what was measured at another time."""
        self.seconds += other.seconds
        self.worked = max(self.worked, other.worked)

    def __str__(self) -> str:
        late = ", ".join(f"{name} {percentile(self.seconds, each) * 1e3:.1f}" for name, each in _TOLD.items())
        return f"{late} ms (its own work {self.worked * 1e3:.1f} ms at most)"


@asynccontextmanager
async def watched_loop() -> AsyncIterator[LoopLag]:
    """Measure the running event loop's lag while the block runs."""
    lag = LoopLag()
    watching = asyncio.create_task(lag._watch())
    try:
        yield lag
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


def peak_memory_mib(pid: int | str = "self") -> float:
    """The most resident memory the process ever had (Linux: VmHWM), in MiB."""
    return _status_mib(pid, "VmHWM")


def resident_mib(pid: int | str = "self") -> float:
    """The memory the process has resident now (Linux: VmRSS), in MiB."""
    return _status_mib(pid, "VmRSS")


def _status_mib(pid: int | str, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"no {field} for process {pid}")
