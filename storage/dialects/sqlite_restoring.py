"""Puts a backup in the place of a SQLite database. Blocks.

It is made ready beside the database and takes its place in one step, so that there is always a whole one.
"""

import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.outages import Gap, gap_after
from bot.errors import OperatorError
from bot.upkeep_interfaces import Restored
from storage.deliveries import SECRET
from storage.delivery_lists import SEEN
from storage.dialects.erased import KEY, in_file, in_meta, since
from storage.dialects.sqlite import IS_FOREIGN
from storage.dialects.sqlite_copies import (
    MADE_AT,
    copied,
    put_meta,
    require_space,
    sync_folder,
    unpacked,
)
from storage.dialects.sqlite_erasing import erase_again, list_of
from storage.dialects.sqlite_examining import COMPANIONS, counted, is_whole, opened_to_read, revision_of
from storage.dialects.sqlite_troubles import BUSY_SECONDS, ERRORS, code_of, told
from storage.settling import GAP, understood

_READY = ".restoring"
_DAMAGED = "{} is damaged, or not a backup. Take another one; the database is as it was."


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The database that a backup replaces."""

    known: Mapping[str, str]
    """What it knows about itself."""
    erased: Sequence[tuple[str, str]]
    """Whom it has erased, and when."""


def require_backup(path: Path, file: Path) -> None:
    """Raises OperatorError unless there is a file that may be put in the place of `path`."""
    if not file.is_file():
        raise OperatorError(f"There is no backup {file}. Name the file of one.")
    if path.exists() and file.samefile(path):
        raise OperatorError(f"{file} is the database itself. Name the file of a backup.")


def restore(path: Path, file: Path, *, newest: str, now: datetime) -> Restored:
    """As `Upkeep.restore`, for whoever holds the bot's lock; `newest` is the revision of this program."""
    require_space(path.parent, file.stat().st_size)
    ready = path.with_name(path.name + _READY)
    try:
        for each in (ready, *_companions(ready)):
            each.unlink(missing_ok=True)
        old = _of_old(path)
        entries = [*in_file(list_of(path)), *in_meta(old)]
        made_at, counts = make_ready(file, ready, Replaced(known=old, erased=entries), newest=newest, now=now)
        aside = _put_aside(path, now) if path.exists() else None
        ready.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise OperatorError(f"{file} cannot be restored: {error.strerror}. The database is as it was.") from None
    finally:
        with suppress(OSError):
            ready.unlink(missing_ok=True)
    return Restored(counts=counts, made_at=made_at, aside=aside)


def make_ready(
    file: Path, ready: Path, replaced: Replaced, *, newest: str, now: datetime
) -> tuple[datetime | None, dict[str, int]]:
    """Copy the backup to where it is needed, check it, and mark it as restored; when it was made and what it holds."""
    if file.suffix == ".gz":
        unpacked(file, ready)
    else:
        copied(file, ready, damaged=_DAMAGED.format(file))
    damaged = told(file, damaged=_DAMAGED.format(file))
    with damaged, closing(sqlite3.connect(ready, timeout=BUSY_SECONDS, isolation_level=None)) as opened:
        _require_ours(opened, file, newest)
        known = dict(opened.execute("SELECT key, value FROM meta"))
        _mark(opened, known, replaced, now)
        made_at = understood(datetime.fromisoformat, known.get(MADE_AT))
        if secret := known.get(SECRET) or replaced.known.get(SECRET):
            erase_again(opened, bytes.fromhex(secret), since(replaced.erased, made_at))
        opened.execute("PRAGMA journal_mode = DELETE")
        counts = counted(opened)
    with ready.open("rb") as complete:
        os.fsync(complete.fileno())
    return made_at, counts


def _require_ours(opened: sqlite3.Connection, file: Path, newest: str) -> None:
    if opened.execute(IS_FOREIGN).fetchone() == (1,):
        raise OperatorError(f"{file} is another program's. Name a backup that `paperboy backup` made.")
    revision = revision_of(opened)
    if revision is None:
        raise OperatorError(f"{file} is empty. Take another backup.")
    if revision > newest:
        raise OperatorError(f"{file} was made by a newer Paperboy. Update Paperboy to restore it.")
    if not is_whole(opened):
        raise OperatorError(_DAMAGED.format(file))


def _of_old(path: Path) -> dict[str, str]:
    """What the database that is to be replaced knows about itself; nothing where it cannot be read."""
    if not path.exists():
        return {}
    with suppress(*ERRORS), closing(opened_to_read(path)) as opened:
        return dict(opened.execute("SELECT key, value FROM meta"))
    return {}


def _mark(opened: sqlite3.Connection, known: dict[str, str], replaced: Replaced, now: datetime) -> None:
    """Tell whoever delivers from this database that it knows nothing of what was posted since the backup was made.

    What is found again in a channel is known by marks that depend on a secret: a backup from before there was one
    takes over that of the database it replaces.
    """
    seen, earlier = known.get(SEEN), known.get(GAP)
    late = understood(Gap.from_text, earlier)
    gap = gap_after(understood(datetime.fromisoformat, seen), late, is_new=False, now=now)
    opened.execute("BEGIN")
    if gap is not None:
        put_meta(opened, GAP, gap.to_text())
    put_meta(opened, "restored_at", now.isoformat())
    if SECRET not in known and SECRET in replaced.known:
        put_meta(opened, SECRET, replaced.known[SECRET])
    for each, when in in_meta(replaced.known):
        put_meta(opened, KEY + each, when)
    opened.execute("COMMIT")


def _put_aside(path: Path, now: datetime) -> Path:
    """Keep what is at `path` under another name as well. Raises OperatorError where somebody uses it.

    A sound one is made one file first: nothing of its write-ahead log may be taken for the new one's.
    """
    aside = path.with_name(f"{path.stem}-replaced-{now.astimezone(UTC):%Y%m%d-%H%M%S}{path.suffix}")
    if aside.exists():
        raise OperatorError(f"{aside} is there already. Wait a second and try again.")
    log, kept = (each.with_name(each.name + "-wal") for each in (path, aside))
    is_sound = False
    try:
        if log.exists():  # before anything opens the database: SQLite deletes what it cannot make sense of
            shutil.copy2(log, kept)
        is_sound = _make_one_file(path)
    except OperatorError:
        kept.unlink(missing_ok=True)
        raise
    if is_sound:
        kept.unlink(missing_ok=True)
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system that has no links
        shutil.copy2(path, aside)
    for each in _companions(path):
        each.unlink(missing_ok=True)
    return aside


def _make_one_file(path: Path) -> bool:
    """Write everything into the one file, in a way that only who is alone with it may; False where it is damaged."""
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as opened:
            opened.execute("PRAGMA locking_mode = EXCLUSIVE")
            opened.execute("BEGIN EXCLUSIVE")
            opened.execute("COMMIT")
            opened.execute("PRAGMA journal_mode = DELETE")
    except ERRORS as error:
        if code_of(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise OperatorError(f"Another program uses the database {path}. Stop it and try again.") from None
        return False
    return True


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + each) for each in COMPANIONS]
