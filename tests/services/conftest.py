"""A storage for services that keep something."""

from collections.abc import AsyncIterator

import pytest

from bot.interfaces import Storage
from storage import open_storage
from tests.empty import NewDatabase


@pytest.fixture
async def storage(new_database: NewDatabase) -> AsyncIterator[Storage]:
    """An empty library."""
    async with await open_storage(new_database()) as opened:
        yield opened
