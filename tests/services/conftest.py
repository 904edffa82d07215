"""A storage for services that keep something."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.interfaces import Storage
from storage import open_storage
from tests.empty import empty_database


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """An empty library."""
    async with await open_storage(empty_database(tmp_path / "papers.db")) as opened:
        yield opened
