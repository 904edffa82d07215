"""Databases to test on: every kind of database passes the same tests, and gives every connection back."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage import open_storage, sql
from storage.sql import SqlStorage
from tests.empty import empty_database
from tests.postgresql import Server, server
from tests.storage.kinds import KINDS


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, started when the first test asks for it."""
    with server() as started:
        yield started


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Of which kind the database is; a test that knows one kind alone says so by its parameters."""
    chosen: str = request.param
    return chosen


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is not there yet, or has no tables."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/shelf/papers.db"
    started: Server = request.getfixturevalue("postgresql")
    return started.new()


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database that is there, with nothing in it."""
    if kind == "sqlite":
        yield empty_database(tmp_path / "shelf" / "papers.db")
        return
    monkeypatch.setattr(sql, "SEARCH_SECONDS", 5.0)  # the server shares this machine with all that tests
    started: Server = request.getfixturevalue("postgresql")
    with started.empty() as address:
        yield address


@pytest.fixture
async def storage(empty: str) -> AsyncIterator[SqlStorage]:
    async with await open_storage(empty) as opened:
        yield opened
        database = opened._database
        assert not database._alone.locked()
        assert [each.pool.checkedout() for each in (database._readers, database._writer)] == [0, 0]  # type: ignore[attr-defined]
