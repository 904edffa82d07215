"""A wall clock that runs faster than the real one, alike in every process: what takes minutes is tested in seconds."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FastTime:
    """Time that runs `times` as fast; it was `begins` when the real clock showed `began_at`, seconds since 1970."""

    times: float
    began_at: float
    begins: datetime = datetime(2026, 6, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.begins + timedelta(seconds=(time.time() - self.began_at) * self.times)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.times)

    def real(self, length: timedelta) -> timedelta:
        """How long this lasts for the rest of the world."""
        return length / self.times
