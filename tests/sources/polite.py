"""The polite client as its tests make it, and the one sentence that any trouble is told in."""

from datetime import timedelta

import pytest

from bot.interfaces import Http, SourceError
from bot.sources.http import PoliteHttp, user_agent
from tests.sources.pace import LocalPace
from tests.sources.servers import LocalServer
from tests.sources.virtual_time import Hours


def client(server: LocalServer, hours: Hours, *, seconds: float = 5, trusting: str = "") -> PoliteHttp:
    return PoliteHttp(
        pace=LocalPace(hours.count, hours.sleep),
        user_agent=user_agent("1.2.3", "mailto:ada@example.org"),
        clock=hours.now,
        every={"quick": timedelta(0)},
        trusted_hosts=frozenset({server.authority, trusting}),
        time_limit=timedelta(seconds=seconds),
        sleep=hours.sleep,
        random=lambda: 0.5,
    )


async def trouble(http: Http, url: str, *, family: str = "quick", max_bytes: int = 5_000_000) -> SourceError:
    """What goes wrong when this is asked."""
    with pytest.raises(SourceError) as caught:
        await http.get(url, family=family, max_bytes=max_bytes, params={"api_key": "hush"})
    assert "hush" not in str(caught.value), "a query may hold a key"
    assert str(caught.value).endswith(".")
    return caught.value
