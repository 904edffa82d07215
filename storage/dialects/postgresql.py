"""How PostgreSQL is opened, read and written through asyncpg. Knows no table of ours.

Loaded only where a database is one: asyncpg and SQLAlchemy's part for it take a twentieth of a second.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, AsyncAdaptedQueuePool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import EX_CONFIG, OperatorError
from storage.dialects.dialect import ForeignDatabase, InUse
from storage.dialects.erased import KEY, hashed
from storage.dialects.statements import Statement, for_asyncpg
from storage.readers import Interrupted

Result = TypeVar("Result")

BUSY_SECONDS = 10
CONNECT_SECONDS = 10
WRITERS = 4
_ENCODING = "UTF8"
_PORT = 5432
"""Where servers are unless something else is said."""
_BOT_SECONDS = 1
"""How long a server may take to see that another bot is gone."""

_STANDS_ALONE = 0x50617065  # any numbers would do; they are of one database alone
_IS_BOT = 0x50617066
_STAND_ALONE = text(f"SELECT pg_advisory_xact_lock({_STANDS_ALONE})")
_SETTINGS = {
    "application_name": "paperboy",
    "datestyle": "ISO, YMD",
    "jit": "off",  # it takes longer than any of our statements
    "lock_timeout": f"{BUSY_SECONDS}s",
    "idle_in_transaction_session_timeout": "30s",  # a process that hangs keeps others waiting no longer
}
_READS = {
    "default_transaction_read_only": "on",
    "plan_cache_mode": "force_custom_plan",
    # What is read often is in memory; and to look at all papers one by one takes longer than the planner thinks.
    "random_page_cost": "1.1",
    "enable_seqscan": "off",
}
_NO_SUCH_ADDRESS = (asyncpg.ClientConfigurationError, asyncpg.UndefinedObjectError, asyncpg.CantChangeRuntimeParamError)
"""What is raised where an address asks for what neither asyncpg nor the server knows."""
_SILENCE = {"TCP_KEEPIDLE": 8, "TCP_KEEPINTVL": 4, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 20_000}
"""After 20 seconds without a sign of life the other machine is taken for gone; the system itself waits 15 minutes."""
_CONFUSED = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises by itself; the second where a connection ends while it prepares a statement (asyncpg 0.32)."""
_GONE = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, *_CONFUSED, OSError)
"""What is raised on a connection that the server has ended."""
_NOTE_ERASED = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_IS_FOREIGN = (
    "SELECT to_regclass('alembic_version') IS NULL "
    "AND EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())"
)


_LOST = "08003"
_TROUBLES = {
    "08": "has broken the connection. Check that PostgreSQL is running.",
    "22021": "cannot keep a text that holds the character NUL.",
    "25006": "cannot be written to: it is a copy of another one, or set to be read only.",
    "28": "does not let Paperboy in. Check the name and the password in its address.",
    "3D": "is not there. Make it with `createdb`, or check its address.",
    "40": "was asked for the same by two at once. Try again.",
    "42501": "does not let Paperboy do this. Make it the owner of the database.",
    "53": "has run out of something ({cause}). Check its disk and its max_connections.",
    "55": f"is busy: another program has been writing to it for over {BUSY_SECONDS} seconds. Try again later.",
    "57": "is being stopped or started. Try again in a moment.",
    "58": "cannot be read or written ({cause}). Check the server's log and disk.",
    "XX": "is damaged ({cause}). Stop Paperboy and put your last backup in its place.",
}
"""What is said after the name, by SQLSTATE or its class
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


class Unreachable(Exception):  # noqa: N818 (its cause is the error)
    """No connection could be made."""


class Postgresql:
    """One database of a server; a `Dialect`."""

    writers = WRITERS
    errors: tuple[type[Exception], ...] = (DBAPIError, asyncpg.PostgresError, *_CONFUSED, Unreachable)

    def __init__(self, url: URL) -> None:
        """Raises OperatorError where a password in the address cuts it in two."""
        self._url = url.set(drivername="postgresql+asyncpg")
        if "@" in (url.host or ""):
            raise OperatorError(
                "The database URL has one @ too many. Write %40 for an @ in its password.", exit_code=EX_CONFIG
            )
        query = {"sslmode" if name == "ssl" else name: value for name, value in url.query.items()}
        address = url.set(drivername="postgresql", query=query)
        self._address = address.render_as_string(hide_password=False)
        host = url.host or url.query.get("host") or "this machine"
        self.database = url.database or ""
        self.name = f"{url.database} on {host}" + (f":{url.port}" if url.port not in {None, _PORT} else "")

    def writing_engine(self) -> AsyncEngine:
        return self._engine(WRITERS + 1, {}, "READ COMMITTED")  # one more for what may wait for none of the others

    def reading_engine(self, connections: int) -> AsyncEngine:
        return self._engine(connections, _READS, "AUTOCOMMIT")

    def reading_connection(self) -> "PostgresqlReading":
        return PostgresqlReading(lambda: self.connect(_READS))

    async def hold_still(self, connection: AsyncConnection) -> None:
        """What it sees is that of its first look; it may be idle for long."""
        await connection.exec_driver_sql(_BEGIN)
        await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        await connection.exec_driver_sql("SELECT count(*) FROM pg_tables")

    async def remember_erased(self, secret: bytes, subject: str, now: datetime) -> None:
        """Note it in the database: each backup has it too, and so has a file beside the backups."""
        connection = await self.connect({})
        try:
            await connection.execute(_NOTE_ERASED, KEY + hashed(secret, subject), now.isoformat())
        finally:
            await connection.close()

    def secure_deletes(self, connection: AsyncConnection) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        """PostgreSQL overwrites nothing: `sweep` does."""
        return nullcontext()

    async def sweep(self, connection: AsyncConnection, numbers: Collection[int]) -> None:  # noqa: ARG002
        """Write the tables anew in which servers and people stand, and what the planner has noted of them.

        The old files are empty at once; PostgreSQL's write-ahead log goes as it is recycled.
        """
        from storage.housekeeping import OF_SERVERS  # noqa: PLC0415 (it knows tables, and they need no server)
        from storage.schema import servers  # noqa: PLC0415

        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in (*OF_SERVERS, servers):
            await alone.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table.name}")
        await alone.exec_driver_sql("VACUUM FULL pg_statistic")  # it held the commonest numbers

    async def stand_alone(self, connection: AsyncConnection) -> None:
        """Take a lock that goes with the transaction; what follows sees all that was committed before."""
        await connection.execute(_STAND_ALONE)

    async def connect(self, settings: dict[str, str]) -> asyncpg.Connection:
        """A connection of its own. Raises Unreachable, and OperatorError where nobody knows what the address says."""
        try:
            made: asyncpg.Connection = await asyncpg.connect(
                self._address, timeout=CONNECT_SECONDS, server_settings={**_SETTINGS, **settings}
            )
        except (OSError, TimeoutError) as error:
            raise Unreachable(str(error) or f"no answer within {CONNECT_SECONDS} s") from error
        except _NO_SUCH_ADDRESS as error:
            told = f"The address of the database {self.name} cannot be used: {error}."
            raise OperatorError(told, exit_code=EX_CONFIG) from None
        end_in_silence(made._transport)  # asyncpg 0.32 has no other way to it
        return made

    async def look_over(self) -> None:
        """Raises ForeignDatabase where it is another program's, OperatorError where it cannot keep every text."""
        connection = await self.connect(_READS)
        try:
            if await connection.fetchval(_IS_FOREIGN):
                raise ForeignDatabase
            if (encoding := connection.get_settings().server_encoding) != _ENCODING:
                raise OperatorError(f"The database {self.name} {not_utf8(encoding)}", exit_code=EX_CONFIG)
        finally:
            await connection.close()

    async def be_a_bot(self) -> Callable[[], None]:
        """Be one of the bots on this database; they share its work by leases. Raises InUse where somebody is alone."""
        return await self._lock(
            "pg_advisory_lock_shared", f"{self.name} is being copied or restored. Start the bot once that has ended."
        )

    async def be_the_bot(self) -> Callable[[], None]:
        """Be alone on this database until the answer is called, or the connection ends. Raises InUse."""
        return await self._lock("pg_advisory_lock", f"A bot is running on {self.name}. Stop it first.")

    async def _lock(self, function: str, else_said: str) -> Callable[[], None]:
        connection = await self.connect({"lock_timeout": f"{_BOT_SECONDS}s"})
        try:
            await connection.execute(f"SELECT {function}($1)", _IS_BOT)
        except asyncpg.LockNotAvailableError:
            await connection.close()
            raise InUse(else_said) from None
        release: Callable[[], None] = connection.terminate
        return release

    def saved(self, *, before: str) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        """PostgreSQL takes a migration back whole if it fails; its backups are its operator's."""
        return nullcontext()

    def in_words(self, error: BaseException) -> str | None:
        """What is wrong and what to do."""
        if isinstance(error, Unreachable):
            return f"cannot be reached ({error}). Check that PostgreSQL is running and that the address is right."
        state = _state(error)
        words = _TROUBLES.get(state) or _TROUBLES.get(state[:2])
        return words and words.format(cause=_cause(error))

    def _engine(self, connections: int, settings: dict[str, str], isolation: Any) -> AsyncEngine:
        return create_async_engine(
            self._url,
            async_creator=lambda: self.connect(settings),
            poolclass=AsyncAdaptedQueuePool,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            pool_use_lifo=True,  # the one used last has what is asked most often prepared
            isolation_level=isolation,
        )


class PostgresqlReading:
    """A connection that reads, for one thread at a time, whose event loop runs only while something is asked."""

    kind = "postgresql"

    def __init__(self, connect: Callable[[], Coroutine[Any, Any, asyncpg.Connection]]) -> None:
        self._connect = connect
        self._loop = asyncio.new_event_loop()
        self._lock = threading.Lock()
        self._task: asyncio.Task[Any] | None = None
        try:
            self._connection = self._loop.run_until_complete(connect())
        except BaseException:
            self._loop.close()
            raise

    @property
    def is_usable(self) -> bool:
        return not self._connection.is_closed()

    def begin(self) -> None:
        """On a new connection where the server has ended this one since it was used last."""
        try:
            self._loop.run_until_complete(self._connection.execute(_BEGIN))
        except _GONE:
            self._connection.terminate()
            self._connection = self._loop.run_until_complete(self._connect())
            self._loop.run_until_complete(self._connection.execute(_BEGIN))

    def end(self) -> None:
        if self.is_usable:
            self._loop.run_until_complete(self._connection.execute("ROLLBACK"))

    def fetch(self, statement: Statement, parameters: Sequence[object]) -> list[Any]:
        return self._wait(self._connection.fetch(for_asyncpg(statement), *parameters))

    def rows(self, statement: Statement, parameters: Sequence[object]) -> Iterable[Any]:
        """All of them at once, or none where it is interrupted."""
        return self.fetch(statement, parameters)

    def interrupt(self) -> None:
        with self._lock:
            if self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def close(self) -> None:
        with suppress(OSError, asyncpg.PostgresError, *_CONFUSED, TimeoutError):
            self._loop.run_until_complete(self._connection.close(timeout=CONNECT_SECONDS))
        self._loop.close()

    def _wait(self, asked: Awaitable[Result]) -> Result:
        async def ask() -> Result:
            return await asked

        task = self._loop.create_task(ask())
        with self._lock:
            self._task = task
        try:
            return self._loop.run_until_complete(task)
        except asyncio.CancelledError:
            # PostgreSQL has given the transaction up: what is asked from here on sees what there is by now.
            self.end()
            self.begin()
            raise Interrupted from None
        finally:
            with self._lock:
                self._task = None


def end_in_silence(transport: asyncio.BaseTransport) -> None:
    """Have a connection end where the machine at its other end is gone without a word, instead of being waited for."""
    carrier = transport.get_extra_info("socket")
    if carrier is None or carrier.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    carrier.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _SILENCE.items():
        if (option := getattr(socket, name, None)) is not None:  # Linux has them all
            carrier.setsockopt(socket.IPPROTO_TCP, option, value)


def not_utf8(encoding: str) -> str:
    """What is said of a database that keeps text in this way, after its name."""
    return f"keeps text as {encoding}. Make one that keeps all of it: `createdb --template template0 --encoding UTF8`."


def _cause(error: BaseException) -> BaseException:
    """What asyncpg said: SQLAlchemy puts an error of its own between."""
    while error.__cause__ is not None and not isinstance(error, (asyncpg.PostgresError, *_CONFUSED)):
        error = error.__cause__
    return error


def _state(error: BaseException) -> str:
    """The SQLSTATE, also of a connection that is gone; empty where there is none."""
    cause = _cause(error)
    state: str | None = getattr(cause, "sqlstate", None)
    return state or (_LOST if isinstance(cause, _CONFUSED) else "")
