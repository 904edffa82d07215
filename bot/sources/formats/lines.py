"""Cuts a stream into lines in little memory, whatever it holds. It reads nothing in them."""

from collections.abc import Iterator
from typing import BinaryIO

from bot.interfaces import Record, RecordError

LONGEST = 8 << 20
"""Bytes one record may have; the rest of a longer one is skipped, and the record is refused."""

_BOM = b"\xef\xbb\xbf"


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with its number from 1, without its end; of one that is too long, LONGEST bytes and one more."""
    number = 0
    while line := stream.readline(LONGEST + 2):
        number += 1
        ended = line.endswith(b"\n")
        line = (line.removeprefix(_BOM) if number == 1 else line).rstrip(b"\r\n")
        while not ended and (rest := stream.readline(LONGEST)):
            ended = rest.endswith(b"\n")
        yield number, line[: LONGEST + 1]


def lines_as_records(stream: BinaryIO) -> Iterator[Record]:
    """One record a line; blank lines are none."""
    for number, line in numbered_lines(stream):
        if line and not line.isspace():
            yield Record(place=f"line {number}", raw=line)


def checked_length(record: Record) -> bytes:
    """What the record holds; raises RecordError for one that was cut because it is too long."""
    if len(record.raw) > LONGEST:
        raise RecordError(f"longer than {LONGEST >> 20} MB")
    return record.raw
