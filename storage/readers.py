"""A few reading connections that answer questions in bounded time, first come, first served. Knows no table.

A question is a function that runs from its first statement to its last in one thread: one handing over, however many
statements it takes. Who waits stands in one line, so that nobody's second question comes before another's first.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from time import thread_time
from typing import Any, Protocol, TypeVar

from bot.domain.patience import Patience
from bot.errors import UserError
from storage.dialects.statements import Statement

MOST_WAITING = 1_000
"""Questions that may wait; the next is refused, for its answer would come too late."""
_INTERRUPT_EVERY = 0.02

Result = TypeVar("Result")


class OutOfTime(Exception):  # noqa: N818 (no error: the question says what it found until then)
    """The time of this turn is over."""


class Interrupted(Exception):  # noqa: N818 (no error: it was asked for)
    """A statement was stopped by `Reading.interrupt`."""


class Reading(Protocol):
    """A connection that reads, used by one thread at a time."""

    @property
    def kind(self) -> str:
        """Of which kind of database it is, `sqlite` or `postgresql`."""

    @property
    def is_usable(self) -> bool:
        """Whether it may be given to another turn."""

    def begin(self) -> None:
        """Let what follows, until `end`, see the database as it is when the first statement runs."""

    def end(self) -> None: ...

    def fetch(self, statement: Statement, parameters: Sequence[object]) -> list[Any]:
        """All rows of a statement as `storage.dialects.wording` wants them. Raises Interrupted."""

    def rows(self, statement: Statement, parameters: Sequence[object]) -> Iterable[Any]:
        """The same rows, each as soon as it is there where the database can do that. Raises Interrupted."""

    def interrupt(self) -> None:
        """Stop the statement that runs, if one does. From any thread."""

    def close(self) -> None: ...


class Turn:
    """One question's turn on a connection, in whose thread everything but `interrupt` happens.

    All its statements see the library as it was when the first of them ran.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._seconds = patience.left
        self._ends_at: float | None = None
        self._worked: Callable[[], float] = time.monotonic
        self._late_at = 0.0
        self._connection: Reading | None = None
        self._lock = threading.Lock()
        self.is_cut = False
        """Whether something was left out because time was over."""

    def fetch(self, statement: Statement, parameters: tuple[object, ...] = ()) -> list[Any]:
        """All rows of a statement. Raises OutOfTime."""
        with self._bounded() as connection:
            return connection.fetch(statement, parameters)

    def fetch_in_time(self, statement: Statement, parameters: tuple[object, ...] = ()) -> list[Any]:
        """The rows of a statement that come before time is over, all of them in the usual case."""
        found: list[Any] = []
        with suppress(OutOfTime), self._bounded() as connection:
            found.extend(connection.rows(statement, parameters))  # one by one: those before an error are kept
        return found

    def check(self) -> None:
        """Raise OutOfTime where time is over: for work that asks for nothing in between."""
        if self._is_over():
            self.is_cut = True
            raise OutOfTime

    @property
    def is_late(self) -> bool:
        """Whether what was found is better than more of it; a statement that runs is not stopped for that."""
        return self._worked() >= self._late_at

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
    def kind(self) -> str:
        """Of which kind the database is; asked while the turn lasts."""
        assert self._connection is not None  # noqa: S101
        return self._connection.kind

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

    def take(self, connection: Reading, work: Callable[["Turn"], Result]) -> Result:
        """Have this turn now; the time it takes is spent, that of waiting for it is not."""
        began = time.monotonic()
        with self._lock:
            self._connection, self._ends_at = connection, began + self._seconds
            # SQLite works in this thread: a busy machine makes answers later, not poorer.
            is_own_work = connection.kind == "sqlite"
            self._worked = thread_time if is_own_work else time.monotonic
            self._late_at = (thread_time() if is_own_work else began) + self._patience.enough
        try:
            connection.begin()
            return work(self)
        finally:
            with self._lock:
                self._connection = None
            self._patience.spend(time.monotonic() - began)
            if self.is_cut:
                self._patience.end()
            connection.end()

    @contextmanager
    def _bounded(self) -> Iterator[Reading]:
        self.check()
        assert self._connection is not None  # noqa: S101 (a turn is asked while it lasts)
        try:
            yield self._connection
        except Interrupted as error:
            self.is_cut = True
            raise OutOfTime from error

    def _is_over(self) -> bool:
        return self._ends_at is not None and time.monotonic() >= self._ends_at


class Readers:
    """Up to `count` threads with a connection each; the first of them is there when the first question is."""

    def __init__(self, connect: Callable[[], Reading], count: int) -> None:
        self._connect = connect
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="reads papers")
        self._idle: list[Reading] = []
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
        # In a thread: closing one may take asking its server, and where nobody waits any more one may still be made.
        with ThreadPoolExecutor(1) as alone:
            await asyncio.get_running_loop().run_in_executor(alone, self._close_all)

    def _give(self, turn: Turn, work: Callable[[Turn], Result]) -> Result:
        connection = self._idle.pop() if self._idle else self._connect()
        try:
            return turn.take(connection, work)
        finally:
            if connection.is_usable:
                self._idle.append(connection)
            else:
                connection.close()

    def _close_all(self) -> None:
        self._pool.shutdown()
        while self._idle:
            self._idle.pop().close()
