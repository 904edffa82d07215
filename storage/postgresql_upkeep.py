"""The care of a PostgreSQL database as a whole."""

import asyncio
import re
from datetime import datetime
from pathlib import Path

from bot.errors import OperatorError
from bot.upkeep_interfaces import BackupMade, DatabaseState, Restored
from storage.database import told
from storage.dialects.postgresql import Postgresql
from storage.dialects.postgresql_examining import examined, measured
from storage.dialects.sqlite_copies import newest_backup
from storage.migrations import HEAD


class PostgresqlUpkeep:
    """The care of a database that a server keeps."""

    def __init__(self, dialect: Postgresql) -> None:
        self._dialect = dialect
        self._named = Path(re.sub(r"[^\w-]", "_", dialect.database) + ".db")
        """What its backups are named after; they are made in this folder where no other is named."""

    async def examine(self) -> DatabaseState:
        """Look at it, changing nothing: its server answers for the files."""
        try:
            with told(self._dialect):
                return await examined(self._dialect, HEAD)
        except OperatorError as error:
            return DatabaseState(place=self._dialect.name, trouble=str(error), newest=HEAD)

    async def measure(self) -> DatabaseState:
        """How big it is."""
        with told(self._dialect):
            return await measured(self._dialect, HEAD)

    async def newest_backup(self, folder: Path | None) -> datetime | None:
        """When the newest backup in a folder, or in `backups` in this one, was made."""
        return await asyncio.to_thread(newest_backup, self._named, folder)

    async def backup(self, target: Path | None, *, keep: int, compress: bool, now: datetime) -> BackupMade:  # noqa: ARG002
        raise OperatorError("Back PostgreSQL up with `pg_dump`.")

    async def restore(self, file: Path, *, now: datetime) -> Restored:  # noqa: ARG002
        raise OperatorError("Restore PostgreSQL with `pg_restore`.")
