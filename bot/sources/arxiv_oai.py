"""arXiv's OAI-PMH: every record added or changed since a day, with its versions. A harvest goes on where it stopped.

Its facts are from info.arxiv.org/help/oa, github.com/arXiv/oaipmh and openarchives.org/OAI/openarchivesprotocol.html.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Literal, Self
from xml.etree.ElementTree import Element

from bot.domain.papers import FoundPaper
from bot.domain.rhythms import Rhythm
from bot.interfaces import Batch, Http, RecordError, Rejection, SourceError, SourceTrouble
from bot.sources.arxiv_records import HOST_FAMILY, WHO, read_checkpoint
from bot.sources.closed_xml import malformed, read_answer, text_of
from bot.sources.dates import day
from bot.sources.feed_names import sets_for
from bot.sources.oai_records import paper_of, set_of

MOST_BYTES = 40_000_000
"""A page has up to 2,000 records."""

FIRST_REACH = timedelta(days=3)
"""How far back the first harvest goes: over a weekend."""


class TokenError(SourceError):
    """The resumption token is not known any more: arXiv's last until midnight UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer; `token` asks for the next one, `size` is how many records the whole list has, where it says so."""

    found: tuple[FoundPaper, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    token: str | None = None
    size: int | None = None
    responded_on: date | None = None

    @property
    def count(self) -> int:
        """How many records it holds, readable or not."""
        return len(self.found) + len(self.rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Harvest:
    """Where a harvest of what changed since `begin` stands: `done` records in, and `token` asks for more.

    `following` is the day from which the next harvest asks: that of this one's first answer.
    """

    begin: date
    following: date | None = None
    token: str | None = None
    done: int = 0

    def restarted(self) -> Self:
        return replace(self, following=None, token=None, done=0)

    def after(self, page: Page, *, today: date) -> Self:
        answered = min(page.responded_on or self.begin, today)
        return replace(self, following=self.following or answered, token=page.token, done=self.done + page.count)

    def ended(self) -> Self:
        return replace(self, begin=self.following or self.begin).restarted()

    def checkpoint(self) -> str:
        following = self.following.isoformat() if self.following else None
        members = {"from": self.begin.isoformat(), "next": following, "token": self.token, "done": self.done}
        return json.dumps(members)


class ArxivOai:
    """One feed for each category or archive, such as `cs.AI` or `hep-th`, or each set by its own name: `cs:cs:AI`."""

    kind: ClassVar[str] = "arxiv_oai"
    host_family: ClassVar[str] = HOST_FAMILY
    label: ClassVar[str] = f"{WHO} OAI-PMH"
    rhythm: ClassVar[Rhythm] = Rhythm.ARXIV_HARVEST

    def __init__(
        self,
        feeds: Sequence[str] = (),
        *,
        base_url: str = "https://oaipmh.arxiv.org/oai",
        prefix: Literal["arXivRaw", "arXiv", "oai_dc"] = "arXivRaw",
    ) -> None:
        self._feeds = sets_for(feeds)
        self._base_url = base_url
        self._prefix = prefix

    def feeds(self) -> tuple[str, ...]:
        return self._feeds

    async def fetch(
        self, feed: str, http: Http, *, checkpoint: str | None, since: date | None, now: datetime
    ) -> AsyncIterator[Batch]:
        """What changed since that day, or since the day of the last harvest, in batches of one page."""
        today = now.astimezone(UTC).date()
        place = _resumed(checkpoint, since=since, today=today)
        expected = size = earlier = None
        may_restart, is_last = True, False
        while not is_last:
            try:
                page = await self._page(place, feed, http)
            except TokenError:
                if place.token is None or not may_restart:
                    raise
                place, size, may_restart = place.restarted(), None, False
                continue
            size = size if page.size is None else page.size
            earlier = place.done if earlier is None else earlier
            if expected is None and size is not None:
                expected = size
            following, is_last = place.after(page, today=today), page.token is None
            is_short = is_last and size is not None and following.done < size
            upcoming = place.restarted() if is_short else following.ended() if is_last else following
            yield Batch(
                found=page.found,
                rejected=page.rejected,
                expected=expected,
                earlier=earlier,
                checkpoint=upcoming.checkpoint(),
                complete=is_last and not is_short,
            )
            if is_short:
                message = f"{WHO} ended a list of {size:,} records after {following.done:,}."
                raise SourceError(message, reason=SourceTrouble.INCOMPLETE)
            place = following

    async def _page(self, place: _Harvest, feed: str, http: Http) -> Page:
        params = {"verb": "ListRecords"}
        if place.token:
            params["resumptionToken"] = place.token
        else:
            params |= {"metadataPrefix": self._prefix, "set": set_of(feed), "from": place.begin.isoformat()}
        answer = await http.get(self._base_url, family=HOST_FAMILY, params=params, max_bytes=MOST_BYTES)
        page = await asyncio.to_thread(parse, answer.body)
        if page.token and page.token == place.token:
            raise malformed(f"{WHO} sent a page of a list that leads to itself.")
        return page


def parse(body: bytes) -> Page:
    """One answer with records; none if none match. A `record` with nothing around it is an answer too.

    Raises SourceError, with the server's words where it complains; TokenError is one of them.
    """
    root = read_answer(body, who=WHO, tags={"OAI-PMH", "record"})
    responded_on = day(text_of(root, "responseDate"))
    error = root.find("error")
    if error is not None:
        if error.get("code") == "noRecordsMatch":
            return Page(responded_on=responded_on)
        raise _complaint(error)
    records = [root] if root.tag == "record" else list(root.iter("record"))
    if not records and root.find("ListRecords") is None:
        raise malformed(f"{WHO} sent an answer without a list of records.")
    found, rejected = [], []
    for number, record in enumerate(records, start=1):
        try:
            found.append(paper_of(record, source=ArxivOai.kind))
        except RecordError as reason:
            place = text_of(record, "header/identifier")[:100] or f"record {number}"
            rejected.append(Rejection(place=place, reason=str(reason)))
    token = root.find("ListRecords/resumptionToken")
    return Page(
        found=tuple(found),
        rejected=tuple(rejected),
        token=text_of(root, "ListRecords/resumptionToken") or None,
        size=_size(token),
        responded_on=responded_on,
    )


def _size(token: Element | None) -> int | None:
    written = token.get("completeListSize", "") if token is not None else ""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None


def _complaint(error: Element) -> SourceError:
    code, words = error.get("code", "")[:40], " ".join((error.text or "").split())[:300]
    told = f"{WHO} refused the question: {code}{f' ({words})' if words else ''}."
    kind = TokenError if code == "badResumptionToken" else SourceError
    return kind(told, reason=SourceTrouble.REFUSED)


def _resumed(checkpoint: str | None, *, since: date | None, today: date) -> _Harvest:
    """The harvest to go on with, or a new one; neither leaves out anything since the last one began."""
    members = read_checkpoint(checkpoint)
    begin = day(members.get("from"))
    if begin is None:
        return _Harvest(begin=min(since or today - FIRST_REACH, today))
    if since and since < begin:
        return _Harvest(begin=since)
    token, done = members.get("token"), members.get("done")
    if not isinstance(token, str) or not token or not isinstance(done, int):
        return _Harvest(begin=min(begin, today))
    return _Harvest(begin=min(begin, today), following=day(members.get("next")), token=token, done=max(done, 0))
