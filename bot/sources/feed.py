"""Any RSS or Atom feed the operator lists, one batch a poll. Reads no page that an item links to."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from bot.domain.papers import DateKind, FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, RecordError, Rejection, Validators
from bot.sources import dates
from bot.sources.feed_child import take_apart
from bot.sources.feed_names import addresses_of
from bot.sources.loose_json import Row, count, malformed, mapping, read_json, sequence, sift, text, web_address
from bot.sources.record_fields import known_ids

NO_FEEDS: Mapping[str, str] = MappingProxyType({})
MOST_NEW = 20
"""The most items that may be new in one poll, so that a feed gone wild floods nobody."""

_FLOOD = f"flood: more than {MOST_NEW} items are new at once, this one waits for a later poll"


class Feed:
    """Each feed has a name and an address. There are none until the operator lists them."""

    kind: ClassVar[str] = "feed"
    host_family: ClassVar[str] = "feed"
    label: ClassVar[str] = "Feed"
    rhythm: ClassVar[Rhythm] = Rhythm.STEADY

    def __init__(self, feeds: Mapping[str, str] = NO_FEEDS) -> None:
        self._urls = addresses_of(feeds)

    def feeds(self) -> tuple[str, ...]:
        return tuple(self._urls)

    async def fetch(
        self,
        feed: str,
        http: Http,
        *,
        checkpoint: str | None,
        since: date | None,  # noqa: ARG002  # a feed holds what it holds
        now: datetime,
    ) -> AsyncIterator[Batch]:
        """What the feed holds now. Where more than MOST_NEW items are new, the others are rejected until later."""
        memory = _Memory.read(checkpoint)
        url = self._urls[feed]
        answer = await http.get(url, family=_family(url), validators=memory.validators)
        if answer.status == 304:
            yield Batch(found=(), checkpoint=checkpoint, unchanged=True)
            return
        read = partial(parse, url=answer.url, known=memory.known, now=now)
        batch, known = await asyncio.to_thread(read, await take_apart(answer.body))
        # While items wait, the feed must come again although it has not changed.
        waits = any(each.reason == _FLOOD for each in batch.rejected)
        validators = Validators() if waits else answer.validators
        yield replace(batch, checkpoint=str(_Memory(validators=validators, known=known)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    """What a checkpoint holds: how to ask whether the feed has changed, and the marks of items it brought before."""

    validators: Validators
    known: frozenset[str]

    @classmethod
    def read(cls, checkpoint: str | None) -> "_Memory":
        try:
            fields = mapping(json.loads(checkpoint or "{}"))
        except (ValueError, RecursionError):
            fields = mapping(None)
        etag, last_modified = text(fields.get("etag")) or None, text(fields.get("last_modified")) or None
        known = frozenset(text(each) for each in sequence(fields.get("known")))
        return cls(validators=Validators(etag=etag, last_modified=last_modified), known=known)

    def __str__(self) -> str:
        etag, last_modified = self.validators.etag, self.validators.last_modified
        return json.dumps({"etag": etag, "last_modified": last_modified, "known": sorted(self.known)})


def parse(taken_apart: bytes, *, url: str, known: frozenset[str], now: datetime) -> tuple[Batch, frozenset[str]]:
    """What the child program made of the feed at `url`, and the marks of the items now known.

    Raises SourceError when it was no feed, or was cut off.
    """
    feed = mapping(read_json(taken_apart, who="The program that reads feeds"))
    if not text(feed.get("version")):
        raise malformed("The address holds no RSS or Atom feed.")
    if feed.get("is_cut") is True:
        raise malformed("The feed is cut off in the middle.")
    items = sequence(feed.get("items"))
    marks = dict.fromkeys(_mark(mapping(item)) for item in items)
    waiting = frozenset([mark for mark in marks if mark not in known][MOST_NEW:])
    batch = sift(items, partial(_paper, url=url, waiting=waiting, now=now))
    surplus = (count(feed.get("count")) or 0) - len(items)
    if surplus > 0:
        beyond = Rejection(place=f"the last {surplus} items", reason=f"flood: only {len(items)} items are read")
        batch = replace(batch, rejected=(*batch.rejected, beyond))
    return batch, frozenset(marks) - waiting


def _paper(item: Row, *, url: str, waiting: frozenset[str], now: datetime) -> FoundPaper:
    if _mark(item) in waiting:
        raise RecordError(_FLOOD)
    title, page_url = text(item.get("title")), _absolute(text(item.get("link")), url)
    ids = known_ids(*sequence(item.get("ids")), item.get("id"), page_url)
    if not title:
        raise RecordError("no title")
    if not ids and not page_url:
        raise RecordError("no address")
    published_at, updated_at = (dates.moment(item.get(key)) for key in ("published_at", "updated_at"))
    published_at = published_at or updated_at
    return FoundPaper(
        title=title,
        abstract=text(item.get("summary")),
        authors=_authors(sequence(item.get("authors"))),
        ids=ids,
        published_at=min(published_at, now) if published_at else None,
        published_kind=DateKind.LISTED if published_at else DateKind.UNKNOWN,
        updated_at=min(updated_at, now) if updated_at else None,
        page_url=page_url,
        source="feed",
    )


def _authors(names: list[object]) -> tuple[str, ...]:
    """The names; one field may hold several, with semicolons between them."""
    return tuple(name for each in names for part in text(each).split(";") if (name := part.strip()))


def _mark(item: Row) -> str:
    """What tells an item from the others of its feed, in 12 hexadecimal digits."""
    name = text(item.get("id")) or text(item.get("link")) or text(item.get("title"))
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:12]


def _absolute(link: str, base: str) -> str | None:
    try:
        return web_address(urljoin(base, link)) if link else None
    except ValueError:
        return None


def _family(url: str) -> str:
    """Whose pace a request for this address keeps: that of its host."""
    try:
        return urlsplit(url).hostname or "feed"
    except ValueError:
        return "feed"
