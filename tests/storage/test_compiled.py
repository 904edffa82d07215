"""A statement is put into words once a process, whichever database and connection it is for."""

from pathlib import Path

from storage import open_storage
from storage.dialects.compiled import compiled_statements
from tests.empty import empty_database


async def looked_at(path: Path) -> int:
    """How many statements are kept after a look at an empty library."""
    async with await open_storage(empty_database(path)) as storage:
        assert await storage.list_topics_waiting() == []
        assert await storage.list_schedules() == []
        return len(compiled_statements())


async def test_another_database_needs_no_statement_anew(tmp_path: Path) -> None:
    first = await looked_at(tmp_path / "first.db")
    assert first > 0
    assert await looked_at(tmp_path / "second.db") == first
