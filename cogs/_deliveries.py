"""How a channel's deliveries stand, in the lines that /status adds: the last, the next, and what is in the way."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.delivery_views import ChannelStanding, RestingChannel, in_words
from bot.services.digests import Waiting
from cogs._markdown import cut

_MOST_RESTING = 3


def delivery_lines(
    standing: ChannelStanding,
    topics: int,
    resting: Sequence[RestingChannel],
    channel_id: int,
    now: datetime,
    waiting: Waiting | None = None,
) -> list[str]:
    """Of the channel: what it follows, got and gets. Of its server: which channels rest."""
    told = [f"### <#{channel_id}>", _follows(topics), _last(standing), _next(standing, now), _digest(waiting)]
    if standing.held:
        whose, they = ("message is", "it is") if standing.held == 1 else ("messages are", "they are")
        told.append(
            f"{standing.held:,} {whose} held: I cannot see whether {they} posted already. Grant Read Message History "
            "to my role here and I go on by myself; whoever runs me can also send or drop them with `paperboy outbox`."
        )
    told += [f"<#{each.channel_id}>: {in_words(each)}" for each in resting[:_MOST_RESTING]]
    if (more := len(resting) - _MOST_RESTING) > 0:
        told.append(f"and {more:,} more channels in which I may not post")
    return list(filter(None, told))


def _follows(topics: int) -> str:
    if not topics:
        return "It follows nothing yet: `/topic follow`."
    return f"It follows {topics:,} {'topic' if topics == 1 else 'topics'}: `/topic list`."


def _last(standing: ChannelStanding) -> str:
    last = standing.last
    if last is None or last.settled_at is None:
        return ""
    note = f" ({cut(last.last_error, 100)})" if last.last_error else ""
    return f"Last post {_ago(last.settled_at)}{note}."


def _next(standing: ChannelStanding, now: datetime) -> str:
    if standing.next_at is None:
        return ""
    more = f", and {standing.owed - 1:,} more" if standing.owed > 1 else ""
    return f"Next post {'as soon as can be' if standing.next_at <= now else _ago(standing.next_at)}{more}."


def _digest(waiting: Waiting | None) -> str:
    if waiting is None or waiting.at is None:
        return ""
    wait = "1 paper waits" if waiting.papers == 1 else f"{waiting.papers:,} papers wait"
    return f"Next digest {_ago(waiting.at)}: {wait} for it."


def _ago(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"
