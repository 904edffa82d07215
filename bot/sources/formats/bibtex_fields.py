"""Reads one block of BibTeX: its kind and fields. TeX inside a value stays as it is."""

import re
from collections.abc import Mapping

from bot.interfaces import RecordError

_HEAD = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_KEY = re.compile(r"[^,={}\"]*,")
_NAME = re.compile(r"[\s,]*([A-Za-z][^\s=,{}\"#()]*)\s*=\s*")
_WORD = re.compile(r"[^\s,#{}\"()=]+")
_JOIN = re.compile(r"\s*#\s*")
_MARK = re.compile(r"\\.|[{}\"]", re.DOTALL)
_NO_BRACES = str.maketrans("", "", "{}")
_AND = re.compile(r"\\.|[{}]| and ", re.DOTALL | re.IGNORECASE)


def read_block(block: str, *, macros: Mapping[str, str], at: int = 0) -> tuple[str, dict[str, str], int]:
    """The kind of the block that begins at this place, its fields, both in lower case, and where they end.

    Of a field given twice the first counts; `macros` are the texts that `@string` has named. Raises RecordError.
    """
    head = _HEAD.match(block, at)
    if not head:
        raise RecordError("not an entry")
    kind, at = head[1].lower(), head.end()
    key = _KEY.match(block, at) if kind != "string" else None
    at = key.end() if key else at
    fields: dict[str, str] = {}
    while name := _NAME.match(block, at):
        value, at = _value(block, name.end(), macros)
        fields.setdefault(name[1].lower(), value)
    return kind, fields, at


def split_names(names: str) -> list[str]:
    """The names between the `and`s that no brace protects, without `others`."""
    names = " ".join(names.split())
    found, depth, begin = [], 0, 0
    for mark in _AND.finditer(names):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if mark[0][0] == " " and depth <= 0:
            found.append(names[begin : mark.start()])
            begin = mark.end()
    found.append(names[begin:])
    return [name for each in found if (name := each.strip()) and name.lower() != "others"]


def without_braces(value: str) -> str:
    """The value without braces that only keep capitals or names together; where there is TeX, they are its own."""
    return value if "\\" in value or "$" in value else value.translate(_NO_BRACES)


def _value(block: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """A value, its parts joined, and where it ends."""
    parts = []
    while True:
        part, at = _part(block, at, macros)
        parts.append(part)
        join = _JOIN.match(block, at)
        if not join:
            return "".join(parts), at
        at = join.end()


def _part(block: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """One text in braces or quotes, one number or one name of a text."""
    if block.startswith("{", at):
        end = _end_of(block, at + 1, "}")
        return block[at + 1 : end], end + 1
    if block.startswith('"', at):
        end = _end_of(block, at + 1, '"')
        return block[at + 1 : end], end + 1
    word = _WORD.match(block, at)
    return (macros.get(word[0].lower(), word[0]), word.end()) if word else ("", at)


def _end_of(block: str, at: int, closing: str) -> int:
    """Where, outside inner braces, this closing brace or quote stands."""
    depth = 0
    for mark in _MARK.finditer(block, at):
        if mark[0] == closing and depth == 0:
            return mark.start()
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
    raise RecordError("a brace or quote that is never closed")
