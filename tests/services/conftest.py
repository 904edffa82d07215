"""A storage for services that keep something."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.interfaces import Storage
from storage import open_storage


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """An empty library."""
    async with await open_storage(f"sqlite:///{tmp_path}/papers.db") as opened:
        yield opened
