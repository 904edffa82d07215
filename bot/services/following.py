"""Holds new papers against everything that channels follow, and owes each channel its own, in one commit with them."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.analysis import PreparedPaper
from bot.domain.arranging import Fate, HeldBack, Match, arranged, day_began, held_back
from bot.domain.deliveries import NewDelivery
from bot.domain.explaining import Explainer
from bot.domain.masks import Mask, places
from bot.domain.papers import KnownPaper
from bot.domain.parsing import parse_query
from bot.domain.posting import Cadence
from bot.domain.query_errors import QueryError
from bot.domain.subscriptions import Followed, Subscription, owed_for
from bot.interfaces import Storage, Transaction

if TYPE_CHECKING:
    from bot.domain.matching import Matcher

_log = logging.getLogger(__name__)

_NOTHING = Followed(version=-1, topics=())
_WITHOUT_USE = 1_000
"""Queries that are kept ready though nobody follows them any more."""
_PIECE = 200
"""Matches that are made into messages at a time: a few milliseconds of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What was followed, and which of some papers each of its queries matches; those that match none left out."""

    followed: Followed
    masks: Mapping[str, Mask]


class Following:
    """Every query that is followed, made ready once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._followed = _NOTHING
        self._matcher: Matcher | None = None
        self._numbers: dict[str, int | None] = {}
        self._line = asyncio.Lock()

    async def match(self, papers: Sequence[PreparedPaper], *, now: datetime) -> Matched:
        """Match these papers beside the event loop, while no transaction is open."""
        changed = await self._storage.get_followed(unless=self._followed.version)
        if changed is not None:
            await self._forget(changed)
        return await self._matched(changed or self._followed, papers, now)

    async def owe(
        self,
        transaction: Transaction,
        matched: Matched,
        papers: Sequence[PreparedPaper],
        numbers: Sequence[int],
        *,
        new: Collection[int],
        now: datetime,
    ) -> int:
        """Owe every channel the new papers that it follows, or hold them back; how many messages are owed.

        `numbers` are those of the papers, in order. What somebody followed since they were matched counts as well.
        """
        if not new:
            return 0
        changed = await transaction.get_followed(unless=matched.followed.version)
        if changed is not None:
            matched = await self._matched(changed, papers, now)
        if not matched.masks:
            return 0
        found = await asyncio.to_thread(_matches, matched, numbers, frozenset(new))
        posted: dict[int, int] = {}
        for days in await asyncio.to_thread(_days, found, now):
            posted |= await transaction.count_posted(days)
        homes = await transaction.keys_ahead(new)
        fates = await asyncio.to_thread(_fates, found, now, posted, homes)
        making = _Making(dict(zip(numbers, papers, strict=True)), now)
        owed = 0
        for start in range(0, len(fates), _PIECE):
            some, held = await asyncio.to_thread(making.made, fates[start : start + _PIECE])
            owed += await transaction.add_deliveries(some)
            await transaction.hold_back(held)
        return owed

    async def _matched(self, followed: Followed, papers: Sequence[PreparedPaper], now: datetime) -> Matched:
        async with self._line:
            self._followed = max(followed, self._followed, key=lambda each: each.version)
            masks = await asyncio.to_thread(self._masks, followed.topics, papers, now)
        return Matched(followed=followed, masks=masks)

    async def _forget(self, followed: Followed) -> None:
        """Make room where most of what is ready is followed no more; never while a transaction waits for it."""
        async with self._line:
            queries = len({each.query for each in followed.topics})
            if len(self._numbers) > queries + max(_WITHOUT_USE, queries):
                self._matcher, self._numbers = None, {}

    def _masks(self, topics: Sequence[Subscription], papers: Sequence[PreparedPaper], now: datetime) -> dict[str, Mask]:
        if not topics or not papers:
            return {}
        from bot.domain.matching import Matcher  # noqa: PLC0415 (arrays: 0.1 s and 13 MiB, and not before the first topic)

        matcher = self._matcher = self._matcher or Matcher()
        queries = {each.query for each in topics}
        for each in queries:
            self._make_ready(matcher, each)
        found = matcher.match(papers, now=now)
        numbers = {each: number for each in queries if (number := self._numbers[each]) is not None}
        return {each: mask for each, number in numbers.items() if (mask := found.mask(number))}

    def _make_ready(self, matcher: "Matcher", query: str) -> None:
        if query in self._numbers:
            return
        try:
            self._numbers[query] = matcher.add(parse_query(query))
        except QueryError as error:  # an earlier program could read it: the other topics go on
            self._numbers[query] = None
            _log.error("topic cannot be read query=%r error=%s", query, error)


def _matches(matched: Matched, numbers: Sequence[int], new: Collection[int]) -> list[Match]:
    """Every topic's new papers, in the order in which the papers came."""
    found = [
        (place, topic)
        for topic in matched.followed.topics
        if (mask := matched.masks.get(topic.query))
        for place in places(mask)
        if numbers[place] in new
    ]
    found.sort(key=lambda each: each[0])
    return [Match(topic, numbers[place]) for place, topic in found]


def _fates(
    found: Sequence[Match], now: datetime, posted: Mapping[int, int], homes: Mapping[tuple[int, int], str]
) -> list[Fate]:
    """What becomes of these matches, but for those whose own message was owed before."""
    return [each for each in arranged(found, now=now, posted=posted, homes=homes) if each.home != each.key]


def _days(found: Sequence[Match], now: datetime) -> list[dict[int, datetime]]:
    """When the day began of each topic whose messages of the day are counted, some topics at a time."""
    limited = {each.topic.id: each.topic.posting for each in found if each.topic.posting.cadence is Cadence.ARRIVAL}
    began = {posting: day_began(posting, now) for posting in set(limited.values())}
    days = [(number, began[posting]) for number, posting in limited.items()]
    return [dict(days[start : start + _PIECE]) for start in range(0, len(days), _PIECE)]


class _Making:
    """Makes messages of what is arranged for some papers."""

    def __init__(self, papers: Mapping[int, PreparedPaper], now: datetime) -> None:
        self._papers = papers
        self._now = now
        self._known: dict[int, tuple[KnownPaper, Explainer]] = {}

    def made(self, fates: Sequence[Fate]) -> tuple[list[NewDelivery], list[HeldBack]]:
        """The messages that are owed, and what is held back."""
        owed = [self._owed(each) for each in fates if each.hold is None]
        return owed, [held_back(each, each.hold, now=self._now) for each in fates if each.hold is not None]

    def _owed(self, fate: Fate) -> NewDelivery:
        known, explainer = self._laid_open(fate.match.paper_id)
        topics = (fate.match.topic, *fate.beside)
        met = [explainer.explain(parse_query(each.query), now=self._now).met_by for each in topics]
        words = tuple(dict.fromkeys(word for some in met for word in some))
        return owed_for(fate.match.topic, known, now=self._now, beside=fate.beside, words=words)

    def _laid_open(self, number: int) -> tuple[KnownPaper, Explainer]:
        if number not in self._known:
            prepared = self._papers[number]
            known = KnownPaper(id=number, paper=prepared.paper, first_seen_at=self._now)
            self._known[number] = known, Explainer(prepared)
        return self._known[number]
