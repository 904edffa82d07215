"""The care of a database as a whole, chosen by its address: one for each kind of database."""

import asyncio
from datetime import datetime
from pathlib import Path

from bot.errors import OperatorError
from bot.upkeep_interfaces import BackupMade, DatabaseState, Restored, Upkeep
from storage.dialects.dialect import InUse
from storage.dialects.file import bot_lock
from storage.dialects.sqlite_copies import Wanted, back_up, make_folder, newest_backup
from storage.dialects.sqlite_examining import examined, free_space, measured
from storage.dialects.sqlite_restoring import require_backup, restore
from storage.migrations import HEAD
from storage.opening import database_path, is_postgresql, parsed_url


def upkeep_of(url: str) -> Upkeep:
    """The care of the database at this address. Raises OperatorError for an address that is none."""
    parsed = parsed_url(url)
    if is_postgresql(parsed):
        from storage.dialects.postgresql import Postgresql  # noqa: PLC0415 (what it loads only PostgreSQL needs)
        from storage.postgresql_upkeep import PostgresqlUpkeep  # noqa: PLC0415

        return PostgresqlUpkeep(Postgresql(parsed))
    return SqliteUpkeep(database_path(url))


class SqliteUpkeep:
    """The care of a database that is one file; everything is done in a thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def examine(self) -> DatabaseState:
        """Look at all of it, changing nothing."""
        try:
            return await asyncio.to_thread(examined, self._path, HEAD)
        except OperatorError as error:
            return DatabaseState(place=str(self._path), trouble=str(error), newest=HEAD, free=free_space(self._path))

    async def measure(self) -> DatabaseState:
        """How big it is and how much room there is."""
        return await asyncio.to_thread(measured, self._path, HEAD)

    async def newest_backup(self, folder: Path | None) -> datetime | None:
        """When the newest backup in a folder, or in the one beside the database, was made."""
        return await asyncio.to_thread(newest_backup, self._path, folder)

    async def backup(self, target: Path | None, *, keep: int, compress: bool, now: datetime) -> BackupMade:
        """Copy all of it as it is at one moment, and check the copy."""
        wanted = Wanted(target=target, keep=keep, compress=compress, now=now)
        return await asyncio.to_thread(back_up, self._path, wanted)

    async def restore(self, file: Path, *, now: datetime) -> Restored:
        """Put a backup in the place of the database, and keep the old one aside."""
        return await asyncio.to_thread(self._restore, file, now)

    def _restore(self, file: Path, now: datetime) -> Restored:
        require_backup(self._path, file)
        make_folder(self._path.parent)
        try:
            release = bot_lock(self._path)
        except InUse:
            told = f"A bot or playground is running on {self._path}. Stop it, and type this command again."
            raise OperatorError(told) from None
        try:
            return restore(self._path, file, newest=HEAD, now=now)
        finally:
            release()
