"""Databases to test on: every kind of database passes the same tests, and gives every connection back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import open_storage
from storage.sql import SqlStorage
from tests.empty import empty_database


@pytest.fixture(params=["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is not there yet."""
    assert request.param == "sqlite"
    return f"sqlite:///{tmp_path}/shelf/papers.db"


@pytest.fixture
def empty(url: str) -> str:
    """The address of a database that is there, with nothing in it."""
    return empty_database(Path(url.removeprefix("sqlite:///")))


@pytest.fixture
async def storage(empty: str) -> AsyncIterator[SqlStorage]:
    async with await open_storage(empty) as opened:
        yield opened
        database = opened._database
        assert not database._writing.locked()
        assert [each.pool.checkedout() for each in (database._readers, database._writer)] == [0, 0]  # type: ignore[attr-defined]
