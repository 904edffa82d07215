"""Brings a database to this program's version when it is opened; refuses one that a newer program made."""

import asyncio
import logging
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from bot.errors import OperatorError
from storage.database import Database, told
from storage.dialects.sqlite_copies import back_up, backup_lock
from storage.dialects.sqlite_examining import opened_to_read, revision_of

_log = logging.getLogger(__name__)

HEAD = "0012"
"""The newest revision. A constant, so that opening a database that is there already need not load Alembic."""

KEPT = 3
"""Backups made before migrations that are kept."""
_LONGEST_WAIT = 600
"""Seconds that one who would migrate waits for another one to be done."""


async def is_newest(database: Database) -> bool:
    """Whether the database is at `HEAD`."""
    async with database.read() as connection:
        return await connection.run_sync(_version) == HEAD


async def migrate(database: Database) -> None:
    """Bring the database to `HEAD`; any number of processes may do so at once."""
    if not await is_newest(database):
        lock = backup_lock(database.path, wait=_LONGEST_WAIT)
        await asyncio.to_thread(lock.acquire)
        try:
            await asyncio.to_thread(_back_up, database.path)
            async with database.write() as connection:
                await connection.run_sync(_upgrade, database.path)
        finally:
            lock.release()


def _back_up(path: Path) -> None:
    """Make a backup of a database that holds something: what a migration does cannot be undone."""
    with told(path), closing(opened_to_read(path)) as opened:
        version = revision_of(opened)
    if version is not None and version < HEAD:
        made = back_up(path, None, keep=KEPT, compress=False, now=datetime.now(UTC), before=HEAD)
        _log.info("backup made before migrating file=%s", made.file)


def _version(connection: Connection) -> str | None:
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except OperationalError as error:
        if "no such table" in str(error.orig):
            return None
        raise


def _upgrade(connection: Connection, path: Path) -> None:
    from alembic import command  # noqa: PLC0415 (a tenth of a second that a database at `HEAD` need not pay)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    version = _version(connection)
    if version is not None and version not in known:
        raise OperatorError(f"The database {path} was made by a newer Paperboy. Update Paperboy to open it.")
    command.upgrade(config, "head")
    _log.info("database migrated from=%s to=%s", version, HEAD)
