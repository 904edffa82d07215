"""Answers of arXiv's API, or its Atom announcements, saved to a file; several in one file are read as one.

It looks at nothing but the entries, so a file that was cut short gives what it has.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import count
from typing import BinaryIO

from bot.domain.papers import FoundPaper
from bot.interfaces import Record, RecordError
from bot.sources import arxiv_rss, atom
from bot.sources.closed_xml import XmlError, read_xml

_PIECE = 65_536
_LONGEST_ENTRY = 4_000_000
_LONGEST_TAG = 4_100
_PREFIX = rb"(?:[A-Za-z_][\w.-]{0,40}:)?"
_FEED = re.compile(rb"<(" + _PREFIX + rb")feed\b[^>]{0,4000}>")
_BEGIN = re.compile(rb"<" + _PREFIX + rb"entry[\s>]")
_END = re.compile(rb"</" + _PREFIX + rb"entry\s*>")


class ArxivAtom:
    """Records are whole documents of one entry each, under the feed's own start tag, which declares the prefixes."""

    @property
    def name(self) -> str:
        return "arxiv-atom"

    def recognises(self, head: bytes) -> bool:
        return _FEED.search(head) is not None and b"www.w3.org/2005/Atom" in head and b"arxiv.org" in head.lower()

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:  # noqa: ARG002
        """Cut the file at its entries. One that does not end, or is longer than 4 MB, is a record cut short."""
        before = after = rest = b""
        numbers = count(1)
        for piece in iter(partial(stream.read, _PIECE), b""):
            rest += piece
            if not before and (feed := _FEED.search(rest)):
                before, after = feed[0], b"</" + feed[1] + b"feed>"
            entries, rest = _cut(rest)
            for entry in entries:
                yield Record(place=f"entry {next(numbers)}", raw=before + entry + after)
        if _BEGIN.match(rest):
            yield Record(place=f"entry {next(numbers)}", raw=before + rest)

    def parse(self, record: Record) -> FoundPaper:
        try:
            entry = read_xml(record.raw).find("entry")
        except XmlError as error:
            raise RecordError(f"it is {error}") from None
        if entry is None:
            raise RecordError("it is no entry of a feed")
        if complaint := atom.error_in(entry):
            raise RecordError(f"it is an error that arXiv reported: {complaint}")
        if entry.find("announce_type") is not None:
            return arxiv_rss.paper_of(entry, source=self.name)
        return atom.paper_of(entry, source=self.name)


def _cut(text: bytes) -> tuple[list[bytes], bytes]:
    """The whole entries in this text, and what may be the beginning of another one."""
    entries = []
    position = 0
    while begin := _BEGIN.search(text, position):
        end = _END.search(text, begin.end())
        if end is None:
            break
        entries.append(text[begin.start() : end.end()])
        position = end.end()
    rest = text[begin.start() :] if begin else text[max(position, len(text) - _LONGEST_TAG) :]
    if len(rest) > _LONGEST_ENTRY:
        return [*entries, rest], b""
    return entries, rest
