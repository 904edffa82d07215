"""Brings a database to this program's version when it is opened; refuses one that a newer program made."""

import logging
from pathlib import Path

from sqlalchemy import Connection, text

from bot.errors import OperatorError
from storage.database import Database

_log = logging.getLogger(__name__)

HEAD = "0014"
"""The newest revision. A constant, so that opening a database that is there already need not load Alembic."""


async def is_newest(database: Database) -> bool:
    """Whether the database is at `HEAD`."""
    return await revision(database) == HEAD


async def revision(database: Database) -> str | None:
    """What made its tables; None where there are none of ours."""
    async with database.read() as connection:
        return await connection.run_sync(_version)


async def migrate(database: Database) -> None:
    """Bring the database to `HEAD`, backed up first; any number of processes may do so at once."""
    if not await is_newest(database):
        async with database.saved(before=HEAD):
            await migrate_alone(database)


async def migrate_alone(database: Database) -> None:
    """The same of a database that nobody else knows of, or that holds nothing."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade, database.name)


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, name: str) -> None:
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
        raise OperatorError(f"The database {name} was made by a newer Paperboy. Update Paperboy to open it.")
    command.upgrade(config, "head")
    _log.info("database migrated from=%s to=%s", version, HEAD)
