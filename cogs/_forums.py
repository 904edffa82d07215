"""Posts in forum channels: made with the tags they need, and found again. A forum post takes no nonce."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import discord

from bot.client import custom_ids
from bot.domain.posts import Post
from bot.domain.tags import ForumTag, fitting_tags, tag_for_any
from bot.outbox_interfaces import Found, Unreadable
from cogs._custom_ids import markers
from cogs._layout import Layout
from cogs._markdown import plain

MOST_READ = 200
"""Posts that are opened to find one of ours."""


class NoTagFitsError(Exception):
    """A tag is required, and none that the bot may choose fits."""


async def post_in_forum(
    forum: discord.ForumChannel,
    layout: Layout,
    post: Post,
    mentions: discord.AllowedMentions,
    files: Sequence[discord.File] = (),
) -> int:
    """Make the post; its number, which is that of its first message too. Raises NoTagFitsError."""
    usable = _usable(forum)
    is_required = forum.flags.require_tag
    named = [ForumTag(id=each.id, name=each.name) for each in usable.values()]
    chosen = fitting_tags(named, post.papers, is_required=is_required)
    if is_required and not chosen:
        raise NoTagFitsError
    made = await forum.create_thread(
        name=_name(post),
        view=layout,
        files=list(files) or discord.utils.MISSING,
        applied_tags=[usable[each] for each in chosen],
        allowed_mentions=mentions,
        silent=post.silent,
    )
    return made.thread.id


def untagged(forum: discord.ForumChannel) -> bool:
    """Whether posts need a tag there, and there is none that I can give to every paper."""
    named = [ForumTag(id=each.id, name=each.name) for each in _usable(forum).values()]
    return forum.flags.require_tag and tag_for_any(named) is None


def _usable(forum: discord.ForumChannel) -> dict[int, discord.ForumTag]:
    """The tags that I may give, by their numbers."""
    may_moderate = forum.permissions_for(forum.guild.me).manage_threads
    return {each.id: each for each in forum.available_tags if may_moderate or not each.moderated}


async def read_forum(forum: discord.ForumChannel, since: datetime, me: int) -> Found | Unreadable:
    """Which posts of ours were made since then, open or archived."""
    found: dict[str, int] = {}
    read = 0
    async for thread in _posts(forum):
        if thread.owner_id != me or discord.utils.snowflake_time(thread.id) < since:
            continue
        read += 1
        if read > MOST_READ:
            return Unreadable()
        try:
            first = await thread.fetch_message(thread.id)
        except discord.NotFound:  # somebody has deleted the message and left the post
            continue
        found |= dict.fromkeys(markers(custom_ids(first)), thread.id)
    return Found(messages=found)


async def _posts(forum: discord.ForumChannel) -> AsyncIterator[discord.Thread]:
    for each in await forum.guild.active_threads():
        if each.parent_id == forum.id:
            yield each
    async for each in forum.archived_threads(limit=MOST_READ):
        yield each


def _name(post: Post) -> str:
    """What the post is called: its paper's title, of a digest how many papers when, of a recap which week's."""
    is_one = len(post.papers) == 1 and post.total <= 1 and not post.recap
    told = post.papers[0].paper.title if is_one else post.heading
    return plain(told, 100) or "Papers"
