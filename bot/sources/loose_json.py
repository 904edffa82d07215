"""Reads JSON from outside, where any value may be missing or of any type: what is of another type counts as absent."""

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from bot.domain.papers import FoundPaper
from bot.interfaces import Batch, RecordError, Rejection, SourceError, SourceTrouble

LARGEST_COUNT = 2**31 - 1
_MOST = ((b"[{", 100_000), (b'"', 300_000), (b",", 150_000))
"""How many of these characters an answer may have: a page of a hundred papers has a few thousand.

Reading JSON holds the interpreter, whatever thread it runs in: the largest recorded answer for 25 ms, but five
megabytes of empty brackets for a quarter of a second.
"""

Row = Mapping[str, object]


def read_json(body: bytes, *, who: str) -> object:
    """The value an answer holds. Raises SourceError when it is no JSON; `who` names the sender in that sentence."""
    if any(sum(body.count(mark) for mark in marks) > most for marks, most in _MOST):
        raise malformed(f"{who} sent more values than any list of papers has.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise malformed(f"{who} did not answer in JSON.") from None


def malformed(sentence: str) -> SourceError:
    """The error for an answer that is not what it should be."""
    return SourceError(sentence, reason=SourceTrouble.MALFORMED)


def sift(rows: Iterable[object], read: Callable[[Row], FoundPaper]) -> Batch:
    """The papers among these rows, in order, and for each other row its place, counted from 1, and why it is no paper.

    `read` raises RecordError for a row that holds no paper.
    """
    found, rejected = [], []
    for number, row in enumerate(rows, start=1):
        try:
            if not isinstance(row, dict):
                raise RecordError("not an object")
            found.append(read(row))
        except RecordError as error:
            rejected.append(Rejection(place=f"item {number}", reason=str(error)))
    return Batch(found=tuple(found), rejected=tuple(rejected))


def mapping(value: object) -> Row:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else MappingProxyType({})


def sequence(value: object) -> list[object]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The text, or a number in digits; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def first_text(value: object) -> str:
    """The text, or the first text of a list; empty for anything else."""
    each = sequence(value)
    return text(each[0] if each else value)


def count(value: object) -> int | None:
    """A whole number from 0 to LARGEST_COUNT, written as a number or in digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_COUNT else None


def web_address(value: object) -> str | None:
    """An http(s) address without spaces, or None."""
    address = text(value)
    is_address = address.lower().startswith(("http://", "https://")) and len(address) <= 2_000
    return address if is_address and not any(each.isspace() for each in address) else None
