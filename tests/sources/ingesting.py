"""One source with everything that runs it: the real client, ingest and storage, and a server on localhost to ask."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.ledger_words import wall_clock
from bot.interfaces import Source, Storage
from bot.services.feeds import FeedReport
from bot.services.ingest import Ingest
from bot.services.ledger import Ledger
from bot.sources.http import PoliteHttp
from storage import open_storage
from tests.sources.pace import LocalPace
from tests.sources.servers import LocalServer, Reply, local_server
from tests.sources.virtual_time import Hours

MONDAY = datetime(2026, 6, 8, 16, tzinfo=UTC)
"""Noon in New York, when everything of the day is due."""


@dataclass
class Bench:
    """One source, everything that runs it, and the server it asks."""

    server: LocalServer
    source: Source
    storage: Storage
    ingest: Ingest
    hours: Hours

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.hours.seconds)

    async def asked(self, reply: Reply) -> FeedReport:
        """Ask it once, while every address of the server answers like this."""
        self.server.otherwise = reply
        (report,) = await self.ingest.run()
        return report

    async def sentence(self) -> str:
        ledger = Ledger(self.storage, self.ingest.feeds, clock=self.now)
        (standing,) = await ledger.standings()
        return f"{standing.name}: {standing.sentence(wall_clock(standing.rhythm, self.now()))}"


@asynccontextmanager
async def benched(
    source_at: Callable[[LocalServer], Source], url: str, *, is_hurried: bool = False
) -> AsyncIterator[Bench]:
    """The source that this makes for a server, on an empty library; pauses take no time."""
    hours = Hours()
    async with (
        local_server(clock=hours.count) as server,
        await open_storage(url) as storage,
    ):
        source = source_at(server)

        def now() -> datetime:
            return MONDAY + timedelta(seconds=hours.seconds)

        http = PoliteHttp(
            pace=LocalPace(hours.count, hours.sleep),
            user_agent="Paperboy/1.0 (+ada@example.org)",
            clock=now,
            trusted_hosts=frozenset({server.authority}),
            time_limit=timedelta(seconds=0.3 if is_hurried else 5),
            sleep=hours.sleep,
        )
        ingest = Ingest(storage, http, [source], clock=now)
        yield Bench(server=server, source=source, storage=storage, ingest=ingest, hours=hours)
