"""The databases that fault runs disturb: files, in whose place a backup is put, or those of a PostgreSQL that loses
nothing it has said is kept, and that is restarted without a word.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from tempfile import gettempdir
from typing import Any, Protocol

import asyncpg
from sqlalchemy import make_url

from tests.postgresql import Server, Standing, standing
from tests.storage.kinds import KINDS

Rows = list[tuple[Any, ...]]
_SAFE = "max_connections = 200"
"""All else as PostgreSQL comes: it waits for the disk."""


class Disturbed(Protocol):
    """One database."""

    @property
    def kind(self) -> str: ...

    @property
    def url(self) -> str: ...

    async def fetch(self, question: str) -> Rows:
        """What it says, past all of the product."""


class Databases(Protocol):
    """Where databases of one kind are made."""

    def new(self, name: str) -> Disturbed:
        """One that is not there yet, or has no tables."""


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    kind = KINDS[0]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    async def fetch(self, question: str) -> Rows:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(question).fetchall()

    def back_up(self, backup: Path) -> None:
        backup.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(backup)) as target:
            source.backup(target)

    def restore(self, backup: Path) -> None:
        """Put a backup in its place; nobody has it open."""
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self.path.write_bytes(backup.read_bytes())


@dataclass(frozen=True, slots=True)
class OnServer:
    url: str
    standing: Standing
    kind = KINDS[1]

    async def fetch(self, question: str) -> Rows:
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(each) for each in await connection.fetch(question)]
        finally:
            await connection.close()

    def restart(self) -> None:
        """Let its server fall and stand again. Blocks."""
        self.standing.restart_at_once()


@dataclass(frozen=True, slots=True)
class Files:
    folder: Path

    def new(self, name: str) -> File:
        return File(self.folder / f"{name}.db")


@dataclass(frozen=True, slots=True)
class OnServers:
    standing: Standing

    def new(self, name: str) -> OnServer:  # noqa: ARG002 (its name is of no use to anybody)
        with closing(Server(make_url(self.standing.url))) as server:  # one kept open would fall with its server
            return OnServer(server.new(), self.standing)


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Databases]:
    """Databases of this kind, which are gone afterwards."""
    if kind == File.kind:
        yield Files(folder)
        return
    place = Path(gettempdir()) / f"paperboy-faults-{os.getpid()}-{token_hex(4)}"
    try:
        with standing(place, settings=_SAFE) as own:
            yield OnServers(own)
    finally:
        rmtree(place, ignore_errors=True)
