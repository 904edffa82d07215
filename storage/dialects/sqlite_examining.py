"""Looks at a SQLite database without changing it: whether it is sound, whose it is, and how much it holds. Blocks."""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.errors import OperatorError
from bot.upkeep_interfaces import DatabaseState
from storage.dialects.sqlite import IS_FOREIGN
from storage.dialects.sqlite_troubles import BUSY_SECONDS, DAMAGED, told

COUNTED: Mapping[str, str] = {
    "papers": "papers",
    "topics": "subscriptions",
    "schedules": "schedules",
    "deliveries": "deliveries",
}
"""What is counted, by its name for people and its table."""

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database's file (https://sqlite.org/tempfiles.html)."""


def examined(path: Path, newest: str) -> DatabaseState:
    """How the database at `path` is. Raises OperatorError for what SQLite says of it."""
    try:
        is_there = path.exists()
    except PermissionError:
        raise OperatorError(
            f"Whoever runs this may not look into the folder of the database {path}. Allow it."
        ) from None
    if not is_there:
        closed = _closed_folder(path)
        trouble = None
        if closed:
            trouble = (
                f"There is none at {path}, and none can be made: {closed} cannot be written to by whoever runs this. "
                "Allow it, or choose another place: set PAPERBOY_DATABASE_URL."
            )
        return DatabaseState(place=str(path), exists=False, trouble=trouble, newest=newest, free=free_space(path))
    if path.is_dir():
        trouble = f"The database {path} is a folder. Name a file: set PAPERBOY_DATABASE_URL."
        return DatabaseState(place=str(path), trouble=trouble, newest=newest, free=free_space(path))
    with told(path), closing(opened_to_read(path)) as opened:
        revision = revision_of(opened)
        known = dict(opened.execute("SELECT key, value FROM meta")) if _has_table(opened, "meta") else {}
        return DatabaseState(
            place=str(path),
            trouble=_trouble(path, opened),
            size=whole_size(path),
            free=free_space(path),
            revision=revision,
            newest=newest,
            application_id=_number(known.get("application")),
            counts=counted(opened),
        )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def measured(path: Path, newest: str) -> DatabaseState:
    """How big it is and how much room there is."""
    return DatabaseState(place=str(path), size=whole_size(path), free=free_space(path), newest=newest)


def _trouble(path: Path, opened: sqlite3.Connection) -> str | None:
    if opened.execute(IS_FOREIGN).fetchone() == (1,):
        return f"The database {path} is another program's. Give Paperboy a file of its own: set PAPERBOY_DATABASE_URL."
    return None if is_whole(opened) else f"The database {path} {DAMAGED}"


def _closed_folder(path: Path) -> Path | None:
    """The folder that keeps this file from being made; None where it can be."""
    folder = next((each for each in path.absolute().parents if each.exists()), None)
    return folder if folder and not os.access(folder, os.W_OK | os.X_OK) else None


def opened_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write; the file is there."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def is_whole(opened: sqlite3.Connection) -> bool:
    """Whether everything in the database is as it should be, which is looked through in full."""
    return bool(opened.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))


def revision_of(opened: sqlite3.Connection) -> str | None:
    """What made the tables; None where there are none of ours."""
    if not _has_table(opened, "alembic_version"):
        return None
    row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def counted(opened: sqlite3.Connection) -> dict[str, int]:
    """How many rows the tables in `COUNTED` have, those left out that are not there."""
    return {
        name: opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 (names of our own)
        for name, table in COUNTED.items()
        if _has_table(opened, table)
    }


def _has_table(opened: sqlite3.Connection, name: str) -> bool:
    found = opened.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    return found.fetchone() is not None


def whole_size(path: Path) -> int:
    """Bytes of the database and what stands beside it."""
    files = [path, *(path.with_name(path.name + each) for each in COMPANIONS)]
    return sum(each.stat().st_size for each in files if each.exists())


def free_space(path: Path) -> int | None:
    """Bytes free where the database is or would be; None where that cannot be told."""
    try:
        folder = next((each for each in path.absolute().parents if each.exists()), None)
        return shutil.disk_usage(folder).free if folder else None
    except OSError:
        return None
