"""The polite client beside a server on localhost, in virtual time."""

from collections.abc import AsyncIterator

import pytest

from bot.sources.http import PoliteHttp
from tests.sources.polite import client
from tests.sources.servers import LocalServer, local_server
from tests.sources.virtual_time import Hours


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
async def server(hours: Hours) -> AsyncIterator[LocalServer]:
    async with local_server(clock=hours.count) as running:
        yield running


@pytest.fixture
def http(server: LocalServer, hours: Hours) -> PoliteHttp:
    return client(server, hours)
