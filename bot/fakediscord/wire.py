"""What travels between the bot and the pretend Discord: JSON, times and lengths as Discord writes and counts them."""

import json
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = dict[str, Any]


def units(text: str) -> int:
    """How long Discord takes this text to be: its UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def timestamp(seconds: float) -> str:
    """A Unix time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def dumps(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def loads(raw: bytes | str) -> Any:
    """Read JSON. Raises ValueError when it is none, or holds half a surrogate pair, which is not text."""
    value = json.loads(raw)
    if b"\\ud" in (raw.encode() if isinstance(raw, str) else raw).lower():
        json.dumps(value, ensure_ascii=False).encode()  # UnicodeEncodeError is a ValueError
    return value


def is_count(value: object) -> TypeGuard[int]:
    """Whether this is a whole number; JSON's true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def snowflake(value: object) -> int | None:
    """The id that a JSON value spells, as digits or as a number, else None."""
    text = str(value) if is_count(value) else value
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 21 else None
