"""arXiv's query API: papers by id, and what was submitted to a category since a day, oldest first.

Its facts are from info.arxiv.org/help/api/user-manual. It never takes an empty page for the end of a list.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from bot.domain.papers import FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, RecordError, Rejection, SourceError, SourceTrouble
from bot.sources.arxiv_records import HOST_FAMILY, WHO, id_and_version
from bot.sources.atom import error_in, paper_of
from bot.sources.backfill import Backfill, resumed
from bot.sources.closed_xml import malformed, read_answer, text_of
from bot.sources.feed_names import categories_for

MOST_BYTES = 30_000_000
LARGEST_PAGE = 2_000
IDS_AT_ONCE = 100
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer: the papers on it, and how many the whole result has."""

    found: tuple[FoundPaper, ...]
    rejected: tuple[Rejection, ...]
    total: int

    @property
    def count(self) -> int:
        """How many records it holds, readable or not."""
        return len(self.found) + len(self.rejected)


class ArxivApi:
    """One feed for each category. `page_size` is how many records are asked for at once, 2,000 at most."""

    kind: ClassVar[str] = "arxiv_api"
    host_family: ClassVar[str] = HOST_FAMILY
    label: ClassVar[str] = f"{WHO} API"
    rhythm: ClassVar[Rhythm] = Rhythm.ARXIV_LIST
    scheme: ClassVar[str] = "arxiv"
    at_once: ClassVar[int] = IDS_AT_ONCE

    def __init__(
        self,
        feeds: Sequence[str] = (),
        *,
        base_url: str = "https://export.arxiv.org/api/query",
        page_size: int = 1_000,
    ) -> None:
        self._feeds = categories_for(feeds)
        self._base_url = base_url
        if not 1 <= page_size <= LARGEST_PAGE:
            raise ValueError(f"page_size must be from 1 to {LARGEST_PAGE:,}")
        self._page_size = page_size

    def feeds(self) -> tuple[str, ...]:
        return self._feeds

    async def fetch(
        self, feed: str, http: Http, *, checkpoint: str | None, since: date | None, now: datetime
    ) -> AsyncIterator[Batch]:
        """What was submitted since that day, or since a week before the last fetch, in batches of one page."""
        place: Backfill | None = resumed(checkpoint, since=since, now=now)
        expected, earlier, is_first = None, 0, True
        while place:
            page = await self._page_at(place, feed, http)
            if is_first and place.is_whole:
                expected, earlier = page.total, place.start
            is_first = False
            if narrower := place.narrowed(page.total):
                place = narrower
                continue
            following = place.after(page.count, total=page.total)
            yield Batch(
                found=page.found,
                rejected=page.rejected,
                expected=expected,
                earlier=earlier,
                checkpoint=following.checkpoint() if following else place.end(),
                complete=following is None,
            )
            place = following

    async def look_up(self, values: Sequence[str], http: Http) -> Sequence[FoundPaper]:
        """The papers with these arXiv ids, those left out that arXiv has not. Raises SourceError."""
        brought = [paper async for batch in self.fetch_ids(values, http) for paper in batch.found]
        return [paper for paper in brought if paper.ids[0] in values]

    async def fetch_ids(self, ids: Sequence[str], http: Http) -> AsyncIterator[Batch]:
        """The papers with these ids, in any spelling, with a version or without, in batches of 100.

        An id that arXiv does not have is a rejection, with the id as its place. Raises SourceError.
        """
        asked, rejected = _legible(ids)
        slices = [asked[start : start + IDS_AT_ONCE] for start in range(0, len(asked), IDS_AT_ONCE)]
        if not slices:
            yield Batch(found=(), rejected=rejected)
        for names in slices:
            page = await self._page(http, {"id_list": ",".join(names)}, sizes=[len(names)] * _ATTEMPTS)
            if page.count < page.total:
                message = f"{WHO} promised {page.total:,} records and sent {page.count:,} of them."
                raise SourceError(message, reason=SourceTrouble.INCOMPLETE)
            rejected = (*rejected, *page.rejected, *_missing(names, page.found))
            yield Batch(found=page.found, rejected=rejected, complete=names is slices[-1])
            rejected = ()

    async def _page_at(self, place: Backfill, feed: str, http: Http) -> Page:
        params = {
            "search_query": f"cat:{feed} AND submittedDate:{place.interval}",
            "sortBy": "submittedDate",
            "sortOrder": "ascending",
        }
        sizes = [max(1, self._page_size >> attempt) for attempt in range(_ATTEMPTS)]
        return await self._page(http, params, start=place.start, sizes=sizes)

    async def _page(self, http: Http, params: Mapping[str, str], *, start: int = 0, sizes: Sequence[int]) -> Page:
        """The page from `start` on, asked for once with each size until it is not empty against its own promise.

        arXiv sends such pages now and then, with status 200, and the sooner the larger the page
        (github.com/lukasschwab/arxiv.py/issues/43).
        """
        for size in sizes:
            asked = {**params, "start": str(start), "max_results": str(size)}
            answer = await http.get(self._base_url, family=HOST_FAMILY, params=asked, max_bytes=MOST_BYTES)
            page = await asyncio.to_thread(parse, answer.body)
            if page.count or not (page.total > start or (start and not page.total)):
                return page
        message = f"{WHO} broke off a list after {start:,} records: the next page was empty {len(sizes)} times."
        raise SourceError(message, reason=SourceTrouble.INCOMPLETE)


def parse(body: bytes) -> Page:
    """One answer of the API. Raises SourceError for what is none, and with arXiv's words where it complains."""
    root = read_answer(body, who=WHO, tags={"feed"})
    total = text_of(root, "totalResults")
    if not (total.isascii() and total.isdecimal() and len(total) < 10):
        raise malformed(f"{WHO} sent a feed that does not say how many results there are.")
    found, rejected = [], []
    for number, entry in enumerate(root.iterfind("entry"), start=1):
        if complaint := error_in(entry):
            raise SourceError(f"{WHO} refused the query: {complaint}.", reason=SourceTrouble.REFUSED)
        try:
            found.append(paper_of(entry, source=ArxivApi.kind))
        except RecordError as error:
            rejected.append(Rejection(place=f"item {number}", reason=str(error)))
    return Page(found=tuple(found), rejected=tuple(rejected), total=int(total))


def _legible(ids: Iterable[str]) -> tuple[list[str], tuple[Rejection, ...]]:
    """These ids as arXiv writes them, and a rejection for each that is none: one would spoil the whole request."""
    asked, rejected = [], []
    for text in ids:
        identity = id_and_version(text)
        if identity is None:
            rejected.append(Rejection(place=text[:80], reason="it is not an arXiv id"))
        else:
            arxiv_id, version = identity
            asked.append(arxiv_id if version is None else f"{arxiv_id}v{version}")
    return list(dict.fromkeys(asked)), tuple(rejected)


def _missing(names: Iterable[str], found: Iterable[FoundPaper]) -> Iterable[Rejection]:
    there = {paper.ids[0] for paper in found}
    versions = {f"{paper.ids[0]}v{paper.version}" for paper in found}
    for name in names:
        if name not in there and name not in versions:
            yield Rejection(place=name, reason="arXiv does not have it")
