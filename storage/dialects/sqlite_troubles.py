"""What SQLite says about a file, in words that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.errors import OperatorError
from storage.dialects.file import is_something_else

BUSY_SECONDS = 10

DAMAGED = (
    "is damaged. Stop Paperboy, move the file away and put your last backup in its place; "
    "without a backup, start with a new database and import your papers again."
)
"""Said of a database, after its name."""

NO_DATABASE = (
    "is not a database file, but something else. Name another one in the setting `url` under [database], "
    "or in PAPERBOY_DATABASE_URL."
)
"""Likewise."""

ERRORS: tuple[type[Exception], ...] = (sqlite3.Error, DBAPIError, UnicodeDecodeError)
"""Python 3.11 raises the last where what SQLite says quotes a damaged table."""


@contextmanager
def told(path: Path, *, damaged: str | None = None) -> Iterator[None]:
    """Raise OperatorError for what SQLite says about the file at `path`, where somebody can do something about it.

    Of one that is damaged, `damaged` is said instead: what to do about a database does not help with a backup.
    """
    try:
        yield
    except ERRORS as error:
        words = in_words(error, path)
        if words is None:
            raise
        said = damaged if damaged and words in {DAMAGED, NO_DATABASE} else f"The database {path} {words}"
        raise OperatorError(said) from error


def in_words(error: BaseException, path: Path) -> str | None:
    """What is wrong with the file at `path` and what to do, said after its name."""
    match code_of(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"is busy: another program has been writing to it for over {BUSY_SECONDS} seconds. Try again later."
        case sqlite3.SQLITE_FULL:
            return "cannot grow: the disk is full. Free some space and try again."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            return "cannot be opened for writing. Check the permissions of the file and its folder."
        case sqlite3.SQLITE_IOERR:
            return f"cannot be read or written ({error}). Check the disk."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB as code:
            return NO_DATABASE if code == sqlite3.SQLITE_NOTADB and is_something_else(path) else DAMAGED
        case _:  # what Python says of text that is none has no code
            return DAMAGED if "Could not decode to UTF-8" in str(error) or _quotes_damage(error) else None


def _quotes_damage(error: BaseException) -> bool:
    return isinstance(error, UnicodeDecodeError) and error.object.startswith(b"malformed database schema")


def code_of(error: BaseException) -> int:
    """SQLite's primary result code (https://sqlite.org/rescode.html); 0 where it gave none."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF
