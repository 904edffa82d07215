"""Puts many rows at once, the way each database is fastest at, and sees to the numbers that it gives out next.

Knows no table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

_SEQUENCES = text(
    "SELECT relname AS name, pg_get_serial_sequence(quote_ident(relname), attname) AS sequence "
    "FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid "
    "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attname = 'id' "
    "AND pg_get_serial_sequence(quote_ident(relname), attname) IS NOT NULL"
)


async def add_all(connection: AsyncConnection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows with all columns of a table, in its order, in the transaction that is open."""
    names = [each.name for each in table.c]
    if connection.dialect.name == "sqlite":
        await connection.execute(insert(table), [dict(zip(names, each, strict=True)) for each in rows])
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.copy_records_to_table(table.name, records=rows, columns=names)


async def empty_all(connection: AsyncConnection, tables: Sequence[Table]) -> None:
    """Delete all rows of these tables, of which each stands before those that refer to it."""
    if connection.dialect.name == "sqlite":
        for each in reversed(tables):
            await connection.exec_driver_sql(f"DELETE FROM {each.name}")  # noqa: S608 (names of our own)
    else:
        await connection.exec_driver_sql(f"TRUNCATE {', '.join(each.name for each in tables)}")


async def numbers_given(connection: AsyncConnection) -> dict[str, int]:
    """The last number that each table gave out, whether or not its row is still there; by the name of the table."""
    if connection.dialect.name == "sqlite":
        found = await connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        return {str(each.name): int(each.seq) for each in found}
    given = {}
    for name, sequence in (await _sequences(connection)).items():
        state = (await connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
        if state.is_called:
            given[name] = int(state.last_value)
    return given


async def give_after(connection: AsyncConnection, given: Mapping[str, int], tables: Sequence[Table]) -> None:
    """Have tables give out numbers after these and after those they hold."""
    if connection.dialect.name == "sqlite":
        counting = await _counting(connection)
        for each in (each for each in given if each in counting):
            held = max(given[each], (await numbers_given(connection)).get(each, 0))
            await connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (each,))
            await connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (each, held))
        return
    sequences = await _sequences(connection)
    for table in tables:
        if sequence := sequences.get(table.name):
            held = (await connection.execute(select(func.max(table.c.id)))).scalar() or 0
            if last := max(held, given.get(table.name, 0)):
                await connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


async def _sequences(connection: AsyncConnection) -> dict[str, str]:
    """What counts the numbers of each table that has some, of PostgreSQL's."""
    return {str(each.name): str(each.sequence) for each in await connection.execute(_SEQUENCES)}


async def _counting(connection: AsyncConnection) -> frozenset[str]:
    """Tables that never give a number out again, of SQLite's."""
    found = await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    return frozenset(found.scalars())


async def may_be_idle(connection: AsyncConnection) -> None:
    """Let the transaction that is open do nothing for as long as it likes."""
    if connection.dialect.name != "sqlite":
        await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


async def note_much_is_new(connection: AsyncConnection) -> None:
    """Have PostgreSQL see what the tables hold now, before it plans anything; it would do so by itself in a while."""
    if connection.dialect.name != "sqlite":
        await connection.exec_driver_sql("ANALYZE")
