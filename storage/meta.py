"""What the database knows about itself, a word and its value each."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects.inserting import insert_into, put_row
from storage.schema import meta

_VALUE = select(meta.c.value).where(meta.c.key == bindparam("of"))


async def get_meta(connection: AsyncConnection, key: str) -> str | None:
    value: str | None = (await connection.execute(_VALUE, {"of": key})).scalar()
    return value


async def put_meta(connection: AsyncConnection, key: str, value: str) -> None:
    """Write a value over the one there was."""
    await put_row(connection, meta, {"key": key, "value": value})


async def put_meta_once(connection: AsyncConnection, key: str, value: str) -> str:
    """Write a value where there is none; the one that holds now."""
    await connection.execute(insert_into(connection, meta).on_conflict_do_nothing(), {"key": key, "value": value})
    return await get_meta(connection, key) or value
