"""What an operator's tools ask of a database as a whole, whether or not a bot runs on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """A database as it was found, without a change to it."""

    place: str
    """Where it is, as people would say it; never with a password."""
    exists: bool = True
    trouble: str | None = None
    """What is wrong with it and what to do, in a sentence; None where nothing is."""
    size: int = 0
    """Bytes, with all that belongs to it."""
    free: int | None = None
    """Bytes that are free where it is kept; None where that is not for us to see."""
    revision: str | None = None
    """What made its tables; None where there are none."""
    newest: str = ""
    """The revision that this program has."""
    server: str | None = None
    """What answers for it, such as `PostgreSQL 18.1`; None where it is a file."""
    application_id: int | None = None
    """The Discord application it is of, if it is of one."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many rows some tables have, by names for people."""

    @property
    def is_ready(self) -> bool:
        """Whether it can be read as it is."""
        return self.exists and self.trouble is None and self.revision == self.newest


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup that is whole: it was read again and holds what the database held."""

    file: Path
    size: int
    """Bytes of the file."""
    counts: Mapping[str, int]
    """As in `DatabaseState`."""
    removed: tuple[Path, ...] = ()
    """Older ones that went for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A backup that is the database now."""

    counts: Mapping[str, int]
    made_at: datetime | None
    """When it was made; None where the file does not tell."""
    aside: Path | None
    """Where the database is that was there before; None: there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """What the rows of a table amount to, the same on every kind of database."""

    rows: int
    sha256: str
    """In hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyProgress:
    """How far a copy has come."""

    doing: Literal["copying", "checking", "indexing"]
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A copy of a database that is whole: both were read again, and every table is the same in both."""

    source: str
    """As people know it; never with a password."""
    target: str
    was_begun: bool
    """Whether it was begun before, and gone on with."""
    tables: Mapping[str, Checksum]

    @property
    def rows(self) -> int:
        """How many in all."""
        return sum(each.rows for each in self.tables.values())


class Upkeep(Protocol):
    """The care of one database. Raises OperatorError, in a sentence that says what to do."""

    async def examine(self) -> DatabaseState:
        """Look at it, as far as its kind allows, changing nothing; never raises for what is wrong with it."""
        ...

    async def measure(self) -> DatabaseState:
        """How big it is and how much room there is, and nothing else: that takes a moment."""
        ...

    async def newest_backup(self, folder: Path | None) -> datetime | None:
        """When the newest backup in a folder was made; without one, where backups are made by themselves."""
        ...

    async def backup(self, target: Path | None, *, keep: int, compress: bool, now: datetime) -> BackupMade:
        """Copy all of it as it is at one moment, and check the copy; whoever uses it goes on meanwhile.

        Without a target, or with a folder, the copy is named after the time, and of such copies the newest `keep`
        stay. A file that is there already is never written over.
        """
        ...

    async def restore(self, file: Path, *, now: datetime) -> Restored:
        """Put a backup in the place of the database, which nobody may use meanwhile, and keep the old one aside.

        Whenever it is killed, there is either the old one or the restored one, and none is lost. What the restored one
        does not know was posted is looked for before anything is posted again.
        """
        ...
