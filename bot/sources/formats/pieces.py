"""Reads files line by line in little memory, however long a line or a record is."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import BinaryIO

from bot.interfaces import Record, RecordError

LONGEST_RECORD = 1_000_000
"""Bytes a record may have: far more than any paper's, far less than memory."""

_PIECE = 65_536


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Each line, its number and whether it begins there, for a long one comes in pieces; without a byte order mark."""
    number, begins = 1, True
    while piece := stream.readline(_PIECE):
        yield number, piece.removeprefix(BOM_UTF8) if number == 1 else piece, begins
        begins = piece.endswith(b"\n")
        number += begins


def decoded(raw: bytes) -> str:
    """Text in UTF-8 or, where it is none, in Windows' western code page, as old reference managers write it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


class Gathering:
    """The bytes of one record while it is read; of one that is too long, just enough to tell."""

    def __init__(self, *, place: str) -> None:
        self._place = place
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        if self._size <= LONGEST_RECORD:
            self._pieces.append(piece)
            self._size += len(piece)

    def record(self) -> Record:
        """All that was added, or its first LONGEST_RECORD + 1 bytes."""
        return Record(place=self._place, raw=b"".join(self._pieces)[: LONGEST_RECORD + 1])


def require_size(record: Record) -> None:
    """Raises RecordError for a record that is longer than LONGEST_RECORD."""
    if len(record.raw) > LONGEST_RECORD:
        raise RecordError(f"longer than {LONGEST_RECORD:,} bytes")
