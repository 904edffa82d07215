"""Reads the fields of a JSON record, whatever type they turn out to have; a field of a wrong type is an absent one."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.interfaces import Record, RecordError
from bot.sources.formats.lines import checked_length

Fields = dict[str, Any]


def fields_of(record: Record) -> Fields:
    """The object that this record is. Raises RecordError for anything else."""
    text = checked_length(record).decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError("not valid JSON") from error
    if not isinstance(found, dict):
        raise RecordError("not a JSON object")
    return found


def title_of(fields: Fields) -> str:
    """The title. Raises RecordError where there is none."""
    title = fields.get("title")
    if not isinstance(title, str):
        raise RecordError("no title" if title is None else "the title is not text")
    return title


def text_of(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def number_of(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def texts_of(fields: Fields, name: str) -> tuple[str, ...]:
    """The texts of a list, or the one text that stands in its place."""
    value = fields.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple([each for each in value if isinstance(each, str)]) if isinstance(value, list) else ()


def moment_of(fields: Fields, name: str) -> datetime | None:
    """A date or time in ISO 8601, in UTC where it names no zone."""
    value = fields.get(name)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip()[:64])
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
