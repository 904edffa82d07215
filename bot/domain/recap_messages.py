"""The message of a weekly recap, how it is owed, and how one stands in words. Reads no clock and makes no markup."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from bot.domain.deliveries import DeliveryKind, DeliveryState, NewDelivery, recap_key
from bot.domain.delivery_views import KnownDelivery
from bot.domain.digests import brief
from bot.domain.papers import KnownPaper
from bot.domain.posts import Post, Recapped
from bot.domain.recaps import LATEST, Recap
from bot.domain.schedules import Schedule, SkipReason

MOST_TOLD = 14
"""Papers that a recap names: one a day of two weeks. What is more was asked for besides."""

_SKIPPED = {
    SkipReason.NOTHING: "there was none, for nothing was posted in that week",
    SkipReason.OUTAGE: "there was none: I was not running, or not connected, for days from its time on",
    SkipReason.MOVED: "there was none: its time was changed to one that was over already",
    SkipReason.NO_DATE: "there was none: this date does not exist in its time zone",
}
_NOT_POSTED = {
    DeliveryState.OWED: "not posted yet",
    DeliveryState.HELD: "held back",
    DeliveryState.REJECTED: "not posted",
    DeliveryState.EXPIRED: "not posted in time",
    DeliveryState.DROPPED: "not posted, for it was dropped",
}


class Told(NamedTuple):
    """A paper with what became of it."""

    known: KnownPaper
    recapped: Recapped


def recap_post(schedule: Schedule, dates: tuple[date, date], told: Sequence[Told]) -> Post:
    """The message about these papers, the most voted and talked about first; the dates are its first and last."""
    ordered = sorted(told, key=_weight)
    has_replies = any(each.recapped.replies is not None for each in told)
    replies = ", replies are the messages in a paper's thread" if has_replies else ""
    return Post(
        heading=f"The papers of the week · {_span(*dates)}",
        papers=tuple(brief(each.known) for each in ordered[:MOST_TOLD]),
        because=f"Votes are those of this server by then{replies}.",
        silent=schedule.is_silent,
        total=len(told),
        recap=tuple(each.recapped for each in ordered[:MOST_TOLD]),
    )


def recap_delivery(schedule: Schedule, on: date, post: Post, *, at: datetime, now: datetime) -> NewDelivery:
    """That message as it is owed; `at` is when it was due."""
    return NewDelivery(
        kind=DeliveryKind.RECAP,
        key=recap_key(schedule.channel_id, on),
        channel_id=schedule.channel_id,
        guild_id=schedule.guild_id,
        payload=post.to_json(),
        not_before=now,
        expires_at=at + LATEST,
    )


def recap_words(recap: Recap, delivery: KnownDelivery | None) -> str:
    """What became of a recap, as people are told: no sentence."""
    if recap.skipped is not None:
        return _SKIPPED.get(recap.skipped, "there was none")
    if delivery is None:
        return "posted, as far as I still know"
    about = f" ({delivery.last_error})" if delivery.last_error else ""
    if delivery.state is DeliveryState.SENT:
        return f"posted{about}"
    if delivery.state is DeliveryState.OWED and not about:
        return "about to be posted"
    return f"{_NOT_POSTED[delivery.state]}{about}"


def _weight(each: Told) -> tuple[int, int, str, int]:
    return -each.recapped.votes, -(each.recapped.replies or 0), each.recapped.on, each.known.id


def _span(first: date, last: date) -> str:
    """Such as `18 to 24 May`."""
    month = "" if first.month == last.month else f" {first:%B}"
    return f"{first.day}{month} to {last.day} {last:%B}"
