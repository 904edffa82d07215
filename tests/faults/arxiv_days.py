"""Days of an arXiv that never was: RSS feeds that overlap, a harvest in pages, and a server that has today's."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from itertools import count

from tests.sources.servers import Asked, LocalServer, head, revalidated

FEEDS = ("cs.AI", "cs.CL", "cs.LG")
HARVESTED = "cs.AI"
_PAGE = 25
"""Records on one page of a harvest."""
_WORDS = (
    *("woven", "folded", "borrowed", "patient", "crooked", "silent", "nested", "brittle", "eager", "hollow"),
    *("lattice", "anchor", "kettle", "ladder", "compass", "needle", "lantern", "pulley", "saddle", "anvil"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePaper:
    """A paper as it stands on a day."""

    arxiv_id: str
    version: int
    title: str
    abstract: str
    author: str
    categories: tuple[str, ...]
    """The first is where it was submitted."""
    first_on: date

    @property
    def guid(self) -> str:
        return f"{self.arxiv_id}v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDay:
    """What arXiv has on one day: the items of each feed with how they are announced, and the pages of its harvest."""

    day: date
    items: dict[str, list[tuple[MadePaper, str]]]
    harvest: Sequence[Sequence[MadePaper]]

    def rss(self, feed: str) -> bytes:
        built = f"{self.day:%a, %d %b %Y} 00:00:00 -0400"
        items = "".join(_item(paper, announcement, built) for paper, announcement in self.items[feed])
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{feed} updates</title><pubDate>{built}</pubDate>{items}"
            "<item><title>Not a paper</title><link>https://info.arxiv.org/help</link></item></channel></rss>"
        ).encode()

    def page(self, number: int) -> bytes:
        """One page of the harvest, from 0 on."""
        size = sum(len(each) + 1 for each in self.harvest)
        following = f"{self.day}/{number + 1}" if number + 1 < len(self.harvest) else ""
        token = f'<resumptionToken completeListSize="{size}">{following}</resumptionToken>'
        records = "".join(_record(each, self.day) for each in self.harvest[number]) + "<record/>"
        return (
            '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.day}T03:00:00Z</responseDate><ListRecords>{records}{token}</ListRecords></OAI-PMH>"
        ).encode()


def made_days(days: int, papers: int, *, seed: int) -> list[MadeDay]:
    """As many working days in June 2026, with about so many new papers each."""
    chance = random.Random(seed)
    numbers = count(1)
    known: list[MadePaper] = []
    made = []
    for day in _working_days(days):
        new = [_paper(next(numbers), day, chance) for _ in range(papers)]
        elsewhere = [
            replace(_paper(next(numbers), day, chance), first_on=date(2025, 1, 6)) for _ in range(papers // 10)
        ]
        revised = [_revision(each, chance) for each in chance.sample(known, min(len(known), papers // 4))]
        made.append(_day(day, new, elsewhere, revised))
        known = [*{each.arxiv_id: each for each in (*known, *new, *revised)}.values()]
    return made


def _day(day: date, new: list[MadePaper], elsewhere: list[MadePaper], revised: list[MadePaper]) -> MadeDay:
    items: dict[str, list[tuple[MadePaper, str]]] = {}
    for feed in FEEDS:
        announced = [(each, "new" if each.categories[0] == feed else "cross") for each in new]
        announced += [(each, "cross") for each in elsewhere]
        announced += [(each, "replace" if each.categories[0] == feed else "replace-cross") for each in revised]
        items[feed] = [(paper, how) for paper, how in announced if feed in paper.categories]
    listed = [each for each in (*new, *elsewhere, *revised) if HARVESTED in each.categories]
    pages = [listed[start : start + _PAGE] for start in range(0, len(listed), _PAGE)]
    return MadeDay(day=day, items=items, harvest=pages)


def _working_days(many: int) -> Iterator[date]:
    day = date(2026, 6, 8)
    for _ in range(many):
        yield day
        day += timedelta(days=3 if day.weekday() == 4 else 1)


def _paper(number: int, day: date, chance: random.Random) -> MadePaper:
    first, *others = chance.sample(FEEDS, len(FEEDS))
    return MadePaper(
        arxiv_id=f"2606.{number:05d}",
        version=1,
        title=f"{' '.join(chance.sample(_WORDS, 5)).capitalize()} in {number} Steps",
        abstract=" ".join(chance.choices(_WORDS, k=120)),
        author=f"{chance.choice(_WORDS).capitalize()} {chance.choice(_WORDS).capitalize()}",
        categories=(first, *(each for each in others if chance.random() < 0.3)),
        first_on=day,
    )


def _revision(paper: MadePaper, chance: random.Random) -> MadePaper:
    title = f"{paper.title}, Revisited" if chance.random() < 0.3 else paper.title
    return replace(paper, version=paper.version + 1, title=title, abstract=f"{paper.abstract} again")


def _item(paper: MadePaper, announcement: str, built: str) -> str:
    told = f"arXiv:{paper.guid} Announce Type: {announcement}\nAbstract: {paper.abstract}"
    categories = "".join(f"<category>{each}</category>" for each in paper.categories)
    return (
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.arxiv_id}</link>"
        f"<description>{escape(told)}</description><guid>oai:arXiv.org:{paper.guid}</guid>{categories}"
        f"<pubDate>{built}</pubDate><arxiv:announce_type>{announcement}</arxiv:announce_type>"
        f"<dc:creator>{paper.author}</dc:creator></item>"
    )


def _record(paper: MadePaper, day: date) -> str:
    dates = [paper.first_on, *([day] * (paper.version - 1))]
    versions = "".join(
        f'<version version="v{number}"><date>{each:%a, %d %b %Y} 09:00:00 GMT</date></version>'
        for number, each in enumerate(dates, start=1)
    )
    return (
        f"<record><header><identifier>oai:arXiv.org:{paper.arxiv_id}</identifier><datestamp>{day}</datestamp></header>"
        f'<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.arxiv_id}</id>{versions}'
        f"<title>{escape(paper.title)}</title><authors>{paper.author}</authors>"
        f"<categories>{' '.join(paper.categories)}</categories><comments>{paper.version} pages</comments>"
        f"<abstract>{paper.abstract}</abstract></arXivRaw></metadata></record>"
    )


@dataclass(slots=True)
class MadeArxiv:
    """A server's answers: what there is today, a little at a time."""

    today: MadeDay
    pause: float = 0.004
    """Seconds between two pieces of an answer."""
    pieces: int = field(default=8, init=False)

    def put_on(self, server: LocalServer) -> None:
        for feed in FEEDS:
            server.replies[f"/rss/{feed}"] = self.feed
        server.replies["/oai"] = self.oai

    async def feed(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        feed = asked.path.rpartition("/")[2]
        etag = f'"{feed} {self.today.day}"'
        if asked.headers.get("if-none-match") == etag:
            await revalidated(b"", etag=etag)(asked, writer)
        else:
            await self._send(self.today.rss(feed), writer, etag=etag)

    async def oai(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        day, _, number = asked.query.get("resumptionToken", f"{self.today.day}/0").partition("/")
        assert day == str(self.today.day)
        await self._send(self.today.page(int(number)), writer)

    async def _send(self, body: bytes, writer: asyncio.StreamWriter, etag: str = "") -> None:
        length = {"Content-Length": str(len(body))}
        writer.write(head(200, length | ({"ETag": etag} if etag else {})))
        size = len(body) // self.pieces + 1
        for start in range(0, len(body), size):
            writer.write(body[start : start + size])
            await writer.drain()
            await asyncio.sleep(self.pause)


def morning_of(day: date) -> datetime:
    """08:00 in New York: everything of the day is out."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
