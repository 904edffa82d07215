"""The file of an SQLite database: made for its owner alone, and locked by the one bot on it. Opens no database."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import OperatorError
from storage.dialects.dialect import InUse

_SQLITE = b"SQLite format 3\0"
"""What every database begins with that is not empty (https://sqlite.org/fileformat.html#the_database_header)."""


def make_file(path: Path) -> None:
    """Make the file, readable by its owner alone, and the folders to it; SQLite gives its companions the same mode."""
    try:
        for folder in reversed([each for each in path.parents if not each.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)  # whatever the umask takes away
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _keep_to_owner(path)
        return
    except OSError as error:
        raise OperatorError(f"The database {path} cannot be made: {error.strerror}. Choose another place.") from None
    os.close(handle)
    path.chmod(0o600)


def _keep_to_owner(path: Path) -> None:
    """Let nobody else read a database that is there; what is no database, and may be anything, stays as it is.

    Raises OperatorError for a folder, a device and the like.
    """
    if path.is_dir():
        raise OperatorError(f"The database {path} is a folder. Name a file in it, such as {path / 'paperboy.db'}.")
    if not path.is_file():
        raise OperatorError(f"The database {path} is no file. Choose another place.")
    with suppress(OSError):  # somebody else's file that we may use; SQLite says so where we may not
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
        if head in (b"", _SQLITE):
            path.chmod(0o600)


def is_something_else(path: Path) -> bool:
    """Whether a file begins as nothing that ever was a database: most of its first bytes are others, and not one alone.

    Of a database that is damaged there, some bytes are wrong, or all of them are gone.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError:
        return False
    same = sum(one == other for one, other in zip(head, _SQLITE, strict=False))
    return len(set(head)) > 1 and 2 * same < len(head)


def bot_lock(path: Path) -> Callable[[], None]:
    """Take the lock that one bot at a time holds; the system takes it back when the process ends, however it ends."""
    lock = FileLock(f"{path}.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise InUse(
            f"Another bot or playground is already running on {path}. Stop it, or give this one another database: "
            "set PAPERBOY_DATABASE_URL, or say --database to a playground."
        ) from None
    except OSError as error:
        raise OperatorError(f"The lock {path}.lock cannot be taken: {error.strerror}.") from None
    return lock.release
