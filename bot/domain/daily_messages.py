"""The message with a paper of the day, and how it is owed. Reads no clock and makes no markup."""

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from bot.domain.deliveries import DeliveryKind, NewDelivery, daily_key
from bot.domain.papers import KnownPaper
from bot.domain.posts import Post
from bot.domain.schedules import Schedule


def daily_heading(on: date) -> str:
    """What stands above the paper of a date."""
    return f"Paper of the day · {on:%A} {on.day} {on:%B}"


def daily_post(schedule: Schedule, on: date, paper: KnownPaper, because: str) -> Post:
    """The message with the paper of a date, but for what is known only when it becomes owed."""
    return Post(
        heading=daily_heading(on),
        papers=(paper,),
        because=because,
        role_id=schedule.role_id,
        silent=schedule.is_silent,
        thread=paper.paper.title if schedule.has_thread else None,
        is_pinned=schedule.is_pinned,
    )


def asked_post(schedule: Schedule, on: date, paper: KnownPaper, because: str) -> Post:
    """The message with a paper that somebody had posted at once: it pings nobody and is not pinned."""
    quiet = replace(schedule, role_id=None, is_pinned=False)
    return replace(daily_post(quiet, on, paper, because), heading=f"A paper now · {on:%A} {on.day} {on:%B}")


def daily_delivery(
    schedule: Schedule, on: date, post: Post, *, number: int = 0, now: datetime, until: datetime
) -> NewDelivery:
    """That message as it is owed; `number` is 0 for the date's own, and tells those asked for besides apart."""
    return NewDelivery(
        kind=DeliveryKind.DAILY,
        key=daily_post_key(schedule.channel_id, on, number),
        channel_id=schedule.channel_id,
        guild_id=schedule.guild_id,
        payload=post.to_json(),
        not_before=now,
        expires_at=until,
        paper_id=post.papers[0].id,
    )


def daily_post_key(channel: int, on: date, number: int) -> str:
    """The key of what a channel is owed for a date, and of those asked for besides."""
    return daily_key(channel, on) + (f":{number}" if number else "")


class OfDate(NamedTuple):
    """Which paper of a date a message is about."""

    channel: int
    on: date
    number: int


def date_of_key(key: str) -> OfDate:
    """What `daily_post_key` made this of."""
    _, channel, on, *number = key.split(":")
    return OfDate(int(channel), date.fromisoformat(on), int(number[0]) if number else 0)
