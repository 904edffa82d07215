"""Opens a database: makes its file, takes the bot's lock, looks for damage, migrates, and sees to the text index."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import EX_CONFIG, OperatorError
from storage.database import DAMAGED, Database, told
from storage.dialects.sqlite import ForeignDatabaseError, look_over
from storage.indexing import ensure_index
from storage.migrations import is_newest, migrate
from storage.sql import SqlStorage
from storage.turns import Turns

_EXAMPLE = "sqlite:///paperboy.db for a file in this folder, or sqlite:////var/lib/paperboy/papers.db for any other"


def _now() -> datetime:
    return datetime.now(UTC)


async def open_storage(
    url: str,
    *,
    exclusive: bool = False,
    clock: Callable[[], datetime] = _now,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> SqlStorage:
    """Open the database at `url`, made and brought up to date as needed; close it with `close` or `async with`.

    `exclusive` is for the bot: a second bot on the same database is refused, other commands are not.
    `clock` and `sleep` are what turns are timed by: the clock is one for all processes on the database.
    Raises OperatorError, in one sentence that says what to do, where the database cannot be used.
    """
    path = database_path(url)
    make_file(path)
    release = bot_lock(path) if exclusive else _nothing
    database = Database(path)
    storage = SqlStorage(database, Turns(database, clock, sleep), release)
    try:
        with told(path):
            if not await asyncio.to_thread(look_over, path):
                raise OperatorError(f"The database {path} {DAMAGED}")
        await migrate(database)
        await ensure_index(database)
    except ForeignDatabaseError:
        await storage.close()
        raise OperatorError(
            f"The database {path} is another program's. Give Paperboy a file of its own: set PAPERBOY_DATABASE_URL.",
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
    path = database_path(url)
    if not path.exists():
        raise OperatorError(f"There is no database {path} yet.")
    database = Database(path)
    storage = SqlStorage(database, Turns(database, _now, asyncio.sleep), _nothing)
    try:
        if not await is_newest(database):
            raise OperatorError(f"The database {path} was made by another version. Start the bot once to migrate it.")
    except BaseException:
        await storage.close()
        raise
    return storage


def database_path(url: str) -> Path:
    """The file a database URL names. Raises OperatorError for any URL but a file's."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise OperatorError(f"The database URL cannot be read. Write {_EXAMPLE}.", exit_code=EX_CONFIG) from None
    if parsed.drivername not in {"sqlite", "sqlite+aiosqlite"}:
        raise OperatorError(
            f"Databases of the kind {parsed.drivername} are not supported. Write {_EXAMPLE}.", exit_code=EX_CONFIG
        )
    if parsed.database in {None, "", ":memory:"} or parsed.query:
        raise OperatorError(
            f"The database URL must name a file and nothing else. Write {_EXAMPLE}.", exit_code=EX_CONFIG
        )
    return Path(str(parsed.database)).absolute()


def make_file(path: Path) -> None:
    """Make the file, readable by its owner alone, and the folders to it; SQLite gives its companions the same mode."""
    try:
        for folder in reversed([each for each in path.parents if not each.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)  # whatever the umask takes away
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        with suppress(OSError):  # somebody else's file that we may use; SQLite says so where we may not
            path.chmod(0o600)
        return
    except OSError as error:
        raise OperatorError(f"The database {path} cannot be made: {error.strerror}. Choose another place.") from None
    os.close(handle)
    path.chmod(0o600)


def bot_lock(path: Path) -> Callable[[], None]:
    """Take the lock that one bot at a time holds; the system takes it back when the process ends, however it ends."""
    lock = FileLock(f"{path}.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise OperatorError(
            f"Another bot or playground is already running on {path}. Stop it, or give this one another database: "
            "set PAPERBOY_DATABASE_URL, or say --database to a playground."
        ) from None
    except OSError as error:
        raise OperatorError(f"The lock {path}.lock cannot be taken: {error.strerror}.") from None
    return lock.release


def _nothing() -> None:
    """What releasing means where no lock was taken."""
