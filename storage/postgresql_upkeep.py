"""The care of a PostgreSQL database as a whole. Its backups are SQLite files, copied row by row at one moment."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import OperatorError
from bot.upkeep_interfaces import BackupMade, CopyProgress, DatabaseState, Restored
from storage.copying.between import alone_on, make_ready, require_ours
from storage.copying.copies import Copy
from storage.copying.marks import Mark, get_mark
from storage.copying.rows import counts, held, known_of
from storage.database import Database, told
from storage.dialects.erased import SUFFIX, add_to_file, in_file, in_meta
from storage.dialects.postgresql import Postgresql
from storage.dialects.postgresql_examining import examined, measured
from storage.dialects.sqlite import Sqlite
from storage.dialects.sqlite_copies import Wanted, backup_made, newest_backup, require_space
from storage.dialects.sqlite_examining import counted, is_whole
from storage.dialects.sqlite_restoring import Replaced
from storage.dialects.sqlite_restoring import make_ready as made_ready
from storage.migrations import HEAD, is_newest, migrate_alone, revision

_BACKUP, _RESTORE = "paperboy backup", "paperboy restore"


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

    async def backup(self, target: Path | None, *, keep: int, compress: bool, now: datetime) -> BackupMade:
        """Copy all of it as it is at one moment into a file, which is compared row by row; bots may run meanwhile."""
        wanted = Wanted(target=target, keep=keep, compress=compress, now=now)
        return await asyncio.to_thread(self._backup, wanted, (await self.measure()).size)

    def _backup(self, wanted: Wanted, size: int) -> BackupMade:
        erased: dict[str, str] = {}

        def copy(file: Path) -> dict[str, int]:
            erased.update(asyncio.run(self._copy_to(file)))
            return _one_file(file)

        made = backup_made(self._named, copy, size, wanted)
        add_to_file(self._list_beside(made.file), erased)
        return made

    async def _copy_to(self, file: Path) -> dict[str, str]:
        """Make a file that holds the same; whom the database has erased, and when."""
        async with _opened(Database(self._dialect)) as source, _opened(Database(Sqlite(file))) as target:
            await require_ours(source)
            await make_ready(target)
            async with source.still() as connection:
                mark = Mark(of=self._dialect.name, command=_BACKUP, counts=await counts(connection))
                await Copy(connection, target, mark, _unheard).make(with_index=False)
                return dict(in_meta(await known_of(connection)))

    async def restore(self, file: Path, *, now: datetime) -> Restored:
        """Empty the database and copy a backup into it, after a backup of what was there, beside the other.

        Killed in the middle, the database is refused until a backup is restored; the one of what was there is whole.
        """
        async with alone_on(self._dialect) as database:
            known, is_used = await self._looked(database)
            with await asyncio.to_thread(_scratch, file) as folder:
                ready = Path(folder) / "ready.db"
                erased = [*in_meta(known), *await asyncio.to_thread(_lists_near, file)]
                replaced = Replaced(known=known, erased=erased)
                made_at, _ = await asyncio.to_thread(made_ready, file, ready, replaced, newest=HEAD, now=now)
                aside = await self._put_aside(Path(folder).parent, now) if is_used else None
                return Restored(counts=await self._fill(database, ready, file), made_at=made_at, aside=aside)

    async def _looked(self, database: Database) -> tuple[dict[str, str], bool]:
        """What the database knows about itself, and whether it holds what must not be lost."""
        made_by = await revision(database)
        if made_by is None:
            return {}, False
        if made_by != HEAD:
            raise OperatorError(
                f"{database.name} was made by another version, which alone can put aside what it holds. Restore into a "
                "new database, made with `createdb`: set PAPERBOY_DATABASE_URL."
            )
        async with database.read() as connection:
            is_used = await get_mark(connection) is None and bool(await held(connection))
            return await known_of(connection), is_used

    async def _put_aside(self, folder: Path, now: datetime) -> Path:
        """Keep all that the database holds in a file."""
        aside = folder / f"{self._named.stem}-replaced-{now.astimezone(UTC):%Y%m%d-%H%M%S}.db"
        return (await self.backup(aside, keep=1, compress=False, now=now)).file

    async def _fill(self, database: Database, ready: Path, file: Path) -> dict[str, int]:
        await make_ready(database)
        async with _opened(Database(Sqlite(ready))) as source:
            if not await is_newest(source):
                await migrate_alone(source)
            async with source.still() as connection:
                mark = Mark(of=str(file), command=_RESTORE, counts=await counts(connection))
                await Copy(connection, database, mark, _unheard).make(anew=True)
        return await asyncio.to_thread(_counted, ready)

    def _list_beside(self, file: Path) -> Path:
        return file.with_name(self._named.stem + SUFFIX)


def _scratch(file: Path) -> "TemporaryDirectory[str]":
    """A folder beside a backup, with room to unpack it, which is gone in the end. Blocks."""
    if not file.is_file():
        raise OperatorError(f"There is no backup {file}. Name the file of one.")
    require_space(file.absolute().parent, file.stat().st_size * (6 if file.suffix == ".gz" else 2))
    return TemporaryDirectory(prefix=".restoring-", dir=file.absolute().parent)


def _lists_near(file: Path) -> list[tuple[str, str]]:
    """Who is on a list beside a backup, or beside the database that it was once of. Blocks."""
    folder = file.absolute().parent
    lists = [each for place in (folder, folder.parent) for each in sorted(place.glob(f"*{SUFFIX}"))]
    return [entry for each in lists for entry in in_file(each)]


def _one_file(file: Path) -> dict[str, int]:
    """Leave nothing beside a file that was filled, and look whether it is whole; how much it holds. Blocks."""
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode = DELETE")
        if not is_whole(opened):
            raise OperatorError(f"The backup {file} is not whole, so it was thrown away: the disk is damaged.")
        return counted(opened)


def _counted(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        return counted(opened)


@asynccontextmanager
async def _opened(database: Database) -> AsyncIterator[Database]:
    try:
        yield database
    finally:
        await database.close()


def _unheard(_: CopyProgress) -> None:
    """Nobody looks at how far a backup is."""
