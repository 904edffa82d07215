"""Opens a database: makes its file, takes the bot's lock, looks for damage, migrates, and sees to the text index."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import EX_CONFIG, OperatorError
from storage.copying.marks import get_mark
from storage.database import Database, told
from storage.dialects.dialect import Dialect, ForeignDatabase
from storage.dialects.sqlite import Sqlite
from storage.indexing import ensure_index
from storage.migrations import is_newest, migrate, revision
from storage.sql import SqlStorage
from storage.turns import Turns

_EXAMPLE = (
    "sqlite:///paperboy.db for a file in this folder, sqlite:////var/lib/paperboy/papers.db for any other, or "
    "postgresql://name@host/database"
)

_MAKE_IT = (
    "`paperboy import FILE` and `paperboy run` make one; where yours is elsewhere, set PAPERBOY_DATABASE_URL to it."
)
"""What to do about a database that is not there, for whoever only looks into one."""


def _now() -> datetime:
    return datetime.now(UTC)


async def open_storage(
    url: str,
    *,
    exclusive: bool = False,
    is_made: bool = True,
    clock: Callable[[], datetime] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> SqlStorage:
    """Open the database at `url`, made and brought up to date as needed; close it with `close` or `async with`.

    `exclusive` is for the bot: a second bot on the same file is refused, other commands are not.
    Unless `is_made`, none is made: for who would only look into it or take away from it.
    `clock` and `sleep` are what turns are timed by: the clock is one for all processes on the database, where none is
    given its server's, or this machine's where it is a file.
    Raises OperatorError, in one sentence that says what to do, where the database cannot be used.
    """
    dialect = dialect_of(url, otherwise=None if is_made else _MAKE_IT)
    with told(dialect):
        release = await dialect.be_a_bot() if exclusive else _nothing
    database = Database(dialect)
    storage = SqlStorage(database, Turns(database, clock or _now, sleep, is_shared=clock is not None), release)
    try:
        with told(dialect):
            await dialect.look_over()
        if not is_made and await revision(database) is None:
            raise OperatorError(f"The database {dialect.name} is empty. {_MAKE_IT}")
        await migrate(database)
        await _require_whole(database)
        await ensure_index(database)
    except ForeignDatabase:
        await storage.close()
        raise OperatorError(
            f"The database {dialect.name} is another program's. Give Paperboy one of its own: "
            "set PAPERBOY_DATABASE_URL.",
            exit_code=EX_CONFIG,
        ) from None
    except BaseException:
        await storage.close()
        raise
    return storage


async def open_as_it_is(url: str) -> SqlStorage:
    """Open the database at `url` to read it, as `open_storage` does, but make, migrate, look for and build nothing.

    Raises OperatorError where it is not there, or was made by another version.
    """
    dialect = dialect_of(url, otherwise=_MAKE_IT)
    database = Database(dialect)
    storage = SqlStorage(database, Turns(database, _now, asyncio.sleep, is_shared=False), _nothing)
    try:
        if not await is_newest(database):
            raise OperatorError(
                f"The database {dialect.name} was made by another version. Start the bot once to migrate it."
            )
        await _require_whole(database)
    except BaseException:
        await storage.close()
        raise
    return storage


async def _require_whole(database: Database) -> None:
    async with database.read() as connection:
        if mark := await get_mark(connection):
            raise OperatorError(f"The database {database.name} {mark.sentence}")


def dialect_of(url: str, *, otherwise: str | None = None) -> Dialect:
    """The database that a URL names, made where there is no such file; where `otherwise` says what to do then, it is
    told with an OperatorError and none is made.
    """
    parsed = parsed_url(url)
    if is_postgresql(parsed):
        from storage.dialects.postgresql import Postgresql  # noqa: PLC0415 (what it loads only PostgreSQL needs)

        return Postgresql(parsed)
    path = database_path(url)
    if otherwise and not path.exists():
        raise OperatorError(f"There is no database {path}. {otherwise}")
    return Sqlite(path)


def parsed_url(url: str) -> URL:
    """The parts of an address. Raises OperatorError where it has none."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # the second where its port is no number
        raise OperatorError(f"The database URL cannot be read. Write {_EXAMPLE}.", exit_code=EX_CONFIG) from None


def is_postgresql(url: URL) -> bool:
    """Whether an address is of PostgreSQL."""
    return url.drivername in {"postgresql", "postgresql+asyncpg", "postgres"}


def database_path(url: str) -> Path:
    """The file a database URL names. Raises OperatorError for any URL but a file's."""
    parsed = parsed_url(url)
    if parsed.drivername not in {"sqlite", "sqlite+aiosqlite"}:
        raise OperatorError(
            f"Databases of the kind {parsed.drivername} are not supported. Write {_EXAMPLE}.", exit_code=EX_CONFIG
        )
    if parsed.database in {None, "", ":memory:"} or parsed.query:
        raise OperatorError(
            f"The database URL must name a file and nothing else. Write {_EXAMPLE}.", exit_code=EX_CONFIG
        )
    return Path(str(parsed.database)).absolute()


def _nothing() -> None:
    """What releasing means where no lock was taken."""
