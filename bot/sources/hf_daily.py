"""Hugging Face's daily papers: a list for each weekday, with votes and code links. The shortest source: copy it.

Its facts are from huggingface.co/docs/hub/api and from answers recorded from 2024 to 2026.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import ClassVar
from urllib.parse import quote

from bot.domain.papers import DateKind, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, RecordError, Rejection
from bot.sources import dates
from bot.sources.day_walk import days_owed
from bot.sources.feed_names import one_of
from bot.sources.loose_json import Row, count, malformed, mapping, read_json, sequence, sift, text, web_address

FIRST_LIST = date(2023, 5, 4)
DAYS_AGAIN = 7
"""Votes move most in a paper's first week, so each list is read again until it is a week old."""

ASKED, SMALLEST_PAGE, MOST_PAGES = 100, 50, 5
"""Papers asked for at once; what an answer holds at most when the server grants no more; answers a list may fill."""


class HfDaily:
    """One feed, `daily`. A batch is one day's list; read again, it brings the same papers with the votes of now."""

    kind: ClassVar[str] = "hf_daily"
    host_family: ClassVar[str] = "huggingface"
    label: ClassVar[str] = "Hugging Face"
    rhythm: ClassVar[Rhythm] = Rhythm.WEEKDAY_LIST

    def __init__(self, feeds: Sequence[str] = ("daily",), *, base_url: str = "https://huggingface.co") -> None:
        self._feeds = one_of(feeds, "daily")
        self._address = f"{base_url.rstrip('/')}/api/daily_papers"

    def feeds(self) -> tuple[str, ...]:
        return self._feeds

    async def fetch(
        self, feed: str, http: Http, *, checkpoint: str | None, since: date | None, now: datetime
    ) -> AsyncIterator[Batch]:
        """The list of each weekday owed, oldest first; Saturdays and Sundays have none."""
        del feed  # there is only one
        today = now.astimezone(UTC).date()
        owed = days_owed(checkpoint, since=since, today=today, again=DAYS_AGAIN, earliest=FIRST_LIST)
        weekdays = [step for step in owed if step.day.isoweekday() <= 5]
        for step in weekdays:
            batch = await self._list_of(step.day, http)
            yield replace(batch, checkpoint=step.checkpoint, complete=step is weekdays[-1])

    async def _list_of(self, day: date, http: Http) -> Batch:
        """A whole list, page after page until one is not full or brings nothing new."""
        found: dict[str, FoundPaper] = {}
        rejected: tuple[Rejection, ...] = ()
        for page in range(MOST_PAGES):
            params = {"date": day.isoformat(), "limit": str(ASKED), "p": str(page)}
            answer = await http.get(self._address, family=self.host_family, params=params)
            batch, known = await asyncio.to_thread(parse, answer.body, day=day), len(found)
            found |= {paper.ids[0]: paper for paper in batch.found}
            rejected += batch.rejected
            if len(batch.found) + len(batch.rejected) < SMALLEST_PAGE or len(found) == known:
                break
        else:
            rejected += (Rejection(place="the rest of the list", reason=f"only {MOST_PAGES} pages are read"),)
        return Batch(found=tuple(found.values()), rejected=rejected, day=day)


def parse(body: bytes, *, day: date) -> Batch:
    """Read one page of the list of `day`. Raises SourceError when it is no list."""
    rows = read_json(body, who="Hugging Face")
    if not isinstance(rows, list):
        raise malformed("Hugging Face did not answer with a list of papers.")
    return replace(sift(rows, partial(_paper, day=day)), day=day)


def _paper(row: Row, day: date) -> FoundPaper:
    paper = mapping(row.get("paper"))
    title, arxiv_id = text(paper.get("title")) or text(row.get("title")), text(paper.get("id"))
    if not title or not arxiv_id:
        raise RecordError("no title or no id")
    published_at = dates.moment(paper.get("publishedAt"))
    return FoundPaper(
        title=title,
        abstract=text(paper.get("summary")) or text(row.get("summary")),
        authors=tuple(name for each in sequence(paper.get("authors")) if (name := text(mapping(each).get("name")))),
        ids=(arxiv_id,),
        published_at=published_at,
        published_kind=DateKind.SUBMITTED if published_at else DateKind.UNKNOWN,
        page_url=f"https://huggingface.co/papers/{quote(arxiv_id, errors='replace')}",
        code_url=web_address(paper.get("githubRepo")),
        source="hf_daily",
        upvotes=count(paper.get("upvotes")),
        seen_on=dates.day(paper.get("submittedOnDailyAt")) or day,
    )
