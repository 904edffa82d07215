"""Who is erased, as hashes that only the database's own secret can make: so that no restore brings anybody back."""

import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

KEY = "erased "
"""What begins the keys of those that a database itself notes, where no file stands beside it."""
SUFFIX = ".erased"
"""What ends the name of a list in a file."""


def hashed(secret: bytes, subject: str) -> str:
    """What stands for a person or a server, such as `person:17`."""
    return hmac.digest(secret, subject.encode(), "sha256").hex()


def line(when: str, told: str) -> str:
    """One of a list in a file: when it was erased, as ISO 8601 has it, and its hash."""
    return f"{when} {told}\n"


def in_file(file: Path) -> Iterator[tuple[str, str]]:
    """The hashes of a list in a file, and when each was erased. Blocks."""
    with suppress(FileNotFoundError):
        for each in file.read_text(encoding="ascii").splitlines():
            when, _, told = each.partition(" ")
            if told:
                yield told.strip(), when


def add_to_file(file: Path, entries: Mapping[str, str]) -> None:
    """Put these on a list in a file that its owner alone may read, unless they are on it. Blocks."""
    known = dict(in_file(file))
    new = [line(when, told) for told, when in entries.items() if told not in known]
    if new:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(handle, "w", encoding="ascii") as opened:  # noqa: PTH123 (it is open)
            opened.writelines(new)
            opened.flush()
            os.fsync(handle)


def in_meta(known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The same of what a database knows about itself."""
    return ((key.removeprefix(KEY), when) for key, when in known.items() if key.startswith(KEY))


def since(entries: Iterable[tuple[str, str]], moment: datetime | None) -> dict[str, str]:
    """Those that were not erased before: what a backup of that moment holds of the others came later."""
    found = {}
    for told, when in entries:
        with suppress(ValueError):  # the last line may be cut off
            if moment is None or datetime.fromisoformat(when) >= moment:
                found[told] = when
    return found
