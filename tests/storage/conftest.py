"""Databases to test on: every kind of database passes the same tests, and gives every connection back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import open_storage
from storage.sql import SqlStorage
from tests.empty import NewDatabase
from tests.postgresql import Server


@pytest.fixture
def kind(database_kind: str) -> str:
    """Of which kind the database is."""
    return database_kind


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is not there yet, or has no tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/shelf/papers.db"
    started: Server = request.getfixturevalue("postgresql")
    return started.new()


@pytest.fixture
def empty(new_database: NewDatabase) -> str:
    """The address of a database that is there, with nothing in it."""
    return new_database()


@pytest.fixture
async def storage(empty: str) -> AsyncIterator[SqlStorage]:
    async with await open_storage(empty) as opened:
        yield opened
        database = opened._database
        assert not database._alone.locked()
        assert [each.pool.checkedout() for each in (database._readers, database._writer)] == [0, 0]  # type: ignore[attr-defined]
