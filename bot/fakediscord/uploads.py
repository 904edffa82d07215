"""Files that come with a request: what they are called in the end, and which of them a text means."""

import mimetypes
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.fakediscord.state import Attachment
from bot.fakediscord.wire import Json, snowflake

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")
_REFERENCE = "attachment://"

Named = TypeVar("Named")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came, in the part `files[number]`."""

    number: int
    filename: str
    content: bytes = field(repr=False)


def cleansed(name: str) -> str:
    """A file's name as Discord keeps it: letters, digits, `_`, `-` and `.` of ASCII (discord-api-docs issue 7754)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = plain.replace("/", " ").replace("\\", " ").split()
    return _NOT_IN_NAMES.sub("", "_".join(words)).strip("._") or "unknown"


def told_of(body: Json, upload: Upload) -> Json:
    """What the body's `attachments` say of a file."""
    entries = body.get("attachments") or []
    return next((each for each in entries if snowflake(each.get("id")) == upload.number), {})


def final_name(body: Json, upload: Upload) -> str:
    return cleansed(told_of(body, upload).get("filename") or upload.filename)


def kept(body: Json, current: Iterable[Attachment]) -> list[Attachment]:
    """The attachments of a message that an edit leaves: all, unless the body lists those to keep."""
    entries = body.get("attachments")
    if entries is None:
        return list(current)
    ids = {snowflake(each.get("id")) for each in entries}
    return [each for each in current if each.id in ids]


def is_reference(url: object) -> bool:
    return isinstance(url, str) and url.startswith(_REFERENCE)


def referenced(url: str, files: Mapping[str, Named]) -> Named | None:
    """Which of these, by their final names, an address means; None for one that is no reference, too."""
    return files.get(cleansed(url.removeprefix(_REFERENCE))) if is_reference(url) else None


def content_type(filename: str) -> str:
    """The type that a name's ending tells."""
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"
