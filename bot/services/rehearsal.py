"""Runs stored papers through stored topics as if they arrived again: what each channel would get, and when.

It writes nothing, and holds a page of papers at a time.
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from bot.domain.analysis import prepare
from bot.domain.arranging import Match
from bot.domain.arrivals import Arrived
from bot.domain.masks import places
from bot.domain.matching import Matcher
from bot.domain.papers import KnownPaper
from bot.domain.parsing import parse_query
from bot.domain.query_errors import QueryError
from bot.domain.rehearsing import Account, Rehearsal, Rehearsed
from bot.domain.subscriptions import Subscription
from bot.interfaces import Storage

LONGEST = 366
"""Days that are played through at most."""
_PAGE = 250
"""Papers that are read, matched and let go of at once."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What some days would have brought."""

    first: date
    last: date
    papers: int
    messages: tuple[Rehearsed, ...]
    accounts: tuple[Account, ...]
    unreadable: tuple[Subscription, ...]
    """Topics whose queries cannot be read any more."""


async def rehearse(
    storage: Storage, *, first: date, last: date, guild_id: int | None = None, channel_id: int | None = None
) -> Played:
    """Play these days, in UTC, with the topics as they are now: of all servers, of one, or of one channel."""
    topics = await storage.list_subscriptions(guild_id=guild_id, channel_id=channel_id)
    play = await asyncio.to_thread(_Play, topics, _start(first))
    papers, messages = 0, list[Rehearsed]()
    for ahead in range((last - first).days + 1):
        day = first + ahead * _A_DAY
        arrived = await storage.list_arrivals(since=_start(day), until=_start(day + _A_DAY))
        papers += len(arrived)
        for page in _pages(arrived):
            known = await storage.get_papers([each.paper_id for each in page])
            messages += await asyncio.to_thread(play.arrive, page, known)
    messages += play.end(_start(last + _A_DAY))
    return Played(
        first=first,
        last=last,
        papers=papers,
        messages=tuple(messages),
        accounts=tuple(play.rehearsal.accounts()),
        unreadable=tuple(play.unreadable),
    )


async def titles_of(storage: Storage, messages: Collection[Rehearsed]) -> dict[int, str]:
    """The titles of the papers that these messages name."""
    wanted = list(dict.fromkeys(paper for each in messages for paper in each.papers))
    titles: dict[int, str] = {}
    for start in range(0, len(wanted), _PAGE):
        some = wanted[start : start + _PAGE]
        titles.update((each.id, each.paper.title) for each in await storage.get_papers(some))
    return titles


class _Play:
    """The topics made ready, and how far time has come."""

    def __init__(self, topics: Sequence[Subscription], since: datetime) -> None:
        self._matcher = Matcher()
        self._topics: list[tuple[Subscription, int]] = []
        self.unreadable: list[Subscription] = []
        for each in topics:
            try:
                self._topics.append((each, self._matcher.add(parse_query(each.query))))
            except QueryError:  # an earlier program could read it
                self.unreadable.append(each)
        self.rehearsal = Rehearsal((topic for topic, _ in self._topics), since=since)

    def arrive(self, arrived: Sequence[Arrived], known: Sequence[KnownPaper]) -> list[Rehearsed]:
        """Let a page of papers arrive, all of one day."""
        papers = {each.id: each for each in known}
        page = [each for each in arrived if each.paper_id in papers]
        if not page or not self._topics:
            return []
        prepared = [prepare(papers[each.paper_id].paper) for each in page]
        masks = self._matcher.masks(prepared, now=page[0].at)
        found: list[list[Match]] = [[] for _ in page]
        for topic, number in self._topics:
            for place in places(masks[number]):
                found[place].append(Match(topic, page[place].paper_id))
        told: list[Rehearsed] = []
        for at, some in groupby(zip(page, found, strict=True), key=lambda each: each[0].at):
            told += self.rehearsal.arrive([match for _, matches in some for match in matches], at=at)
        return told

    def end(self, at: datetime) -> Iterator[Rehearsed]:
        return self.rehearsal.until(at)


def _pages(arrived: Sequence[Arrived]) -> Iterator[Sequence[Arrived]]:
    return (arrived[start : start + _PAGE] for start in range(0, len(arrived), _PAGE))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
