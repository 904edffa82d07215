"""A polite client that asks a server on localhost, without waiting for anything, and what a source then brings."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.interfaces import Batch, Http, Source, SourceError
from bot.sources.http import PoliteHttp
from tests.sources.pace import LocalPace
from tests.sources.servers import Asked, LocalServer, Reply, local_server, page
from tests.sources.virtual_time import NOON, Hours

DATA = Path(__file__).parent.parent / "data" / "sources"


@asynccontextmanager
async def asking() -> AsyncIterator[tuple[Http, LocalServer]]:
    """A client and the only server it can reach."""
    hours = Hours()
    async with local_server(clock=hours.count) as server:
        yield (
            PoliteHttp(
                pace=LocalPace(hours.count, hours.sleep),
                user_agent="Paperboy/test",
                clock=hours.now,
                trusted_hosts=frozenset({server.authority}),
                time_limit=timedelta(seconds=5),
                sleep=hours.sleep,
            ),
            server,
        )


def answering(body_for: Callable[[Asked], bytes]) -> Reply:
    """A page that depends on what was asked."""

    async def reply(asked: Asked, writer: object) -> None:
        await page(body_for(asked))(asked, writer)  # type: ignore[arg-type]

    return reply


async def brought(
    source: Source,
    http: Http,
    *,
    feed: str | None = None,
    checkpoint: str | None = None,
    since: date | None = None,
    now: datetime = NOON,
) -> list[Batch]:
    """All batches of one fetch."""
    fetched = source.fetch(feed or source.feeds()[0], http, checkpoint=checkpoint, since=since, now=now)
    return [batch async for batch in fetched]


async def brought_until_trouble(
    source: Source, http: Http, *, feed: str, since: date | None = None, now: datetime = NOON
) -> list[Batch]:
    """What a fetch brings before it fails, as it must."""
    batches = []
    try:
        async for batch in source.fetch(feed, http, checkpoint=None, since=since, now=now):
            batches.append(batch)
    except SourceError:
        return batches
    raise AssertionError("the fetch should have failed")
