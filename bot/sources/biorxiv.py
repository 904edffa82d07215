"""bioRxiv and medRxiv: every version posted on a day. Names papers by DOI; never asks for full texts.

Its facts are from api.biorxiv.org and from recorded answers: pages of 100, later of 30; numbers come as text or not.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import ClassVar
from urllib.parse import quote

from bot.domain.papers import Announcement, DateKind, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, RecordError
from bot.sources import dates
from bot.sources.day_walk import days_owed
from bot.sources.feed_names import one_of
from bot.sources.loose_json import Row, count, malformed, mapping, read_json, sequence, sift, text

SERVERS = ("biorxiv", "medrxiv")
FIRST_POST = date(2013, 11, 7)
DAYS_AGAIN = 3
"""Posts of a day still arrive on the two days after it."""

MOST_PAGES = 100
_SUBMITTED = re.compile(r"/(20[0-9]{2})\.([01][0-9])\.([0-3][0-9])\.")
"""Since the end of 2019 a DOI holds the day of submission: 10.1101/2024.01.02.573845."""


class Biorxiv:
    """One feed a server. A batch is one page of one day's posts."""

    kind: ClassVar[str] = "biorxiv"
    host_family: ClassVar[str] = "biorxiv"
    label: ClassVar[str] = "Preprints of"
    rhythm: ClassVar[Rhythm] = Rhythm.DAY_LIST

    def __init__(self, feeds: Sequence[str] = (), *, base_url: str = "https://api.biorxiv.org") -> None:
        self._servers = one_of(feeds, *SERVERS)
        self._base = base_url.rstrip("/")

    def feeds(self) -> tuple[str, ...]:
        return self._servers

    async def fetch(
        self, feed: str, http: Http, *, checkpoint: str | None, since: date | None, now: datetime
    ) -> AsyncIterator[Batch]:
        """The posts of each day owed, oldest first."""
        today = now.astimezone(UTC).date()
        steps = days_owed(checkpoint, since=since, today=today, again=DAYS_AGAIN, earliest=FIRST_POST)
        for step in steps:
            async for batch in self._posts_of(feed, step.day, http):
                checkpoint = step.checkpoint if batch.complete else None
                yield replace(batch, checkpoint=checkpoint, complete=batch.complete and step is steps[-1])

    async def _posts_of(self, server: str, day: date, http: Http) -> AsyncIterator[Batch]:
        """One day, page after page; the last is `complete`."""
        cursor = 0
        for _ in range(MOST_PAGES):
            url = f"{self._base}/details/{server}/{day}/{day}/{cursor}"
            answer = await http.get(url, family=self.host_family)
            batch = await asyncio.to_thread(parse, answer.body)
            received = len(batch.found) + len(batch.rejected)
            cursor += received
            complete = not received or cursor >= (batch.expected or 0)
            yield replace(batch, day=day, complete=complete)
            if complete:
                return
        raise malformed(f"bioRxiv's list for {day} has no end.")


def parse(body: bytes) -> Batch:
    """Read one page; `expected` is how many posts all its pages hold. Raises SourceError when it is none."""
    answer = mapping(read_json(body, who="bioRxiv"))
    message = mapping(next(iter(sequence(answer.get("messages"))), None))
    status = text(message.get("status")).lower()
    if status.startswith("no posts found"):
        return Batch(found=(), expected=0)
    if status != "ok" or not isinstance(answer.get("collection"), list):
        raise malformed("bioRxiv did not answer with a list of posts.")
    return replace(sift(sequence(answer.get("collection")), _paper), expected=count(message.get("total")) or 0)


def _paper(row: Row) -> FoundPaper:
    title, doi = text(row.get("title")), text(row.get("doi"))
    if not title or not doi:
        raise RecordError("no title or no DOI")
    version = count(row.get("version")) or 1
    posted_at = dates.moment(row.get("date"))
    published_at, published_kind = _first_date(doi, posted_at if version == 1 else None)
    server = "medrxiv" if text(row.get("server")).lower() == "medrxiv" else "biorxiv"
    page = f"https://www.{server}.org/content/{quote(doi, errors='replace')}v{version}"
    return FoundPaper(
        title=title,
        abstract=text(row.get("abstract")),
        authors=tuple(name for each in text(row.get("authors")).split(";") if (name := each.strip())),
        categories=tuple(filter(None, [text(row.get("category"))])),
        ids=(doi, *_journal_doi(row)),
        published_at=published_at,
        published_kind=published_kind,
        updated_at=posted_at,
        version=version,
        page_url=page,
        pdf_url=f"{page}.full.pdf",
        source="biorxiv",
        announcement=Announcement.NEW if version == 1 else Announcement.REPLACE,
        withdrawn=text(row.get("type")).lower() == "withdrawn" or title.upper().startswith("WITHDRAWN"),
    )


def _journal_doi(row: Row) -> tuple[str, ...]:
    """The DOI under which a journal published the paper later; `NA` stands for none."""
    doi = text(row.get("published"))
    return (doi,) if doi.startswith("10.") else ()


def _first_date(doi: str, first_posted_at: datetime | None) -> tuple[datetime | None, DateKind]:
    """When the paper was new: a later version's own date says nothing about that."""
    submitted = _SUBMITTED.search(doi)
    if submitted:
        day, kind = dates.publication_date(*submitted.groups())
        return day, DateKind.SUBMITTED if kind is DateKind.ANNOUNCED else kind
    return first_posted_at, DateKind.ANNOUNCED if first_posted_at else DateKind.UNKNOWN
