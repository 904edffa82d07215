"""Opens a file to import, plain or gzip, and hands out its records in chunks. Reads each byte once and keeps none."""

import errno
import gzip
import io
import os
import select
import stat
import sys
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import OperatorError
from bot.interfaces import Format, Record

HEAD = 1 << 16
"""Bytes of a file that a format is recognised by."""
STANDARD_INPUT = Path("-")
MOST_RECORDS = 250
MOST_BYTES = 1 << 19
"""A chunk ends after this many records or bytes, whichever comes first."""

SMALL = 1 << 20
"""Bytes of a plain file that one thread has read before worker processes would have started."""

_LOOK_UP = 0.05
"""Seconds after which whoever waits for a pipe looks whether to stop."""

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some records, and how many bytes of the file had been read when they had."""

    records: tuple[Record, ...]
    position: int


class ImportFile:
    """One open file. `problem` says what is wrong with it as a whole, once that has been met."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file cannot be opened. Reads nothing yet, and never waits for a pipe's writer.

        The path `-` is the standard input.
        """
        if path == STANDARD_INPUT and sys.stdin is None:  # then the descriptor is something else's by now
            raise OSError(errno.EBADF, "there is no standard input")
        self._file = io.FileIO(os.dup(0) if path == STANDARD_INPUT else str(path), "rb", opener=_open)
        status = os.fstat(self._file.fileno())
        self.size = status.st_size
        self._has_size = stat.S_ISREG(status.st_mode)
        self._pipe = None if self._has_size or os.name == "nt" else _Pipe(self._file)
        self._stream: io.BufferedReader[Any] = io.BufferedReader(self._pipe or self._file, HEAD)
        self._unzipped: _Unzipped | None = None
        self._is_empty = False

    @property
    def is_small(self) -> bool:
        """Whether the file is not worth starting workers for."""
        return self._has_size and self.size <= SMALL and self._unzipped is None

    @property
    def problem(self) -> str | None:
        return self._unzipped.problem if self._unzipped else None

    def recognised(self, formats: Sequence[Format]) -> Format | None:
        """The first of these formats that this file is of. Comes before all other reading."""
        if self._stream.peek(len(_GZIP)).startswith(_GZIP):
            self._unzipped = _Unzipped(self._stream)
            self._stream = io.BufferedReader(self._unzipped, HEAD)
        head = self._stream.peek(HEAD)
        self._is_empty = not head
        return next((each for each in formats if each.recognises(head)), None)

    def unrecognised(self, formats: Sequence[Format]) -> str:
        """What is said of it where it is of none of these formats."""
        if self._is_empty:
            return self.problem or "it is empty"
        if len(formats) == 1:
            return f"it does not look like {formats[0].name}; leave --format out to have its kind found"
        return f"it is none of the kinds known: {', '.join(each.name for each in formats)}"

    def chunks(self, kind: Format, *, today: date) -> Iterator[Chunk]:
        """The records, in chunks, in order."""
        records: list[Record] = []
        size = 0
        for record in kind.records(self._stream, today=today):
            records.append(record)
            size += len(record.raw)
            if len(records) >= MOST_RECORDS or size >= MOST_BYTES:
                yield Chunk(records=tuple(records), position=self._position())
                records, size = [], 0
        if records:
            yield Chunk(records=tuple(records), position=self._position())

    def close(self) -> None:
        """Close it; whoever still waits for a pipe, in another thread, finds its end."""
        if self._pipe:
            self._pipe.stop()
        self._stream.close()
        self._file.close()

    def _position(self) -> int:
        return self._file.tell() if self._has_size else 0


def unreadable(path: Path, error: OSError) -> str:
    """Why this path cannot be opened, and where it is a folder, what to do."""
    if isinstance(error, IsADirectoryError):
        return f"it is a folder; name the files in it, such as {path / '*.jsonl'}"
    return f"it cannot be read: {error.strerror or error}"


def formats_named(formats: Sequence[Format], name: str) -> Sequence[Format]:
    """The formats a file may be of: all for `auto`. Raises OperatorError for a name that none of them has."""
    if name == "auto":
        return formats
    named = [each for each in formats if each.name == name]
    if not named:
        names = ", ".join(["auto", *(each.name for each in formats)])
        raise OperatorError(f"There is no format {name}. Choose one of {names}.", exit_code=2)
    return named


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class _Pipe(io.RawIOBase):
    """What comes out of a pipe or terminal, until its end or until somebody says stop: a read cannot be interrupted."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._stopped.is_set():
            if select.select([self._file], [], [], _LOOK_UP)[0]:
                read = self._file.readinto(buffer)
                if read is not None:
                    return read
        return 0


class _Unzipped(io.RawIOBase):
    """The bytes of a gzip file; it ends where the file is cut off or damaged, and says so in `problem`."""

    def __init__(self, zipped: BinaryIO) -> None:
        self.problem: str | None = None
        self._gzip = gzip.GzipFile(fileobj=zipped)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.problem:
            return 0
        try:
            data = self._gzip.read1(len(buffer))
        except EOFError:
            self.problem = "the compressed file is cut off; what came before is kept"
            return 0
        except (gzip.BadGzipFile, zlib.error):
            self.problem = "the compressed file is damaged; what came before is kept"
            return 0
        buffer[: len(data)] = data
        return len(data)
