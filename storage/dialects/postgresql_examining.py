"""Looks at a PostgreSQL database without changing it: whether it may be used, whose it is, and how much it holds."""

from typing import Any

import asyncpg

from bot.upkeep_interfaces import DatabaseState
from storage.dialects.postgresql import Postgresql, not_utf8
from storage.dialects.sqlite_examining import COUNTED

OLDEST = 14
"""The oldest version of PostgreSQL that is used: older ones get no repairs any more."""
_LOOK = """
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
        current_setting('server_encoding') AS encoding, pg_database_size(current_database()) AS size,
        pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS is_read_only,
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
        to_regclass('alembic_version') IS NOT NULL AS is_made,
        EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema()) AS is_used,
        (SELECT string_agg(tablename, ', ' ORDER BY tablename) FROM pg_tables WHERE schemaname = current_schema()
            AND NOT pg_has_role(tableowner, 'USAGE')) AS of_others
"""


async def examined(dialect: Postgresql, newest: str) -> DatabaseState:
    """How the database is. Raises what `Postgresql.in_words` has words for."""
    connection = await dialect.connect({})
    try:
        look = await connection.fetchrow(_LOOK)
        trouble = _trouble(dialect.name, look)
        is_ours = look["is_made"] and not trouble
        return DatabaseState(
            place=dialect.name,
            trouble=trouble,
            size=look["size"],
            revision=await _revision(connection) if is_ours else None,
            newest=newest,
            server=f"PostgreSQL {look['version'].split()[0]}, {look['encoding']}",
            application_id=await _application(connection) if is_ours else None,
            counts=await _counted(connection) if is_ours else {},
        )
    finally:
        await connection.close()


async def measured(dialect: Postgresql, newest: str) -> DatabaseState:
    """How big it is; how much room its server has is not for us to see."""
    connection = await dialect.connect({})
    try:
        size = await connection.fetchval("SELECT pg_database_size(current_database())")
        return DatabaseState(place=dialect.name, size=size, newest=newest)
    finally:
        await connection.close()


def _trouble(name: str, look: Any) -> str | None:
    if look["major"] < OLDEST:
        return f"The server of {name} is PostgreSQL {look['version']}. Use {OLDEST} or newer."
    if look["is_used"] and not look["is_made"]:
        return f"The database {name} is another program's. Give Paperboy one of its own: set PAPERBOY_DATABASE_URL."
    if look["encoding"] != "UTF8":
        return f"The database {name} {not_utf8(look['encoding'])}"
    if look["is_read_only"]:
        return f"The database {name} cannot be written to: it is a copy of another one, or set to be read only."
    if not look["may_create"] or look["of_others"]:
        of = f": {look['of_others']} are somebody else's" if look["of_others"] else ""
        return f"The database {name} does not let Paperboy make tables{of}. Make it the owner of the database."
    return None


async def _revision(connection: asyncpg.Connection) -> str | None:
    revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return revision


async def _application(connection: asyncpg.Connection) -> int | None:
    if not await _has(connection, "meta"):
        return None
    told: str | None = await connection.fetchval("SELECT value FROM meta WHERE key = 'application'")
    return int(told) if told and told.isascii() and told.isdigit() else None


async def _counted(connection: asyncpg.Connection) -> dict[str, int]:
    return {
        name: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 (names of our own)
        for name, table in COUNTED.items()
        if await _has(connection, table)
    }


async def _has(connection: asyncpg.Connection, table: str) -> bool:
    return bool(await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table))
