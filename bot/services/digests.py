"""Makes digests: at each topic's time one message with what waited for it. It owes them and posts none.

Whether a digest was made is known from its key alone, so it may run anywhere, at any time, and be killed.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot.domain.deliveries import NewDelivery
from bot.domain.digests import MOST_AT_ONCE, MOST_KEPT, digest_key, digest_of, last_due, next_due
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


class Due(NamedTuple):
    """A topic whose digest is due: for which date, since when, and the key of that digest."""

    topic: Subscription
    on: date
    since: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A digest that is due, and which papers it brings."""

    due: Due
    delivery: NewDelivery
    papers: Sequence[int]
    """The first `MOST_AT_ONCE` of them."""
    total: int


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
        due = await asyncio.to_thread(_due, await self._storage.list_topics_waiting(), now)
        for some in _rounds(await self._unmade(due)):
            for start in range(0, len(some), _AT_ONCE):
                for ready in _together(await self._ready(some[start : start + _AT_ONCE], now)):
                    made += await self._keep(ready)
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
        key = digest_key(topic, on)
        total = await self._storage.count_brought(topic, key, guild_id=guild_id)
        if not total:
            raise UserError("What that digest held is not known any more. Look for it with /search.")
        pages = -(-total // PAGE)
        page = min(page, pages - 1)
        numbers = await self._storage.list_brought(topic, key, guild_id=guild_id, limit=PAGE, offset=page * PAGE)
        return DigestPage(papers=await self._storage.get_papers(numbers), page=page, pages=pages, total=total)

    async def _unmade(self, due: Sequence[Due]) -> list[Due]:
        """Those whose date has no digest yet: what has come to wait since, or was refused, is for the next date."""
        keys = await self._storage.keys_owed([each.key for each in due])
        return [each for each in due if each.key not in keys]

    async def _ready(self, due: Sequence[Due], now: datetime) -> list[Ready]:
        """The digests that are due, each of what had come by then; none where nothing had."""
        held = [await self._storage.list_waiting(each.topic.id, until=each.since, limit=MOST_AT_ONCE) for each in due]
        first = {each.paper_id for some in held for each in some[:MOST_KEPT]}
        papers = {each.id: each for each in await self._storage.get_papers(sorted(first))}
        told = []
        for each, some in zip(due, held, strict=True):
            numbers = [one.paper_id for one in some]
            if shown := [papers[one] for one in numbers[:MOST_KEPT] if one in papers]:
                made = await self._made(each, numbers, shown, now)
                told += [made] if made is not None else []
        return told

    async def _made(self, due: Due, numbers: Sequence[int], shown: Sequence[KnownPaper], now: datetime) -> Ready | None:
        """The digest of these papers, of which it shows the first ones.

        None while another message that brings one of those is on its way: the next look can link to where it is.
        """
        topic, total = due.topic, len(numbers)
        if total == MOST_AT_ONCE:
            total = await self._storage.count_waiting_until(topic.id, until=due.since)
        posted = await self._storage.posted_here(
            [each.id for each in shown], guild_id=topic.guild_id, channel_id=topic.channel_id
        )
        if any(each.at is None for each in posted):
            return None
        making = partial(digest_of, topic, due.on, shown, total=total, posted=posted, now=now)
        return Ready(due=due, delivery=await asyncio.to_thread(making), papers=numbers, total=total)

    async def _keep(self, ready: Sequence[Ready]) -> int:
        """Owe these, each unless its date has one, in one commit with which papers it brings; how many are new.

        A topic that was changed, paused or given up since is left for the next look.
        """
        try:
            async with self._storage.write() as transaction:
                for each in ready:
                    if each.due.topic not in await transaction.followed_in(each.due.topic.channel_id):
                        raise _OverError
                if await transaction.add_deliveries([each.delivery for each in ready]) < len(ready):
                    raise _OverError
                for each in ready:
                    await transaction.bring_held_back(each.due.topic.id, each.papers, key=each.delivery.key)
        except _OverError:
            if len(ready) == 1:
                return 0
            return sum([await self._keep([each]) for each in ready])
        for each in ready:
            await self._bring_rest(each)
        return len(ready)

    async def _bring_rest(self, made: Ready) -> None:
        """Say of the papers that are too many for one commit which digest brings them. What a kill leaves waits for
        the next one: this one shows none of them."""
        left = made.total - len(made.papers)
        while left > 0:
            async with self._storage.write() as transaction:
                brought = await transaction.bring_rest(
                    made.due.topic.id, until=made.due.since, key=made.delivery.key, limit=min(left, MOST_AT_ONCE)
                )
            left = left - brought if brought else 0


class _OverError(Exception):
    """A date has its digest already, or a topic is another now: nothing of the transaction is kept."""


def _due(topics: Sequence[Subscription], now: datetime) -> list[Due]:
    """The topics whose digest is due by now, each with its newest date."""
    found = [(each, last_due(each.posting, now)) for each in topics]
    return [Due(topic, *when, digest_key(topic.id, when[0])) for topic, when in found if when is not None]


def _next(topics: Sequence[Subscription], now: datetime) -> list[datetime]:
    """When the next digest of each topic is due."""
    return [at for each in topics if (at := next_due(each.posting, now)) is not None]


def _together(ready: Sequence[Ready]) -> Iterator[Sequence[Ready]]:
    """The digests that are kept in one commit: some, which bring `MOST_AT_ONCE` papers in all, or one alone."""
    some, papers = list[Ready](), 0
    for each in ready:
        if some and papers + len(each.papers) > MOST_AT_ONCE:
            yield some
            some, papers = [], 0
        some.append(each)
        papers += len(each.papers)
    if some:
        yield some


def _rounds(due: Sequence[Due]) -> list[list[Due]]:
    """The digests in groups with one a channel: a channel's later digests know what its earlier ones hold."""
    counts: Counter[int] = Counter()
    rounds: list[list[Due]] = []
    for each in due:
        channel = each.topic.channel_id
        if counts[channel] == len(rounds):
            rounds.append([])
        rounds[counts[channel]].append(each)
        counts[channel] += 1
    return rounds
