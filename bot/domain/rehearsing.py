"""Plays through what topics would bring their channels, on a clock that is told. Reads no papers and sends nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heapreplace
from itertools import islice

from bot.domain.arranging import HoldReason, Match, arranged, day_began
from bot.domain.digests import next_due
from bot.domain.subscriptions import Subscription

MOST_LISTED = 10
"""Papers of a digest that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A message that a channel would get."""

    at: datetime
    topic: Subscription
    papers: tuple[int, ...]
    """The first `MOST_LISTED` of them."""
    count: int
    is_digest: bool
    again: frozenset[int] = frozenset()
    """Those of its papers that the channel had through another topic before: the digest tells where they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of the papers that a topic matched."""

    topic: Subscription
    matched: int
    posted: int
    digested: int
    waiting: int
    """They wait for a digest that is due later."""
    paused: int
    elsewhere: int
    """Another topic of the channel brought them at once."""


class Rehearsal:
    """Some topics from a moment on, at which nothing waits and nothing was posted. Time goes forward only.

    What it remembers of papers are the numbers of those that wait.
    """

    def __init__(self, topics: Iterable[Subscription], *, since: datetime) -> None:
        self._topics = {each.id: each for each in topics}
        self._posted: dict[int, tuple[datetime, int]] = {}
        """How many messages each topic had, and on its day that began when."""
        self._waiting: dict[int, dict[int, bool]] = {each: {} for each in self._topics}
        """The papers that wait for each topic's digest, and whether the channel has got them meanwhile."""
        self._in_channel: dict[int, list[int]] = {}
        for each in self._topics.values():
            self._in_channel.setdefault(each.channel_id, []).append(each.id)
        due = ((next_due(each.posting, since), each.id) for each in self._topics.values())
        self._due = [(at, number) for at, number in due if at is not None]
        heapify(self._due)
        self._counts = Counter[tuple[int, str]]()

    def arrive(self, matches: Sequence[Match], *, at: datetime) -> Iterator[Rehearsed]:
        """Let papers arrive: the messages until then, and those that they cause at once.

        All that a paper matches comes in one call.
        """
        yield from self.until(at)
        for fate in arranged(matches, now=at, posted=self._posted_by({each.topic.id for each in matches}, at)):
            topic, paper = fate.match.topic, fate.match.paper_id
            self._counts[topic.id, "matched"] += 1
            if fate.hold is None:
                self._count_post(topic, at)
                yield Rehearsed(at=at, topic=topic, papers=(paper,), count=1, is_digest=False)
            elif fate.hold.waits:
                self._waiting[topic.id][paper] = False
            else:
                self._counts[topic.id, "paused" if fate.hold is HoldReason.PAUSED else "elsewhere"] += 1

    def until(self, at: datetime) -> Iterator[Rehearsed]:
        """The digests that are due by then, in order."""
        while self._due and self._due[0][0] <= at:
            due_at, number = self._due[0]
            topic = self._topics[number]
            following = next_due(topic.posting, due_at)
            if following is None:
                heappop(self._due)
            else:
                heapreplace(self._due, (following, number))
            if papers := self._waiting[number]:
                yield self._digest(topic, papers, due_at)

    def accounts(self) -> list[Account]:
        """What became of everything so far, topic by topic."""
        return [
            Account(
                topic=topic,
                waiting=len(self._waiting[number]),
                **{
                    name: self._counts[number, name]
                    for name in ("matched", "posted", "digested", "paused", "elsewhere")
                },
            )
            for number, topic in self._topics.items()
        ]

    def _digest(self, topic: Subscription, waiting: dict[int, bool], at: datetime) -> Rehearsed:
        """One message with all that waits."""
        self._waiting[topic.id] = {}
        self._counts[topic.id, "digested"] += len(waiting)
        for other in self._in_channel[topic.channel_id]:
            also = self._waiting[other]
            also.update((paper, True) for paper in waiting if paper in also)
        papers = tuple(islice(waiting, MOST_LISTED))
        again = frozenset(paper for paper, is_there in waiting.items() if is_there)
        return Rehearsed(at=at, topic=topic, papers=papers, count=len(waiting), is_digest=True, again=again)

    def _posted_by(self, topics: Iterable[int], at: datetime) -> dict[int, int]:
        told = {}
        for number in topics:
            began, count = self._posted.get(number, (None, 0))
            told[number] = count if began == day_began(self._topics[number].posting, at) else 0
        return told

    def _count_post(self, topic: Subscription, at: datetime) -> None:
        began, today = self._posted.get(topic.id, (None, 0)), day_began(topic.posting, at)
        self._posted[topic.id] = (today, began[1] + 1 if began[0] == today else 1)
        self._counts[topic.id, "posted"] += 1
