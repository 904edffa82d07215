"""An arXiv on localhost, and the polite client that asks it without waiting."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.interfaces import Batch
from bot.sources.http import PoliteHttp
from tests.sources.pace import LocalPace
from tests.sources.servers import Asked, LocalServer, local_server, page
from tests.sources.virtual_time import Hours

DATA = Path(__file__).parent.parent / "data" / "sources"


def answer(name: str) -> bytes:
    """A small answer written for the tests, such as `arxiv_rss/answer.xml`."""
    return (DATA / name).read_bytes()


@asynccontextmanager
async def arxiv() -> AsyncIterator[tuple[LocalServer, PoliteHttp]]:
    """A server and a client that trusts it; pauses take no time."""
    hours = Hours()
    async with local_server(clock=hours.count) as server:
        http = PoliteHttp(
            pace=LocalPace(hours.count, hours.sleep),
            user_agent="Paperboy/test",
            clock=hours.now,
            trusted_hosts=frozenset({server.authority}),
            sleep=hours.sleep,
        )
        yield server, http


async def taken(batches: AsyncIterator[Batch], most: int = 1_000) -> list[Batch]:
    """The next batches, `most` of them."""
    got: list[Batch] = []
    async for each in batches:
        got.append(each)
        if len(got) == most:
            break
    return got


def ids_in(batches: list[Batch]) -> list[str]:
    """The first id of every paper found, in order."""
    return [paper.ids[0] for batch in batches for paper in batch.found]


@dataclass(slots=True)
class Api:
    """arXiv's query API over papers that were submitted at these times; `faults` go wrong first, one a request."""

    papers: dict[str, datetime]
    faults: list[str] = field(default_factory=list)
    swapped: dict[str, str] = field(default_factory=dict)
    """Ids that are answered with another paper."""

    async def reply(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        names = self._matching(asked.query)
        start, size = int(asked.query.get("start", 0)), int(asked.query.get("max_results", 10))
        shown, total = names[start : start + size], len(names)
        match self.faults.pop(0) if self.faults else "":
            case "empty page":
                shown = []
            case "nothing at all":
                shown, total = [], 0
            case "too few":
                shown = shown[: len(shown) // 2]
        await page(self._feed(shown, total))(asked, writer)

    def _matching(self, query: Mapping[str, str]) -> list[str]:
        if "id_list" in query:
            names = [self.swapped.get(name, name) for name in query["id_list"].split(",")]
            return [name for name in names if name.split("v")[0] in self.papers]
        first, last = (
            datetime.strptime(stamp, "%Y%m%d%H%M").replace(tzinfo=UTC)
            for stamp in query["search_query"].partition("submittedDate:[")[2].removesuffix("]").split(" TO ")
        )
        inside = [name for name, at in self.papers.items() if first <= at < last + timedelta(minutes=1)]
        return sorted(inside, key=lambda name: (self.papers[name], name))

    def _feed(self, names: list[str], total: int) -> bytes:
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/{name if 'v' in name else name + 'v1'}</id><title>Paper {name}</title>"
            f"<summary>About {name}.</summary>"
            f"<published>{self.papers[name.split('v')[0]].isoformat()}</published></entry>"
            for name in names
        )
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
            f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
        ).encode()
