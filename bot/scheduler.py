"""The alarm clock: wakes what is due, when it is due. What is due is known from our own tables, never from here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.errors import OperatorError

_log = logging.getLogger(__name__)

LONGEST_SLEEP = timedelta(minutes=15)
"""Then it looks again: another process may have changed what is due, or somebody the clock."""

PAUSE_AFTER_FAULT = timedelta(minutes=5)


class Scheduler:
    """Calls `work` whenever `next_at` says that something is due, and once at the start.

    Its jobs live in memory and are made anew after each call. APScheduler's own time is the system's.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[object]],
        next_at: Callable[[], Awaitable[datetime | None]],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._work = work
        self._next_at = next_at
        self._clock = clock
        self._ring = asyncio.Event()

    async def run(self) -> None:
        """Wake and work until cancelled; work that is under way is cancelled with it."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        alarms = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True})
        alarms.start()
        try:
            while True:
                at = await self._worked()
                alarms.add_job(self._wake, DateTrigger(at), id="wake", replace_existing=True)
                await self._ring.wait()
                self._ring.clear()
        finally:
            alarms.shutdown(wait=False)
            await asyncio.sleep(0)  # it shuts down on the next turn of the loop

    async def _wake(self) -> None:
        self._ring.set()

    async def _worked(self) -> datetime:
        """Do what is due; when to wake next. A fault ends nothing."""
        try:
            await self._work()
            at = await self._next_at()
        except OperatorError as error:
            _log.warning("scheduled work failed, trying again in %d s: %s", PAUSE_AFTER_FAULT.total_seconds(), error)
        except Exception:
            _log.error("fault in scheduled work", exc_info=True)
        else:
            latest = self._clock() + LONGEST_SLEEP
            return min(at, latest) if at else latest
        return self._clock() + PAUSE_AFTER_FAULT
