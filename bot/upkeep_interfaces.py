"""What an operator's tools ask of a database as a whole, whether or not a bot runs on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """A database as it was found, without a change to it."""

    place: str
    """Where it is, as people would say it; never with a password."""
    exists: bool = True
    trouble: str | None = None
    """What is wrong with it and what to do, in a sentence; None where nothing is."""
    size: int = 0
    """Bytes, with all that belongs to it."""
    free: int | None = None
    """Bytes that are free where it is kept; None where that is not for us to see."""
    revision: str | None = None
    """What made its tables; None where there are none."""
    newest: str = ""
    """The revision that this program has."""
    application_id: int | None = None
    """The Discord application it is of, if it is of one."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many rows some tables have, by names for people."""

    @property
    def is_ready(self) -> bool:
        """Whether it can be read as it is."""
        return self.exists and self.trouble is None and self.revision == self.newest


class Upkeep(Protocol):
    """The care of one database. Raises OperatorError, in a sentence that says what to do."""

    async def examine(self) -> DatabaseState:
        """Look at all of it, changing nothing; never raises for what is wrong with it."""
        ...
