"""What a check-up finds, and what to do about it. Looks at nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST_FREE = 256 * 1024 * 1024
"""Bytes that must be free where the database is; below, papers could not be kept any more."""


class Level(StrEnum):
    """How a matter stands."""

    OK = "ok"
    ATTENTION = "attention"
    """Somebody must do something."""
    UNCHECKED = "unchecked"
    """It could not be looked at, because of another matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one matter stands, in a sentence that says what to do where something is to be done."""

    matter: str
    """What was looked at, in a word, such as `database`."""
    level: Level
    told: str
    is_setting: bool = False
    """Whether it is a wrong setting or token, which starting again does not mend."""


def fine(matter: str, told: str) -> Finding:
    """What needs nothing."""
    return Finding(matter=matter, level=Level.OK, told=told)


def attention(matter: str, told: str, *, is_setting: bool = False) -> Finding:
    """What somebody must see to."""
    return Finding(matter=matter, level=Level.ATTENTION, told=told, is_setting=is_setting)


def unchecked(matter: str, told: str) -> Finding:
    """What could not be looked at."""
    return Finding(matter=matter, level=Level.UNCHECKED, told=told)


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing needs attention."""
    return all(each.level is not Level.ATTENTION for each in findings)


def size_words(count: int) -> str:
    """A number of bytes as people write it: `0.4 MB`, `1,024 MB`, `12.3 GB`."""
    megabytes = count / (1024 * 1024)
    if megabytes >= 10_000:
        return f"{megabytes / 1024:,.1f} GB"
    return f"{megabytes:,.1f} MB" if megabytes < 10 else f"{megabytes:,.0f} MB"
