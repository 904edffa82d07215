"""Reads the fields of a JSON record, whatever type they turn out to have.

A field of a wrong type is an absent one, and is told of in `Fields.left_out`.
"""

import json
from datetime import UTC, datetime
from typing import Any

from bot.interfaces import Record, RecordError
from bot.sources.formats.lines import checked_length


class Fields(dict[str, Any]):
    """The fields of one record, and of those read so far what was wrong with them."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(found)
        self.left_out: list[str] = []

    def leave_out(self, name: str, wrong: str) -> None:
        """Say what is wrong with a field, unless it is empty: that is how files say that there is none."""
        if self.get(name) not in (None, "") and (said := f"{name} {wrong}") not in self.left_out:
            self.left_out.append(said)


def fields_of(record: Record) -> Fields:
    """The object that this record is. Raises RecordError for anything else."""
    text = checked_length(record).decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError("not valid JSON") from error
    if not isinstance(found, dict):
        raise RecordError("not a JSON object")
    return Fields(found)


def title_of(fields: Fields) -> str:
    """The title. Raises RecordError where there is none."""
    title = fields.get("title")
    if not isinstance(title, str):
        raise RecordError("no title" if title is None else "the title is not text")
    return title


def text_of(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    if isinstance(value, str):
        return value or None
    fields.leave_out(name, "is not text")
    return None


def number_of(fields: Fields, name: str, *, least: int, most: int) -> int | None:
    """A whole number between these two."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    fields.leave_out(name, f"is not a whole number from {least:,} to {most:,}")
    return None


def texts_of(fields: Fields, name: str) -> tuple[str, ...]:
    """The texts of a list, or the one text that stands in its place."""
    value = fields.get(name)
    if isinstance(value, str):
        return (value,)
    texts = tuple([each for each in value if isinstance(each, str)]) if isinstance(value, list) else ()
    if not isinstance(value, list) or len(texts) < len(value):
        fields.leave_out(name, "is not a list of texts")
    return texts


def moment_of(fields: Fields, name: str) -> datetime | None:
    """A date or time in ISO 8601, in UTC where it names no zone."""
    value = fields.get(name)
    try:
        moment = datetime.fromisoformat(value.strip()[:64]) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        fields.leave_out(name, "is not a date such as 2026-05-22")
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
