"""The file of an SQLite database: made for its owner alone, and locked by the one bot on it. Opens no database."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import OperatorError
from storage.dialects.dialect import InUse


def make_file(path: Path) -> None:
    """Make the file, readable by its owner alone, and the folders to it; SQLite gives its companions the same mode."""
    try:
        for folder in reversed([each for each in path.parents if not each.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)  # whatever the umask takes away
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        with suppress(OSError):  # somebody else's file that we may use; SQLite says so where we may not
            path.chmod(0o600)
        return
    except OSError as error:
        raise OperatorError(f"The database {path} cannot be made: {error.strerror}. Choose another place.") from None
    os.close(handle)
    path.chmod(0o600)


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
