"""The care of a database as a whole, chosen by its address: one for each kind of database."""

import asyncio
from pathlib import Path

from bot.errors import OperatorError
from bot.upkeep_interfaces import DatabaseState, Upkeep
from storage.dialects.sqlite_examining import examined, free_space
from storage.migrations import HEAD
from storage.opening import database_path


def upkeep_of(url: str) -> Upkeep:
    """The care of the database at this address. Raises OperatorError for an address that is none."""
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
