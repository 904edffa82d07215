"""What a database notes about being a copy: of what, and how far that has come. An unfinished one is never opened.

How many rows are there already says the table itself: they come in the order of their keys.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from sqlalchemy import Column, ColumnElement, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.meta import get_meta, put_meta
from storage.schema import meta

_BEGUN = "copy"
_COPIED = "copied"
_OF_INDEX = ("index", "indexed through")


class Stage(StrEnum):
    """What is to be done next."""

    ROWS = "rows"
    INDEX = "index"
    ANEW = "anew"
    """Everything: what was copied has turned out to differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Said by a database that is a copy and not finished."""

    of: str
    """What it is a copy of, as people know it."""
    command: str
    """What finishes it."""
    counts: Mapping[str, int]
    """How many rows each table had there at the beginning."""
    stage: Stage = Stage.ROWS
    checked: Mapping[str, str] = field(default_factory=dict)
    """The checksums of the tables, once they were compared."""

    @property
    def sentence(self) -> str:
        """What is said of such a database, after its name."""
        return f"is an unfinished copy of {self.of}. Run the same `{self.command}` again: it does the rest."


async def get_mark(connection: AsyncConnection) -> Mark | None:
    """The mark of an unfinished copy; None where there is none."""
    written = await get_meta(connection, _BEGUN)
    if written is None:
        return None
    known = json.loads(written)
    return Mark(**{**known, "stage": Stage(known["stage"])})


async def put_mark(connection: AsyncConnection, mark: Mark) -> None:
    await put_meta(connection, _BEGUN, json.dumps(asdict(mark)))


async def forget_index(connection: AsyncConnection) -> None:
    """Have the text index built anew."""
    await connection.execute(delete(meta).where(meta.c.key.in_(_OF_INDEX)))


async def finish(connection: AsyncConnection, mark: Mark) -> None:
    """Let the copy be a database like any other, which knows what it is a copy of."""
    await connection.execute(delete(meta).where(meta.c.key == _BEGUN))
    await put_meta(connection, _COPIED, mark.of)


async def finished_copy_of(connection: AsyncConnection) -> str | None:
    """What the database is a finished copy of, as people know it."""
    return await get_meta(connection, _COPIED)


def is_ours(key: Column[str]) -> ColumnElement[bool]:
    """Whether this is noted about one database alone, and no copy has it."""
    return key.in_([_BEGUN, _COPIED, *_OF_INDEX])
