"""CSL-JSON files: one item, a list of items, or item after item. A list is cut up as it is read, never held whole."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from bot.domain.papers import FoundPaper
from bot.interfaces import Record, RecordError
from bot.sources.csl_items import read_item
from bot.sources.formats.pieces import Gathering, require_size

_PIECE = 65_536
_OUTSIDE = re.compile(rb'["{}\[\]]')
_IN_TEXT = re.compile(rb'["\\]')
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")
_TYPES = (
    b"article|article-journal|article-magazine|article-newspaper|bill|book|broadcast|chapter|classic|collection|dataset|"
    b"document|entry|entry-dictionary|entry-encyclopedia|event|figure|graphic|hearing|interview|legal_case|legislation|"
    b"manuscript|map|motion_picture|musical_score|pamphlet|paper-conference|patent|performance|periodical|"
    b"personal_communication|post|post-weblog|regulation|report|review|review-book|software|song|speech|standard|"
    b"thesis|treaty|webpage|book-chapter|dissertation|journal-article|monograph|posted-content|proceedings-article"
)
"""The item types of CSL 1.0.2's schema, and those of Crossref that doi.org hands out as CSL-JSON."""

_TYPE = re.compile(rb'"type"\s*:\s*"(?:' + _TYPES + rb')"')


class CslJson:
    """Records are items."""

    name = "csl-json"

    def recognises(self, head: bytes) -> bool:
        """Whether it begins as an object, or a list of them, and soon names one of CSL's types."""
        return _BEGIN.match(head) is not None and _TYPE.search(head) is not None

    def records(self, stream: BinaryIO, *, today: date) -> Iterator[Record]:  # noqa: ARG002  # nothing depends on it
        cutter = _ItemCutter()
        while piece := stream.read(_PIECE):
            yield from cutter.feed(piece)
        yield from cutter.finish()

    def parse(self, record: Record) -> FoundPaper:
        require_size(record)
        try:
            item = json.loads(record.raw)
        except (ValueError, RecursionError):
            raise RecordError("not valid JSON") from None
        if not isinstance(item, dict):
            raise RecordError("not an object")
        return read_item(item, source=self.name)


class _ItemCutter:
    """Gives out each object that stands alone or in the outermost list, by counting brackets outside of texts."""

    def __init__(self) -> None:
        self._item: Gathering | None = None
        self._count = 0
        self._depth = 0
        self._outside = 0
        """How many brackets are open around the item."""
        self._in_text = False
        self._is_escaped = False

    def feed(self, piece: bytes) -> Iterator[Record]:
        """The items that end in this piece of the file."""
        begin = at = 0
        while mark := self._next_mark(piece, at):
            at = mark.end()
            if mark[0] in b"{[":
                if mark[0] == b"{" and self._item is None:
                    self._begin()
                    begin = mark.start()
                self._depth += 1
            else:
                self._depth = max(self._depth - 1, 0)
                if self._item and self._depth == self._outside:
                    self._item.add(piece[begin:at])
                    yield from self.finish()
        if self._item:
            self._item.add(piece[begin:])

    def finish(self) -> Iterator[Record]:
        """The item that is still open, as far as it goes."""
        if self._item:
            yield self._item.record()
            self._item = None

    def _begin(self) -> None:
        self._count += 1
        self._item = Gathering(place=f"item {self._count}")
        self._outside = self._depth

    def _next_mark(self, piece: bytes, at: int) -> re.Match[bytes] | None:
        """The next bracket that stands in no text; remembers, across pieces, whether a text is open."""
        while True:
            if self._is_escaped and at < len(piece):
                at, self._is_escaped = at + 1, False
            mark = (_IN_TEXT if self._in_text else _OUTSIDE).search(piece, at)
            if mark is None:
                return None
            if mark[0] == b"\\":
                self._is_escaped = True
            elif mark[0] == b'"':
                self._in_text = not self._in_text
            else:
                return mark
            at = mark.end()
