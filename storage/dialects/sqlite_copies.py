"""Makes backups of a SQLite database while others use it, checks them, and sees to how many are kept. Blocks."""

import gzip
import hashlib
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from bot.domain.findings import size_words
from bot.errors import OperatorError
from bot.upkeep_interfaces import BackupMade
from storage.dialects.sqlite_examining import counted, free_space, is_whole, opened_to_read, revision_of, whole_size
from storage.dialects.sqlite_troubles import BUSY_SECONDS, told

_log = logging.getLogger(__name__)

FOLDER = "backups"
"""Where backups are made unless something else is said: this folder beside the database."""
MADE_AT = "backed_up_at"
"""Under what a copy keeps when it was made."""

KEPT = 3
"""Backups made before migrations that are kept."""
_STEP = 1_000
"""Pages copied in one go, four megabytes; between two, whoever waits for this process gets on."""
_PARTIAL = ".partial"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What kind of backup somebody wants."""

    target: Path | None
    keep: int
    compress: bool
    now: datetime
    before: str | None = None
    """The revision that the database is about to be migrated to: such copies are counted by themselves, and whoever
    makes one holds the lock for it."""


def back_up(path: Path, wanted: Wanted) -> BackupMade:
    """As `Upkeep.backup`."""
    if not path.is_file():
        raise OperatorError(f"There is no database {path} to back up.")
    return backup_made(path, lambda copy: copied(path, copy), whole_size(path), wanted)


def backup_made(path: Path, copy: Callable[[Path], dict[str, int]], size: int, wanted: Wanted) -> BackupMade:
    """Have `copy` make a file of that of a database which is known by this path, and see to all else.

    `copy` makes the file, checks it and says what it holds; the database has about so many bytes.
    """
    file, rotates = _file_for(path, wanted)
    make_folder(file.parent)
    require_space(file.parent, size * (2 if wanted.compress else 1))
    with nullcontext() if wanted.before else _alone(path if path.exists() else file.parent / path.name):
        if file.exists():
            raise OperatorError(f"{file} is there already. Name another file; backups are never written over.")
        for each in file.parent.glob(f"{glob_escaped(path.stem)}-*{_PARTIAL}*"):
            each.unlink()  # whoever made it was killed: there is one at a time
        counts = _made(path, copy, file, compress=wanted.compress, now=wanted.now)
        removed = _rotated(file, path.stem, wanted.keep, before=wanted.before is not None) if rotates else ()
    return BackupMade(file=file, size=file.stat().st_size, counts=counts, removed=removed)


def _file_for(path: Path, wanted: Wanted) -> tuple[Path, bool]:
    """Where the backup goes, and whether it is one of many there."""
    target = wanted.target
    if target is not None and target.suffix and not target.is_dir():
        return target.absolute(), False
    folder = target or path.parent / FOLDER
    until = f"-before-{wanted.before}" if wanted.before else ""
    name = f"{path.stem}-{wanted.now.astimezone(UTC):%Y%m%d-%H%M%S}{until}.db{'.gz' if wanted.compress else ''}"
    return folder.absolute() / name, True


def _made(
    path: Path, copy: Callable[[Path], dict[str, int]], file: Path, *, compress: bool, now: datetime
) -> dict[str, int]:
    """Make the copy under another name, and give it its own once it is checked."""
    partial = file.with_name(f"{path.stem}-{file.name}{_PARTIAL}")
    packed = file.with_name(f"{path.stem}-{file.name}.gz{_PARTIAL}")
    try:
        counts = copy(partial)
        with told(partial), closing(sqlite3.connect(partial, isolation_level=None)) as opened:
            put_meta(opened, MADE_AT, now.isoformat())
        if compress:
            _compress(partial, packed)
            partial.unlink()
        settle(packed if compress else partial, file)
    except OSError as error:
        raise OperatorError(f"The backup {file} cannot be written: {error.strerror}. Choose another place.") from None
    finally:
        for each in (partial, packed):
            with suppress(OSError):
                each.unlink()
    return counts


def copied(path: Path, copy: Path, *, damaged: str | None = None) -> dict[str, int]:
    """Make a copy of the database as it is at one moment, in a file of its own, and check it; how much it holds.

    While a read transaction is open, what others write goes to the write-ahead log and the copy need not begin anew.
    `damaged` is said where the database is.
    """
    create(copy)
    with told(path, damaged=damaged), closing(opened_to_read(path)) as source:
        source.execute("BEGIN")
        wanted = _rows(source)
        with told(copy), closing(sqlite3.connect(copy, timeout=BUSY_SECONDS, isolation_level=None)) as target:
            source.backup(target, pages=_STEP, sleep=0)
            target.execute("PRAGMA journal_mode = DELETE")
            if not is_whole(target) or _rows(target) != wanted:
                raise OperatorError(
                    f"The copy of {path} is not whole, so it was thrown away: the database or the disk is damaged. "
                    "`paperboy doctor` says more."
                )
            return counted(target)


def _rows(opened: sqlite3.Connection) -> dict[str, int]:
    """How many rows every table has."""
    names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    return {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608


def put_meta(opened: sqlite3.Connection, key: str, value: str) -> None:
    """Write what the database knows about itself, where it is one of ours."""
    with suppress(sqlite3.OperationalError):  # an empty one has no such table
        opened.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _compress(plain: Path, packed: Path) -> None:
    """Pack a file, and see that unpacking gives the same."""
    create(packed)
    wanted = hashlib.sha256()
    with plain.open("rb") as source, packed.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as target:
        for chunk in _chunks(source):
            wanted.update(chunk)
            target.write(chunk)
    found = hashlib.sha256()
    with gzip.open(packed, "rb") as again:
        for chunk in _chunks(again):
            found.update(chunk)
    if found.digest() != wanted.digest():
        raise OperatorError(f"The backup {packed} cannot be read again: the disk is damaged.")


def unpacked(packed: Path, plain: Path) -> None:
    """Unpack a backup into a new file. Raises OperatorError for a file that is no whole one."""
    create(plain)
    try:
        with gzip.open(packed, "rb") as source, plain.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise OperatorError(f"The backup {packed} is damaged. Take another one.") from None


def _chunks(file: "BinaryIO | gzip.GzipFile") -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def create(file: Path) -> None:
    """Make a new file that its owner alone may read."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def settle(partial: Path, file: Path) -> None:
    """Give a file that is complete its name, so that after a power cut it is there whole or not at all."""
    with partial.open("rb") as complete:
        os.fsync(complete.fileno())
    partial.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are kept, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder that its owner alone may look into, where there is none."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"The folder {folder} cannot be made: {error.strerror}. Choose another place.") from None


def require_space(folder: Path, needed: int) -> None:
    """Raises OperatorError where there is not so much room."""
    free = free_space(folder / "any")
    if free is not None and free < needed:
        raise OperatorError(
            f"{size_words(needed)} are needed in {folder}, and only {size_words(free)} are free. "
            "Make room, or choose another place."
        )


def backup_lock(path: Path, *, wait: float = 0) -> FileLock:
    """What whoever makes a backup of this database holds, or waits for so many seconds; any thread may release it."""
    return FileLock(f"{path}.backup-lock", timeout=wait, mode=0o600, thread_local=False)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Make the one backup of this database while the block runs."""
    lock = backup_lock(path)
    try:
        lock.acquire()
    except Timeout:
        raise OperatorError(f"Another backup of {path} is being made. Wait for it.") from None
    except OSError as error:
        raise OperatorError(f"The lock {path}.backup-lock cannot be taken: {error.strerror}.") from None
    try:
        yield
    finally:
        lock.release()


def newest_backup(path: Path, folder: Path | None) -> datetime | None:
    """When the newest backup of this database in the folder was made, as its name says; None where there is none."""
    named = re.compile(rf"{re.escape(path.stem)}-([0-9]{{8}}-[0-9]{{6}})(-before-\w+)?\.db(\.gz)?")
    try:
        found = [
            match[1] for each in (folder or path.parent / FOLDER).iterdir() if (match := named.fullmatch(each.name))
        ]
    except OSError:
        return None
    return datetime.strptime(max(found), "%Y%m%d-%H%M%S").replace(tzinfo=UTC) if found else None


def _rotated(newest: Path, stem: str, keep: int, *, before: bool) -> tuple[Path, ...]:
    """Remove all but so many of the copies like this one, itself counted; those that went."""
    until = r"-before-\w+" if before else ""
    pattern = re.compile(rf"{re.escape(stem)}-[0-9]{{8}}-[0-9]{{6}}{until}\.db(\.gz)?")
    found = sorted((each for each in newest.parent.iterdir() if pattern.fullmatch(each.name)), reverse=True)
    old = [each for each in found[max(keep, 1) :] if each != newest]
    for each in old:
        each.unlink()
    return tuple(old)


def glob_escaped(text: str) -> str:
    """The text as `glob` takes it for itself."""
    return re.sub(r"([*?[])", r"[\1]", text)


def back_up_before(path: Path, version: str) -> None:
    """Make a backup of a database that is older than this and holds something: a migration cannot be undone."""
    with told(path), closing(opened_to_read(path)) as opened:
        present = revision_of(opened)
    if present is not None and present < version:
        made = back_up(path, Wanted(target=None, keep=KEPT, compress=False, now=datetime.now(UTC), before=version))
        _log.info("backup made before migrating file=%s", made.file)
