"""Nothing of a person who is erased is left in the files of a PostgreSQL database, its planner's notes counted."""

from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import func, select, update

from storage import open_storage
from storage.daily_schema import schedule_drafts
from storage.personal import PERSONAL
from tests.everything import fill_everything
from tests.storage.kinds import postgresql_alone
from tests.storage.shelf import NOW

ADA = 1234567890123456789
_FORMS = (ADA.to_bytes(8, "little"), ADA.to_bytes(8, "big"), str(ADA).encode())


async def _files(own: asyncpg.Connection) -> list[Path]:
    folder = Path(await own.fetchval("SHOW data_directory"))
    number = await own.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    try:
        return [each for each in (folder / "base" / str(number)).iterdir() if each.is_file()]
    except OSError:
        pytest.skip("the files of this server are elsewhere")


async def _traces(own: asyncpg.Connection) -> list[str]:
    """Files of the database that hold the number, as PostgreSQL writes it, or in digits."""
    await own.execute("CHECKPOINT")
    return [each.name for each in await _files(own) if any(form in each.read_bytes() for form in _FORMS)]


@postgresql_alone
async def test_a_person_who_is_erased_is_in_no_file(empty: str, kind: str) -> None:
    own = await asyncpg.connect(empty)
    async with await open_storage(empty) as storage:
        await fill_everything(storage._database, {}, others=60)
        async with storage._database.write() as connection:
            for each in PERSONAL:
                first = each.table.primary_key.columns[0]
                few = first < select(func.min(first) + 60).scalar_subquery()
                changed = await connection.execute(update(each.table).where(few).values({each.column: ADA}))
                assert changed.rowcount
            hers = schedule_drafts.c.person_id == ADA
            await connection.execute(update(schedule_drafts).where(hers).values(schedule=f"of {ADA}"))
        await own.execute("ANALYZE")
        assert len(await _traces(own)) > len(PERSONAL)
        assert await storage.erase_person(ADA, now=NOW)
        assert await _traces(own) == []
    await own.close()
