"""A saved page of trending papers: some header lines, a date, then title and abstract in turn, blank lines between.

It takes no paper's number or address from such a page: there are none.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import BinaryIO

from bot.domain.papers import DateKind, FoundPaper
from bot.interfaces import Record, RecordError
from bot.sources.formats.lines import LONGEST, checked_length, numbered_lines

_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_DAY = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
    r"(?:(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"|(?P<day_first>\d{1,2})(?:st|nd|rd|th|\.)?\s+(?P<month_second>[a-z]{3,9})\.?)"
    r"(?:,?\s+(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_LONGEST_DATE = 40
_HEADER_LINES = 40


class Listing:
    """Papers as a list showed them one day; a year that the page leaves out is the newest not in the future."""

    name = "listing"

    def recognises(self, head: bytes) -> bool:
        lines = [line.strip() for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
        first = [line for line in lines if line][:_HEADER_LINES]
        return not head.lstrip().startswith((b"{", b"[", b"<")) and any(_day(line, date.max) for line in first)

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:
        day: date | None = None
        title: tuple[int, bytes] | None = None
        for number, text in _paragraphs(stream):
            new_day = _day(text, today)
            if new_day:
                yield from _lone(title)
                day, title = new_day, None
            elif title and day:
                yield Record(place=f"line {title[0]}", raw=b"\n".join((day.isoformat().encode(), title[1], text)))
                title = None
            elif day:
                title = number, text
        yield from _lone(title)

    def parse(self, record: Record) -> FoundPaper:
        parts = checked_length(record).decode("utf-8", "replace").split("\n")
        if len(parts) != 3:
            raise RecordError("a title without an abstract after it")
        listed_on, title, abstract = parts
        return FoundPaper(
            title=title,
            abstract=abstract,
            published_at=datetime.combine(date.fromisoformat(listed_on), time.min, tzinfo=UTC),
            published_kind=DateKind.LISTED,
            source="listing",
        )


def _lone(title: tuple[int, bytes] | None) -> Iterator[Record]:
    if title:
        yield Record(place=f"line {title[0]}", raw=title[1])


def _paragraphs(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each paragraph on one line, with the number of its first line; one that is too long keeps over LONGEST bytes."""
    start, buffer = 0, bytearray()
    for number, line in numbered_lines(stream):
        text = b" ".join(line.split())
        if text and len(buffer) <= LONGEST:
            start = start if buffer else number
            buffer += b" " + text if buffer else text
        elif not text and buffer:
            yield start, bytes(buffer)
            buffer.clear()
    if buffer:
        yield start, bytes(buffer)


def _day(text: bytes, today: date) -> date | None:
    """The day that this text is, and nothing else."""
    if len(text) > _LONGEST_DATE:
        return None
    written = text.decode("utf-8", "replace")
    found = _DAY.fullmatch(written)
    if not found:
        return _dated(written)
    name = (found["month"] or found["month_second"]).lower().removesuffix(".")
    month = next((at for at, full in enumerate(_MONTHS, 1) if full.startswith(name)), 0)
    day = int(found["day"] or found["day_first"])
    if found["year"]:
        return _dated(f"{found['year']}-{month:02}-{day:02}")
    days = (_dated(f"{year}-{month:02}-{day:02}") for year in range(today.year, max(0, today.year - 9), -1))
    return next((each for each in days if each and each <= today), None)


def _dated(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
