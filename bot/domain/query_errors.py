"""What is said of a text that is no query: one sentence, and the place it is about. It reads no query itself."""

import unicodedata

from bot.errors import UserError

_WIDTH = 72
"""Columns that a pointer takes at most."""
_BEFORE = 24
"""Columns of the text that it keeps before the place, where the text is too long to show whole."""


class QueryError(UserError):
    """A text that is no query. `start` and `end` mark the part of it that the words are about, in characters."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.text = ""
        """The whole text, once it is known."""


def pointer(text: str, start: int, end: int) -> str:
    """Two lines for a terminal: the text, cut where it is long, and carets below the characters of this place."""
    cells = ["" if _columns(each) == 0 else each if each.isprintable() else " " for each in text]
    first = start
    while first and sum(map(_columns, cells[first - 1 : start])) <= _BEFORE:
        first -= 1
    if sum(map(_columns, cells)) <= _WIDTH:
        first = 0
    last = first
    while last < len(cells) and sum(map(_columns, cells[first : last + 1])) <= _WIDTH:
        last += 1
    before = sum(map(_columns, cells[first:start]))
    marked = sum(map(_columns, cells[start : min(end, last)]))
    return f"{''.join(cells[first:last])}\n{' ' * before}{'^' * max(1, marked)}"


def _columns(character: str) -> int:
    """How many columns a terminal gives a character (https://www.unicode.org/reports/tr11/)."""
    if not character or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
