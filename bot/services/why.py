"""Why a paper is in a server's channels or is not: which topics match it, which do not, and what came of that."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.analysis import prepare
from bot.domain.delivery_views import RestingChannel
from bot.domain.explaining import Explainer, Explanation
from bot.domain.papers import KnownPaper
from bot.domain.parsing import parse_query
from bot.domain.query_errors import QueryError
from bot.domain.subscriptions import Subscription
from bot.domain.whereabouts import Happened, Whereabouts, happened
from bot.interfaces import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicStory:
    """What one topic made of a paper."""

    topic: Subscription
    explanation: Explanation | None
    """Of the paper and the topic as they are now; None where the topic's query cannot be read any more."""
    happened: Happened | None
    """None where the topic does not match it, nor did when it came."""

    @property
    def is_matched(self) -> bool:
        """As it was decided when the paper came, where it came to this topic; else as it would be."""
        return self.happened is not None

    @property
    def has_changed(self) -> bool:
        """Whether the paper or the topic was another when it matched."""
        return self.is_matched and (self.explanation is None or not self.explanation.is_matched)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStory:
    """What the topics of a server made of a paper: one channel's first, and then those that match before the others."""

    known: KnownPaper
    topics: tuple[TopicStory, ...]

    @property
    def matched(self) -> int:
        return sum(each.is_matched for each in self.topics)


class Why:
    """Knows what the topics of a server made of a paper. Nothing of another server is ever seen."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._clock = clock

    async def tell(
        self, known: KnownPaper, *, guild_id: int, channel_id: int | None, may_see: Callable[[int], bool]
    ) -> PaperStory:
        """What became of the paper, as far as the topics go whose channels somebody may see; this channel's first."""
        every = await self._storage.list_subscriptions(guild_id=guild_id)
        seen = [each for each in every if may_see(each.channel_id)]
        on_record = await self._storage.whereabouts(known.id, guild_id=guild_id, topics=[each.id for each in seen])
        resting = {each.channel_id: each for each in await self._storage.list_resting(guild_id)}
        told = await asyncio.to_thread(_stories, known, seen, on_record, resting, self._clock())
        return PaperStory(known=known, topics=tuple(sorted(told, key=lambda each: _place(each, channel_id))))


def _stories(
    known: KnownPaper,
    topics: Iterable[Subscription],
    on_record: Whereabouts,
    resting: Mapping[int, RestingChannel],
    now: datetime,
) -> list[TopicStory]:
    """What each topic made of the paper: why it matches or not, as on the day on which it came, and what came of it."""
    explainer, told = Explainer(prepare(known.paper)), list[TopicStory]()
    for topic in topics:
        held = on_record.held.get(topic.id)
        explanation = _explained(explainer, topic, known.first_seen_at if held is None else held.matched_at)
        is_matched = on_record.is_matched(topic.id) or (explanation is not None and explanation.is_matched)
        became = happened(topic, known.first_seen_at, on_record, resting, now=now) if is_matched else None
        told.append(TopicStory(topic=topic, explanation=explanation, happened=became))
    return told


def _explained(explainer: Explainer, topic: Subscription, at: datetime) -> Explanation | None:
    try:
        return explainer.explain(parse_query(topic.query), now=at)
    except QueryError:  # an earlier program could read it
        return None


def _place(told: TopicStory, channel_id: int | None) -> tuple[bool, bool, int, int]:
    return told.topic.channel_id != channel_id, not told.is_matched, told.topic.channel_id, told.topic.id
