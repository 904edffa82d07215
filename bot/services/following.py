"""Holds new papers against everything that channels follow, and owes each channel its own, in one commit with them."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.analysis import PreparedPaper
from bot.domain.matching import Mask, Matcher, places
from bot.domain.papers import KnownPaper
from bot.domain.parsing import parse_query
from bot.domain.query_errors import QueryError
from bot.domain.subscriptions import Subscription, owed_for
from bot.interfaces import Storage, Transaction

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Which of some papers each followed query matches."""

    masks: Mapping[str, Mask]


class Following:
    """Every query that is followed, made ready once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._matcher = Matcher()
        self._numbers: dict[str, int] = {}
        self._line = asyncio.Lock()

    async def match(self, papers: Sequence[PreparedPaper], *, now: datetime) -> Matched:
        """Match these papers beside the event loop, while no transaction is open."""
        return await self._matched(await self._storage.list_subscriptions(), papers, now)

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
        """Owe every channel the new papers that it follows; how many messages that is.

        `numbers` are those of the papers, in order. What somebody followed since they were matched counts as well.
        """
        if not new:
            return 0
        current = await transaction.list_subscriptions()
        if any(each.query not in matched.masks for each in current):
            matched = await self._matched(current, papers, now)
        owed = [
            owed_for(each, KnownPaper(id=numbers[place], paper=papers[place].paper, first_seen_at=now), now=now)
            for each in current
            for place in places(matched.masks[each.query])
            if numbers[place] in new
        ]
        return await transaction.add_deliveries(owed)

    async def _matched(
        self, subscriptions: Sequence[Subscription], papers: Sequence[PreparedPaper], now: datetime
    ) -> Matched:
        async with self._line:
            masks = await asyncio.to_thread(self._masks, {each.query for each in subscriptions}, papers, now)
        return Matched(masks=masks)

    def _masks(self, queries: Collection[str], papers: Sequence[PreparedPaper], now: datetime) -> dict[str, Mask]:
        for each in queries:
            self._make_ready(each)
        masks = self._matcher.masks(papers, now=now) if queries and papers else []
        numbers = {each: self._numbers.get(each) for each in queries}
        return {each: 0 if number is None or not masks else masks[number] for each, number in numbers.items()}

    def _make_ready(self, query: str) -> None:
        if query in self._numbers:
            return
        try:
            self._numbers[query] = self._matcher.add(parse_query(query))
        except QueryError as error:  # an earlier program could read it: the other topics go on
            _log.error("topic cannot be read query=%r error=%s", query, error)
