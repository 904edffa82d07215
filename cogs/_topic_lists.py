"""What a channel follows, as a list, and one topic with all that is chosen about it."""

from collections.abc import Sequence

import discord

from bot.domain.people import FORGOTTEN
from bot.domain.posting_words import when_posted
from bot.domain.starters import STARTERS
from bot.domain.subscriptions import Subscription
from bot.services.topics import Shown
from cogs._layout import Layout, button, lines, menu, row
from cogs._markdown import cut, plain
from cogs._targets import Target
from cogs._topic_ids import TOPIC_MENU, starter_menu, topic_id
from cogs._topic_preview import posted_line

_MOST = 25
"""Options of a menu, at most."""
_LONGEST_LINE = 110
"""Units of a query in a list: with how it is posted, as many topics as a menu holds stay within a message."""


def listed(place: Target, topics: Sequence[Subscription]) -> Layout:
    """The topics of a channel, and a menu that opens one."""
    if not topics:
        told = f"<#{place.id}> follows nothing yet. Type `/topic follow`, or pick a topic of `/topic starters`."
        return Layout(lines(told))
    shown = [_line(each) for each in topics[:_MOST]]
    more = len(topics) - _MOST
    options = [discord.SelectOption(label=plain(each.query, 100), value=str(each.id)) for each in topics[:_MOST]]
    return Layout(
        lines(f"### <#{place.id}> follows", *shown, f"and {more:,} more" if more > 0 else ""),
        *menu("Show, pause or change one …", TOPIC_MENU, options),
    )


def _line(topic: Subscription) -> str:
    paused = "**paused** · " if topic.paused_at else ""
    when = when_posted(topic.posting).partition(",")[0].partition(";")[0]
    return f"- {cut(topic.query, _LONGEST_LINE)} · {paused}{when}"


def _by(person_id: int) -> str:
    """By whom, where they have not asked to be forgotten."""
    return f"by <@{person_id}> " if person_id != FORGOTTEN else ""


def topic_layout(shown: Shown, note: str = "") -> Layout:
    """One topic, with what may be done about it."""
    topic, record = shown.topic, shown.record
    last = f" · last post <t:{int(record.last_posted_at.timestamp())}:R>" if record.last_posted_at else ""
    ahead = f" · next digest <t:{int(shown.next_digest_at.timestamp())}:R>" if shown.next_digest_at else ""
    posts = f"{record.posted:,} {'post' if record.posted == 1 else 'posts'}" if last else "no post yet"
    matched = f"{shown.matched:,} {'paper' if shown.matched == 1 else 'papers'} matched it"
    paused = f"**Paused** <t:{int(topic.paused_at.timestamp())}:R>: nothing is posted." if topic.paused_at else ""
    pausing = (
        button("Resume", topic_id(topic, "resume")) if topic.paused_at else button("Pause", topic_id(topic, "pause"))
    )
    return Layout(
        lines(
            f"### {cut(topic.query, 600)}",
            note,
            paused,
            posted_line(topic.channel_id, topic.posting),
            f"-# In the last 30 days {matched}; {posts}{last}{ahead}",
            f"-# Set up {_by(topic.created_by)}<t:{int(topic.created_at.timestamp())}:D>",
        ),
        *row([pausing, button("Change …", topic_id(topic, "edit")), button("Unfollow", topic_id(topic, "unfollow"))]),
    )


def starters(place: Target) -> Layout:
    """The topics to begin with, and a menu that opens the preview of one for this channel."""
    told = [f"- **{each.name}** · {each.about}" for each in STARTERS]
    options = [
        discord.SelectOption(label=each.name, value=each.name, description=plain(each.query, 100)) for each in STARTERS
    ]
    return Layout(
        lines(f"### Topics to begin with in <#{place.id}>", *told),
        *menu("Look at one …", starter_menu(place.id), options),
    )
