"""A few reading connections that answer questions in bounded time, first come, first served. Knows no table.

A question is a function that runs from its first statement to its last in one thread: one handing over, however many
statements it takes. Who waits stands in one line, so that nobody's second question comes before another's first.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from bot.domain.patience import Patience
from bot.errors import UserError

MOST_WAITING = 1_000
"""Questions that may wait; the next is refused, for its answer would come too late."""
_INTERRUPT_EVERY = 0.02

Result = TypeVar("Result")


class OutOfTime(Exception):  # noqa: N818 (no error: the question says what it found until then)
    """The time of this turn is over."""


class Turn:
    """One question's turn on a connection, in whose thread everything but `interrupt` happens.

    All its statements see the library as it was when the first of them ran.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._seconds = patience.left
        self._ends_at: float | None = None
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        self.is_cut = False
        """Whether something was left out because time was over."""

    def fetch(self, statement: str, parameters: tuple[object, ...] = ()) -> list[Any]:
        """All rows of a statement. Raises OutOfTime."""
        with self._bounded() as connection:
            return connection.execute(statement, parameters).fetchall()

    def fetch_in_time(self, statement: str, parameters: tuple[object, ...] = ()) -> list[Any]:
        """The rows of a statement that come before time is over, all of them in the usual case."""
        found: list[Any] = []
        with suppress(OutOfTime), self._bounded() as connection:
            found.extend(connection.execute(statement, parameters))  # one by one: those before an error are kept
        return found

    def check(self) -> None:
        """Raise OutOfTime where time is over: for work that asks for nothing in between."""
        if self._is_over():
            self.is_cut = True
            raise OutOfTime

    def end_hurry(self) -> None:
        """From here on time does not count: what remains to be done is brief."""
        with self._lock:
            self._ends_at = None

    def hurry(self) -> None:
        """Let time be over now: nobody waits any more."""
        with self._lock:
            self._seconds = 0
            self._ends_at = 0 if self._connection else None

    @property
    def is_underway(self) -> bool:
        return self._connection is not None

    def time_left(self) -> float:
        """Seconds until somebody should look whether time is over."""
        ends_at = self._ends_at
        return max(_INTERRUPT_EVERY, self._seconds if ends_at is None else ends_at - time.monotonic())

    def interrupt(self) -> None:
        """Stop the statement that runs, if time is over; an interrupt between two statements stops neither."""
        with self._lock:
            if self._connection is not None and self._is_over():
                self._connection.interrupt()

    def take(self, connection: sqlite3.Connection, work: Callable[["Turn"], Result]) -> Result:
        """Have this turn now; the time it takes is spent, that of waiting for it is not."""
        began = time.monotonic()
        with self._lock:
            self._connection, self._ends_at = connection, began + self._seconds
        try:
            connection.execute("BEGIN")
            return work(self)
        finally:
            with self._lock:
                self._connection = None
            self._patience.spend(time.monotonic() - began)
            if self.is_cut:
                self._patience.end()
            connection.rollback()

    @contextmanager
    def _bounded(self) -> Iterator[sqlite3.Connection]:
        self.check()
        assert self._connection is not None  # noqa: S101 (a turn is asked while it lasts)
        try:
            yield self._connection
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            self.is_cut = True
            raise OutOfTime from error

    def _is_over(self) -> bool:
        return self._ends_at is not None and time.monotonic() >= self._ends_at


class Readers:
    """Up to `count` threads with a connection each; the first of them is there when the first question is."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], count: int) -> None:
        self._connect = connect
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="reads papers")
        self._idle: list[sqlite3.Connection] = []
        self._asked = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def ask(self, work: Callable[[Turn], Result], *, within: float | Patience) -> Result:
        """What `work` makes of its turn, which is interrupted when it has lasted `within` seconds.

        Of a patience, what others have left of it; what this turn takes is spent.

        Raises OutOfTime where `work` does, and UserError where too many wait already.
        """
        if self._asked >= MOST_WAITING:
            raise UserError("Too many people are searching just now. Try again in a moment.")
        turn = Turn(within if isinstance(within, Patience) else Patience(within))
        self._asked += 1
        self._quiet.clear()
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._pool, self._give, turn, work)
        looked_after: asyncio.TimerHandle

        def look_after() -> None:
            nonlocal looked_after
            turn.interrupt()
            looked_after = loop.call_later(turn.time_left(), look_after)

        looked_after = loop.call_later(turn.time_left(), look_after)
        try:
            return await answer
        except asyncio.CancelledError:
            turn.hurry()
            answer.cancel()
            while turn.is_underway:
                turn.interrupt()
                await asyncio.sleep(_INTERRUPT_EVERY)
            raise
        finally:
            looked_after.cancel()
            self._asked -= 1
            if not self._asked:
                self._quiet.set()

    async def close(self) -> None:
        """Answer who waits, and close every connection."""
        await self._quiet.wait()
        self._pool.shutdown()
        for each in self._idle:
            each.close()
        self._idle.clear()

    def _give(self, turn: Turn, work: Callable[[Turn], Result]) -> Result:
        connection = self._idle.pop() if self._idle else self._connect()
        try:
            return turn.take(connection, work)
        finally:
            self._idle.append(connection)
