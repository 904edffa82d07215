"""What became of papers after they were first seen. Decides nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.changes import Change, ChangeKind, PaperChange
from storage.papers import present_numbers
from storage.schema import paper_changes


async def add_changes(connection: AsyncConnection, changes: Sequence[tuple[int, Change]], now: datetime) -> None:
    """Note changes seen now, each of the paper with this number."""
    if changes:
        rows = [{"paper_id": number, "seen_at": now, **asdict(each)} for number, each in changes]
        await connection.execute(paper_changes.insert(), rows)


async def list_changes(connection: AsyncConnection, number: int) -> list[PaperChange]:
    """The changes of one paper, the oldest first; by any number that it has or had."""
    number = (await present_numbers(connection, [number])).get(number, number)
    columns = [paper_changes.c[name] for name in ("kind", "before", "after", "seen_at")]
    wanted = (
        select(*columns).where(paper_changes.c.paper_id == number).order_by(paper_changes.c.seen_at, paper_changes.c.id)
    )
    rows = await connection.execute(wanted)
    return [PaperChange(**{**row._mapping, "kind": ChangeKind(row.kind)}) for row in rows]
