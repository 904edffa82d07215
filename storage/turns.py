"""Turns over all processes on the database: one row a family, read and written at once, held by nobody while waiting.

Whose turn it is, `bot.domain.turns` decides.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.flat import instant, moment
from bot.domain.turns import SLACK, Place, Turn, ask, give_back
from bot.errors import OperatorError
from storage.database import Database
from storage.dialects.clock import now_of
from storage.dialects.inserting import put_row
from storage.schema import turns

_log = logging.getLogger(__name__)

_A_MOMENT = timedelta(seconds=0.2)
"""A moment that took longer to be known as ours is over: somebody's next may follow it too soon."""


class Turns:
    """The turns of one process. Among its own tasks, first come is first served.

    `clock` is a wall clock; unless it `is_shared` by all processes on the database, it is set by the database's where
    that has one of its own. `sleep` waits so many seconds.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        *,
        is_shared: bool,
    ) -> None:
        self._database = database
        self._own_clock = clock
        self._is_shared = is_shared
        self._off = timedelta()
        """How far the database's clock is ahead of ours."""
        self._sleep = sleep
        self._who = uuid4().hex
        self._doors: dict[str, asyncio.Lock] = {}
        self._giving_back: dict[str, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def turn(self, family: str, *, every: timedelta) -> AsyncIterator[None]:
        """Hold this family's turn, at the earliest `every` after the previous holder of any process got it."""
        async with self._doors.setdefault(family, asyncio.Lock()):
            began: datetime | None = None
            try:
                while (began := await self._asked(family, every)) is None:
                    pass
                yield
            finally:  # also where asking was cancelled: it may have got the turn all the same
                await self._give_back(family, began)

    async def take_moment(self, family: str, *, every: timedelta) -> None:
        """Wait for a moment at the earliest `every` after the one before; then it is now.

        Nobody holds it, so that nobody who dies in it keeps others waiting; but where the database is too slow for
        that, it is held until it is written down when it was.
        """
        async with self._doors.setdefault(family, asyncio.Lock()):
            await self._settle(family)
            while True:
                at, wait = await self._step(family, every, is_held=False)
                if wait:
                    await self._sleep(wait.total_seconds())
                    continue
                if self._clock() - at <= _A_MOMENT:
                    return
                break
            began: datetime | None = None
            try:
                while (began := await self._asked(family, every)) is None:
                    pass
            except asyncio.CancelledError:
                await self._give_back(family, began)
                raise
            self._giving_back[family] = asyncio.create_task(self._release(family, began), name="gives a turn back")

    async def settle(self) -> None:
        """Wait until every moment that was held is written down."""
        for family in list(self._giving_back):
            await self._settle(family)

    async def _settle(self, family: str) -> None:
        if (giving_back := self._giving_back.get(family)) is not None:
            await asyncio.wait({giving_back})
            self._giving_back.pop(family, None)

    async def _asked(self, family: str, every: timedelta) -> datetime | None:
        """Ask once: when the turn became ours, or None after a wait."""
        asked_at, wait = await self._ask(family, every)
        if wait:
            await self._sleep(wait.total_seconds())
            return None
        began = self._clock()
        return began if began - asked_at <= SLACK else None

    async def _ask(self, family: str, every: timedelta) -> tuple[datetime, timedelta]:
        return await self._step(family, every, is_held=True)

    def _clock(self) -> datetime:
        return self._own_clock() + self._off

    async def _set_clock(self, connection: AsyncConnection) -> None:
        """Ours may have been set since, or be minutes off that of another machine on the same database."""
        if not self._is_shared and self._database.dialect.writers > 1:
            asked_at = self._own_clock()
            self._off = await now_of(connection) - asked_at

    async def _step(self, family: str, every: timedelta, *, is_held: bool) -> tuple[datetime, timedelta]:
        async with self._database.write() as connection:
            await self._set_clock(connection)
            before, now = await _get(connection, family), self._clock()
            after, wait = ask(before, self._who, every=every, now=now)
            if not wait and not is_held:
                after = give_back(after, self._who, started_at=now, now=now)
            if after != before:
                await _put(connection, family, after)
        return now, wait

    async def _give_back(self, family: str, began: datetime | None) -> None:
        """Give the turn back, and finish that when cancelled: others would wait for the lease to run out."""
        work = asyncio.create_task(self._release(family, began), name="gives a turn back")
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            raise

    async def _release(self, family: str, began: datetime | None) -> None:
        """What goes wrong here costs others a wait, and the caller nothing of what it fetched."""
        try:
            async with self._database.write() as connection:
                before = await _get(connection, family)
                if before:
                    after = give_back(before, self._who, started_at=began, now=self._clock())
                    await _put(connection, family, after)
        except OperatorError as error:
            _log.warning("turn_kept family=%s until=lease_runs_out error=%r", family, str(error))


async def _get(connection: AsyncConnection, family: str) -> Turn | None:
    row = (await connection.execute(select(turns).where(turns.c.family == family).with_for_update())).one_or_none()
    if row is None:
        return None
    line = tuple(Place(who=who, until=moment(until)) for who, until in json.loads(row.line))
    return Turn(started_at=row.started_at, holder=row.holder, lease_until=row.lease_until, line=line)


async def _put(connection: AsyncConnection, family: str, turn: Turn) -> None:
    row = {
        "family": family,
        "started_at": turn.started_at,
        "holder": turn.holder,
        "lease_until": turn.lease_until,
        "line": json.dumps([[each.who, instant(each.until)] for each in turn.line]),
    }
    await put_row(connection, turns, row)
