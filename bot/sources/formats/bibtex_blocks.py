"""Cuts BibTeX into its blocks, in little memory. It looks at braces and beginnings of lines, never at fields."""

import re
from collections.abc import Iterator

from bot.interfaces import Record
from bot.sources.formats.pieces import Gathering

_START = re.compile(rb"\s*@[ \t]*[A-Za-z]{1,30}[ \t]*([{(])")
_NEW_START = re.compile(rb"[ \t]*@[ \t]*[A-Za-z]{1,30}[ \t]*[{(][ \t]*[^\s{}()\",=]{1,200}[ \t]*[,=]")
"""A block that begins a line, with its key: where another is still open, that one is broken."""

_MARK = re.compile(rb'\\.|[{})"]', re.DOTALL)


class BlockCutter:
    """Takes a file line by line and gives out its blocks, `@article{…}` or `@string(…)`, each as soon as it ends."""

    def __init__(self) -> None:
        self._open: Gathering | None = None
        self._depth = 0
        """How many braces are open, the block's own delimiter among them."""
        self._is_round = False
        self._in_quotes = False

    def feed(self, line: bytes, *, number: int, begins: bool) -> Iterator[Record]:
        """The blocks that end in this line, and one that never ends where the next begins."""
        if begins and self._open and _NEW_START.match(line):
            yield from self.finish()
        at = 0
        while at < len(line):
            if self._open is None:
                start = _START.match(line, at) if begins or at else None
                if start is None:
                    return  # what stands between blocks is a comment
                self._begin(line[at : start.end()], start[1], place=f"line {number}")
                at = start.end()
            else:
                end = self._follow(line, at)
                self._open.add(line[at:end])
                at = end
                if self._depth == 0:
                    yield from self.finish()

    def finish(self) -> Iterator[Record]:
        """The block that is still open, as far as it goes."""
        if self._open:
            yield self._open.record()
            self._open = None

    def _begin(self, head: bytes, delimiter: bytes, *, place: str) -> None:
        self._open = Gathering(place=place)
        self._open.add(head.lstrip())
        self._depth, self._is_round, self._in_quotes = 1, delimiter == b"(", False

    def _follow(self, line: bytes, at: int) -> int:
        """Where in this line the open block ends, or the line does."""
        for mark in _MARK.finditer(line, at):
            each = mark[0]
            if each == b"{":
                self._depth += 1
            elif each == b"}":
                # In round brackets a brace too many closes nothing.
                self._depth -= self._depth > 1 or not self._is_round
            elif self._is_round and self._depth == 1:
                self._in_quotes ^= each == b'"'
                self._depth -= each == b")" and not self._in_quotes
            if self._depth == 0:
                return mark.end()
        return len(line)
