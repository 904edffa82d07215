"""Decides what becomes of each paper that matched a topic: posted, or held back and why. It reads no clock.

The same decisions tell what a topic would have brought: whoever simulates, asks here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.deliveries import topic_key
from bot.domain.posting import Cadence, Posting, known_zone
from bot.domain.subscriptions import Subscription


class HoldReason(StrEnum):
    """Why a paper that matched a topic is not posted at once. All but the last two go into the next digest."""

    DIGEST = "digest"
    """The topic posts digests."""
    LIMIT = "limit"
    """The day's limit is reached."""
    QUIET = "quiet"
    """It came in quiet hours."""
    PAUSED = "paused"
    HERE_ALREADY = "here already"
    """Its channel gets the paper through another topic."""

    @property
    def waits(self) -> bool:
        """Whether a digest brings the paper after all."""
        return self not in (HoldReason.PAUSED, HoldReason.HERE_ALREADY)


@dataclass(frozen=True, slots=True)
class Match:
    """A paper that a topic matches."""

    topic: Subscription
    paper_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of a match."""

    match: Match
    hold: HoldReason | None
    """None where it is posted."""
    home: str | None = None
    """The key of the delivery that brings the paper to the channel, where another topic's does."""
    beside: tuple[Subscription, ...] = ()
    """Other topics of the channel that the message speaks for as well."""

    @property
    def key(self) -> str:
        """The key of the delivery that this match would be."""
        return topic_key(self.match.topic.id, self.match.paper_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A match that was not posted at once, as it is remembered."""

    subscription_id: int
    paper_id: int
    guild_id: int
    channel_id: int
    matched_at: datetime
    reason: HoldReason
    delivery_key: str | None = None
    """The key of the delivery that brings the paper to the channel after all, once there is one."""
    refused_key: str | None = None
    """The key of the digest that was to bring it and that Discord refused: it waits for one more, and no third."""


def held_back(fate: Fate, hold: HoldReason, *, now: datetime) -> HeldBack:
    """What is remembered of a match that is held back for this reason."""
    topic = fate.match.topic
    return HeldBack(
        subscription_id=topic.id,
        paper_id=fate.match.paper_id,
        guild_id=topic.guild_id,
        channel_id=topic.channel_id,
        matched_at=now,
        reason=hold,
        delivery_key=fate.home,
    )


def is_quiet(posting: Posting, now: datetime) -> bool:
    """Whether nothing is to be posted at this time of the day."""
    local = now.astimezone(known_zone(posting.zone))
    return posting.is_quiet_at(60 * local.hour + local.minute)


def day_began(posting: Posting, now: datetime) -> datetime:
    """When the topic's day that this is began: its limit counts from then on."""
    local = now.astimezone(known_zone(posting.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(now.tzinfo)


def arranged(
    matches: Iterable[Match],
    *,
    now: datetime,
    posted: Mapping[int, int],
    homes: Mapping[tuple[int, int], str] | None = None,
) -> list[Fate]:
    """One fate for each match, papers in their order and the topics of each by number.

    `posted` tells how many messages a topic had on its day so far, and `homes` which papers channels get already:
    the key of the delivery by channel and paper. A channel gets a paper through one topic alone, the oldest that may
    post it, and what other topics of the channel match counts for no limit of theirs.
    """
    counts = Counter(posted)
    by_paper: dict[int, dict[int, list[Match]]] = {}
    for each in matches:
        by_paper.setdefault(each.paper_id, defaultdict(list))[each.topic.channel_id].append(each)
    return [
        fate
        for paper, channels in by_paper.items()
        for channel, found in channels.items()
        for fate in _in_channel(
            sorted(found, key=lambda each: each.topic.id), now, counts, (homes or {}).get((channel, paper))
        )
    ]


def _in_channel(found: list[Match], now: datetime, counts: Counter[int], home: str | None) -> Iterable[Fate]:
    """The fates of one paper in one channel."""
    holds = [_hold(each.topic, now, counts) for each in found]
    poster = None if home or None not in holds else found[holds.index(None)]
    if poster is not None:
        home = topic_key(poster.topic.id, poster.paper_id)
        counts[poster.topic.id] += 1
    for each, hold in zip(found, holds, strict=True):
        if each is poster:
            beside = tuple(other.topic for other in found if other is not poster and not other.topic.paused_at)
            yield Fate(match=each, hold=None, beside=beside)
        elif home is not None and hold is not HoldReason.PAUSED:
            yield Fate(match=each, hold=HoldReason.HERE_ALREADY, home=home)
        else:
            yield Fate(match=each, hold=hold)


def _hold(topic: Subscription, now: datetime, counts: Counter[int]) -> HoldReason | None:
    """Why this topic does not post anything now, or None."""
    if topic.paused_at is not None:
        return HoldReason.PAUSED
    if topic.posting.cadence is not Cadence.ARRIVAL:
        return HoldReason.DIGEST
    if is_quiet(topic.posting, now):
        return HoldReason.QUIET
    return HoldReason.LIMIT if counts[topic.id] >= topic.posting.most_per_day else None
