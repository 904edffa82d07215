"""arXiv's daily announcements as RSS or Atom, one feed for a category or for several, such as `cs.AI+cs.CL`.

A feed states which day it is for, but not truthfully every day: whether a paper is new, its id decides, never a date.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import quote
from xml.etree.ElementTree import Element

from bot.domain.papers import Announcement, DateKind, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, RecordError, Rejection, SourceError, SourceTrouble, Validators
from bot.sources.arxiv_records import (
    HOST_FAMILY,
    WHO,
    authors_of,
    day_of,
    id_and_version,
    is_withdrawn,
    read_checkpoint,
    time_of,
)
from bot.sources.closed_xml import malformed, read_answer, text_of, texts_of
from bot.sources.feed_names import announcements_for

MOST_BYTES = 15_000_000
FEED_LIMIT = 2_000
"""A feed is cut after so many items (info.arxiv.org/help/rss)."""

USUAL_FEEDS = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")
"""One by one: on a busy day the five in one feed have over 2,000 items."""

_PREFIX = re.compile(r"arXiv:\S{1,40}\s+Announce Type:\s*([\w-]{1,30})\s*(?:Abstract:\s*)?")
_OLD_TITLE = re.compile(r"\.?\s*\((?P<id>arXiv:\S{1,40})\s+\[(?P<category>[\w.-]{1,30})\](?P<mark>[A-Z ]{0,20})\)$")
"""What the RSS 1.0 of until 2024 appended to a title: `. (arXiv:2307.02499v1 [cs.CL] UPDATED)`."""

_OLD_MARKS = {"UPDATED": Announcement.REPLACE, "CROSS LISTED": Announcement.CROSS}
_TYPES = {each.value: each for each in Announcement} | {"absonly": Announcement.REPLACE}


class ArxivRss:
    """Each feed is one batch: the announcements of one day, or none where the feed has not changed."""

    kind: ClassVar[str] = "arxiv_rss"
    host_family: ClassVar[str] = HOST_FAMILY
    label: ClassVar[str] = WHO
    rhythm: ClassVar[Rhythm] = Rhythm.ARXIV_FEED

    def __init__(self, feeds: Sequence[str] = USUAL_FEEDS, *, base_url: str = "https://rss.arxiv.org/rss") -> None:
        self._feeds = announcements_for(feeds)
        self._base_url = base_url.rstrip("/")

    def feeds(self) -> tuple[str, ...]:
        return self._feeds

    async def fetch(
        self,
        feed: str,
        http: Http,
        *,
        checkpoint: str | None,
        since: date | None,  # noqa: ARG002 (a feed holds one day)
        now: datetime,  # noqa: ARG002
    ) -> AsyncIterator[Batch]:
        """The feed as it is, unless it is what the checkpoint's validators stand for."""
        known = _validators(checkpoint)
        address = f"{self._base_url}/{quote(feed, safe='+')}"
        answer = await http.get(address, family=HOST_FAMILY, validators=known, max_bytes=MOST_BYTES)
        if answer.status == 304:
            yield Batch(found=(), checkpoint=checkpoint, unchanged=True)
            return
        batch = await asyncio.to_thread(parse, answer.body)
        if len(batch.found) + len(batch.rejected) == FEED_LIMIT:
            yield replace(batch, complete=False)  # without validators: it must be asked for again
            message = (
                f"{WHO}'s feed {feed} is cut at {FEED_LIMIT:,} items; set up its categories as feeds of their own."
            )
            raise SourceError(message, reason=SourceTrouble.INCOMPLETE)
        before = read_checkpoint(checkpoint).get("held")
        held = _mark(batch.found) if batch.found else before  # an empty weekend makes Friday's list no other on Monday
        # A list of which nothing could be read must be sent again, for whoever reads it better.
        given = answer.validators if batch.found or not batch.rejected else Validators()
        members = {"etag": given.etag, "last_modified": given.last_modified, "held": held}
        yield replace(batch, checkpoint=json.dumps(members), is_another=bool(before) and held != before)


def parse(body: bytes) -> Batch:
    """The announcements of one feed in RSS 2.0, RSS 1.0 or Atom; none on a day without any. Raises SourceError."""
    root = read_answer(body, who=WHO, tags={"rss", "RDF", "feed"})
    channel = root if root.tag == "feed" else root.find("channel")
    if channel is None:
        raise malformed(f"{WHO} sent a feed without a channel.")
    if text_of(channel, "title").startswith("Feed error"):
        words = text_of(channel, "description") or text_of(channel, "subtitle")
        words = " ".join(words.split())[:300].rstrip(".")
        raise SourceError(f"{WHO} refused the feed: {words}.", reason=SourceTrouble.REFUSED)
    built_at = _first_time(channel, "pubDate", "date", "updated", "lastBuildDate")
    found, rejected = [], []
    for number, item in enumerate(root.iter("entry" if root.tag == "feed" else "item"), start=1):
        try:
            found.append(paper_of(item, announced_at=built_at))
        except RecordError as error:
            rejected.append(Rejection(place=f"item {number}", reason=str(error)))
    return Batch(found=tuple(found), rejected=tuple(rejected), day=day_of(built_at))


def _mark(found: Iterable[FoundPaper]) -> str:
    """What tells this list of announcements from another, in 16 hexadecimal digits."""
    items = sorted(f"{each.ids[0]} {each.version} {each.announcement}" for each in found)
    return hashlib.sha256("\n".join(items).encode()).hexdigest()[:16]


def paper_of(item: Element, *, announced_at: datetime | None = None, source: str = ArxivRss.kind) -> FoundPaper:
    """The paper of one item or entry; `announced_at` is for one without a time. Raises RecordError if it holds none."""
    title = text_of(item, "title")
    old = _OLD_TITLE.search(title[-120:])
    names = (text_of(item, "guid"), text_of(item, "id"), old["id"] if old else "", text_of(item, "link"))
    identity = next(filter(None, map(id_and_version, names)), None)
    if identity is None:
        raise RecordError("it has no arXiv id")
    if old:
        title = title.removesuffix(old[0])
    if not title:
        raise RecordError("it has no title")
    arxiv_id, version = identity
    announcement, abstract = _announcement(item, old)
    announced_at = _first_time(item, "pubDate", "published") or announced_at
    is_new = announcement is Announcement.NEW
    return FoundPaper(
        title=title,
        abstract=abstract,
        authors=authors_of(text_of(item, "creator")),
        categories=_categories(item, old),
        ids=(arxiv_id, *text_of(item, "DOI").split()),
        # A revision's day is not the paper's, and a paper cross-listed today may be years old.
        published_at=announced_at if is_new else None,
        published_kind=DateKind.ANNOUNCED if is_new and announced_at else DateKind.UNKNOWN,
        version=version,
        journal_ref=text_of(item, "journal_reference") or None,
        source=source,
        announcement=announcement,
        withdrawn=is_withdrawn(abstract),
        seen_on=day_of(announced_at),
    )


def _announcement(item: Element, old: re.Match[str] | None) -> tuple[Announcement, str]:
    """How the item is announced, and its abstract without the words that say so."""
    description = text_of(item, "description") or text_of(item, "summary")
    prefix = _PREFIX.match(description)
    abstract = description[prefix.end() :] if prefix else description
    if old:
        return _OLD_MARKS.get(old["mark"].strip(), Announcement.NEW), abstract
    stated = text_of(item, "announce_type") or (prefix[1] if prefix else "")
    return _TYPES.get(stated.lower(), Announcement.UNSTATED), abstract


def _categories(item: Element, old: re.Match[str] | None) -> tuple[str, ...]:
    terms = [each.get("term", "") for each in item.iterfind("category")]
    return tuple(filter(None, [old["category"] if old else "", *texts_of(item, "category"), *terms]))


def _first_time(element: Element, *paths: str) -> datetime | None:
    return next(filter(None, (time_of(text_of(element, path)) for path in paths)), None)


def _validators(checkpoint: str | None) -> Validators | None:
    members = read_checkpoint(checkpoint)
    etag, modified = members.get("etag"), members.get("last_modified")
    if not (isinstance(etag, str) or isinstance(modified, str)):
        return None
    return Validators(
        etag=etag if isinstance(etag, str) else None,
        last_modified=modified if isinstance(modified, str) else None,
    )
