"""Copies a database row by row into another, goes on where it was cut off, and proves that both hold the same."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import asyncpg
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OperatorError
from bot.upkeep_interfaces import Checksum, CopyProgress
from storage.copying.marks import Mark, Stage, finish, forget_index, get_mark, put_mark
from storage.copying.rows import Rows, checksum, count, last_key, pages, tables
from storage.database import Database
from storage.dialects.bulk import add_all, empty_all, give_after, note_much_is_new, numbers_given
from storage.indexing import ensure_index
from storage.schema import papers

Tell = Callable[[CopyProgress], None]
"""Hears how far it is."""
_INDEXED = 2_000
"""Papers that are indexed in one transaction: nobody else waits for the database."""
_DISAGREE = (IntegrityError, asyncpg.IntegrityConstraintViolationError)
"""What is raised where rows of one moment meet those of another."""


class Copy:
    """One copy of what `source`, a connection that sees one moment, holds, into `target`; nobody else writes there."""

    def __init__(self, source: AsyncConnection, target: Database, mark: Mark, tell: Tell) -> None:
        """`mark` is that of a copy that begins now; the counts in it are those of the source."""
        self._source = source
        self._target = target
        self._mark = mark
        self._tell = tell
        self._total = sum(mark.counts.values())

    async def make(self, *, anew: bool = False, with_index: bool = True) -> Mapping[str, Checksum]:
        """Begin, or go on, and finish; what every table holds. Raises OperatorError where the source was changed.

        `anew` empties the target first, whatever it holds. Unless `with_index`, whoever opens the copy first builds its
        text index.
        """
        begun = await self._begin(anew=anew)
        if begun.stage is Stage.ROWS:
            await self._copy_rows()
        same = await self._compared(begun.checked)
        async with self._target.write() as connection:
            await give_after(connection, await numbers_given(self._source), tables())
            checked = {name: each.sha256 for name, each in same.items()}
            await put_mark(connection, replace(self._mark, stage=Stage.INDEX, checked=checked))
        if with_index:
            await self._index()
        async with self._target.write() as connection:
            await finish(connection, self._mark)
        return same

    async def _begin(self, *, anew: bool) -> Mark:
        async with self._target.write() as connection:
            known = None if anew else await get_mark(connection)
            if known is not None and known.stage is not Stage.ANEW and known.counts == self._mark.counts:
                return known
            await empty_all(connection, tables())
            await forget_index(connection)
            await put_mark(connection, self._mark)
            return self._mark

    async def _copy_rows(self) -> None:
        told = Told(self._tell, "copying", self._total)
        for table in tables():
            async with self._target.read() as connection:
                told.more(await count(connection, table))
                after = await last_key(connection, table)
            async for rows in pages(self._source, table, after):
                await self._put(table, rows)
                told.more(len(rows))

    async def _put(self, table: Table, rows: Rows) -> None:
        try:
            async with self._target.write() as connection:
                await add_all(connection, table, rows)
        except _DISAGREE:
            raise await self._differs(table) from None

    async def _compared(self, checked: Mapping[str, str]) -> Mapping[str, Checksum]:
        """What every table holds, in both; those of the target may have been `checked` before."""
        told = Told(self._tell, "checking", self._total * (1 if checked else 2))
        same = {}
        async with self._target.still() as target:
            for table in tables():
                wanted = await checksum(self._source, table, told.more)
                found = checked.get(table.name) or (await checksum(target, table, told.more)).sha256
                if found != wanted.sha256:
                    break
                same[table.name] = wanted
        if len(same) < len(tables()):
            raise await self._differs(table)
        return same

    async def _index(self) -> None:
        told = Told(self._tell, "indexing", self._mark.counts[papers.name])
        await ensure_index(self._target, at_once=_INDEXED, tell=told.more)
        async with self._target.alone() as connection:
            await note_much_is_new(connection)

    async def _differs(self, table: Table) -> OperatorError:
        """What is said where a table is not the same in both; the next run begins anew."""
        async with self._target.write() as connection:
            await put_mark(connection, replace(self._mark, stage=Stage.ANEW))
        return OperatorError(
            f"The copy differs from {self._mark.of} in {table.name}: somebody wrote there meanwhile. Let nobody do so, "
            f"and run the same `{self._mark.command}` again, which begins anew."
        )


class Told:
    """Counts what is done and tells of it."""

    def __init__(self, tell: Tell, doing: Literal["copying", "checking", "indexing"], total: int) -> None:
        self._tell = tell
        self._doing = doing
        self._total = total
        self._done = 0

    def more(self, done: int) -> None:
        """So many more are done."""
        self._done += done
        self._tell(CopyProgress(doing=self._doing, done=self._done, total=self._total))
