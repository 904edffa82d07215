"""Gives what is kept of a person, and erases a person or a server for good: from the files and later restores too."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy_interfaces import Export
from storage.database import Database
from storage.deliveries import install_secret
from storage.housekeeping import channels_of, forget_server
from storage.personal import PERSONAL
from storage.schema import papers
from storage.subscriptions import count_change

_AT_ONCE = 500
"""Rows of a table that are deleted in one transaction."""


class SqlPrivacy:
    """The part of storage for privacy."""

    _database: Database

    async def export_person(self, person_id: int) -> Export:
        """All that is kept of a person, in all servers, and nothing of anybody else."""
        async with self._database.read() as connection:
            return await _export(connection, person_id)

    async def erase_person(self, person_id: int, *, now: datetime) -> int:
        """Erase a person, in all servers; how many rows spoke of them."""
        await self._remember(f"person:{person_id}", now)
        async with self._database.write() as connection:
            async with self._database.dialect.secure_deletes(connection):
                gone = 0
                for statement in (each for personal in PERSONAL for each in personal.erase):
                    gone += (await connection.execute(text(statement), {"person": person_id})).rowcount
            await count_change(connection)
        await self._sweep([person_id])
        return gone

    async def erase_server(self, guild_id: int, *, now: datetime) -> int:
        """Erase everything of a server; how many rows went."""
        await self._remember(f"server:{guild_id}", now)
        async with self._database.read() as connection:
            channels = await channels_of(connection, guild_id)
        gone, some = 0, 1
        while some:
            async with self._database.write() as connection, self._database.dialect.secure_deletes(connection):
                some = await forget_server(connection, guild_id, limit=_AT_ONCE)
            gone += some
        await self._sweep([guild_id, *channels])
        return gone

    async def _remember(self, subject: str, now: datetime) -> None:
        """Note what is erased before it is: whoever restores a backup erases it again."""
        async with self._database.write() as connection:
            secret = await install_secret(connection)
        await self._database.dialect.remember_erased(secret, subject, now)

    async def _sweep(self, numbers: Collection[int]) -> None:
        async with self._database.alone() as connection:
            await self._database.dialect.sweep(connection, numbers)


async def _export(connection: AsyncConnection, person_id: int) -> Export:
    found: dict[str, list[dict[str, object]]] = {}
    others = {each.table: [one.column for one in PERSONAL if one.table is each.table] for each in PERSONAL}
    for each in PERSONAL:
        rows = await connection.execute(select(each.table).where(each.table.c[each.column] == person_id))
        told = [dict(row._mapping) for row in rows]
        for row in told:
            for column in others[each.table]:
                if row[column] != person_id:
                    del row[column]
        found[each.name] = told
    await _name_papers(connection, [row for rows in found.values() for row in rows if row.get("paper_id")])
    return found


async def _name_papers(connection: AsyncConnection, rows: list[dict[str, object]]) -> None:
    numbers = sorted({row["paper_id"] for row in rows})  # type: ignore[type-var]
    titles: dict[object, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        wanted = select(papers.c.id, papers.c.title).where(papers.c.id.in_(numbers[start : start + _AT_ONCE]))
        titles.update({row.id: row.title for row in await connection.execute(wanted)})
    for row in rows:
        row["paper"] = titles.get(row["paper_id"])
