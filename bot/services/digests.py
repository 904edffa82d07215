"""Makes digests: at each topic's time one message with what waited for it. It owes them and posts none.

Whether a digest was made is known from its key alone, so it may run anywhere, at any time, and be killed.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from bot.domain.deliveries import NewDelivery
from bot.domain.digests import MOST_KEPT, digest_key, digest_of, last_due, next_due
from bot.domain.papers import KnownPaper
from bot.domain.subscriptions import Subscription
from bot.errors import UserError
from bot.interfaces import Storage

_log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
"""Papers may come to wait at any time, from another process as well."""
_AT_ONCE = 20
"""Digests that are made in one transaction."""
PAGE = 10
"""Papers of a digest that are listed at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A digest that is due, and which papers it brings."""

    delivery: NewDelivery
    topic: Subscription
    papers: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPage:
    """Some of what a digest brought."""

    papers: Sequence[KnownPaper]
    page: int
    """From 0."""
    pages: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits for a channel's next digest, and when that is."""

    papers: int
    at: datetime | None


class Digests:
    """The digests of all topics."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def run_due(self) -> int:
        """Make the digests whose time has come, each once; how many. Those of a pause in between are made up in one."""
        now = self._clock()
        made = 0
        for some in _rounds(await self._storage.list_topics_waiting()):
            due = await asyncio.to_thread(_due, some, now)
            for start in range(0, len(due), _AT_ONCE):
                made += await self._keep(await self._ready(due[start : start + _AT_ONCE], now))
        if made:
            _log.info("digests made count=%d", made)
        return made

    async def next_at(self) -> datetime | None:
        """When it should look again."""
        now = self._clock()
        waiting = await self._storage.list_topics_waiting()
        return min([now + LOOK_EVERY, *await asyncio.to_thread(_next, waiting, now)])

    async def waiting(self, topics: Sequence[Subscription], channel_id: int) -> Waiting:
        """What waits for digests in a channel, which follows these."""
        counts = await self._storage.count_waiting(channel_id)
        now = self._clock()
        times = [next_due(each.posting, now) for each in topics if counts.get(each.id) and each.paused_at is None]
        papers = sum(counts.get(each.id, 0) for each in topics if each.paused_at is None)
        return Waiting(papers=papers, at=min((each for each in times if each), default=None))

    async def page(self, topic: int, on: date, page: int, *, guild_id: int) -> DigestPage:
        """A page of what the digest of a topic brought this server on a date. Raises UserError."""
        numbers = await self._storage.list_brought(topic, digest_key(topic, on), guild_id=guild_id)
        if not numbers:
            raise UserError("What that digest held is not known any more. Look for it with /search.")
        pages = -(-len(numbers) // PAGE)
        page = min(page, pages - 1)
        papers = await self._storage.get_papers(numbers[page * PAGE : (page + 1) * PAGE])
        return DigestPage(papers=papers, page=page, pages=pages, total=len(numbers))

    async def _ready(self, due: Sequence[tuple[Subscription, date, datetime]], now: datetime) -> list[Ready]:
        """The digests of these topics, each for a date and of what had come by then; none where nothing had."""
        held = [await self._storage.list_waiting(topic.id, until=since) for topic, _, since in due]
        first = {each.paper_id for some in held for each in some[:MOST_KEPT]}
        papers = {each.id: each for each in await self._storage.get_papers(sorted(first))}
        told = []
        for (topic, on, _), some in zip(due, held, strict=True):
            numbers = [each.paper_id for each in some]
            shown = [papers[each] for each in numbers[:MOST_KEPT] if each in papers]
            if not shown:
                continue
            posted = await self._storage.posted_here(
                [each.id for each in shown], guild_id=topic.guild_id, channel_id=topic.channel_id
            )
            making = partial(digest_of, topic, on, shown, total=len(numbers), posted=posted, now=now)
            made = await asyncio.to_thread(making)
            told.append(Ready(delivery=made, topic=topic, papers=numbers))
        return told

    async def _keep(self, ready: Sequence[Ready]) -> int:
        """Owe these, each unless its date has one, in one commit with which papers it brings; how many are new.

        A topic that was changed, paused or given up since is left for the next look.
        """
        if not ready:
            return 0
        try:
            async with self._storage.write() as transaction:
                for each in ready:
                    if each.topic not in await transaction.followed_in(each.topic.channel_id):
                        raise _OverError
                if await transaction.add_deliveries([each.delivery for each in ready]) < len(ready):
                    raise _OverError
                for each in ready:
                    await transaction.bring_held_back(each.topic.id, each.papers, key=each.delivery.key)
        except _OverError:
            if len(ready) == 1:
                return 0
            return sum([await self._keep([each]) for each in ready])
        return len(ready)


class _OverError(Exception):
    """A date has its digest already, or a topic is another now: nothing of the transaction is kept."""


def _due(topics: Sequence[Subscription], now: datetime) -> list[tuple[Subscription, date, datetime]]:
    """The topics whose digest is due by now, each with its newest date and since when."""
    return [(each, *found) for each in topics if (found := last_due(each.posting, now)) is not None]


def _next(topics: Sequence[Subscription], now: datetime) -> list[datetime]:
    """When the next digest of each topic is due."""
    return [at for each in topics if (at := next_due(each.posting, now)) is not None]


def _rounds(topics: Sequence[Subscription]) -> list[list[Subscription]]:
    """The topics in groups with one a channel: a channel's later digests know what its earlier ones hold."""
    counts: Counter[int] = Counter()
    rounds: list[list[Subscription]] = []
    for each in topics:
        if counts[each.channel_id] == len(rounds):
            rounds.append([])
        rounds[counts[each.channel_id]].append(each)
        counts[each.channel_id] += 1
    return rounds
