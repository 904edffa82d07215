"""What the measurements share: how late the event loop is, how much memory a process took, percentiles."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

_TICK = 0.002


class LoopLag:
    """How many seconds late the event loop woke a task that asked for 2 ms, each time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def _watch(self) -> None:
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(_TICK)
            self.seconds.append(time.perf_counter() - asked - _TICK)

    def __str__(self) -> str:
        return f"p50 {percentile(self.seconds, 50) * 1e3:.1f}, p99 {percentile(self.seconds, 99) * 1e3:.1f}, " + (
            f"max {max(self.seconds) * 1e3:.1f} ms"
        )


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
