"""A scheduled message as a channel sees it: one paper on its card, several in a list, and why they are here."""

from discord import ui

from bot.domain.posts import Post
from cogs._cards import Posted, card
from cogs._entries import entry
from cogs._layout import Layout, Part, lines
from cogs._markdown import cut

MOST_LISTED = 5
"""As many as fit in one message whatever they are called."""

_MOST_WORDS = 8


def post_layout(post: Post, marker: str) -> Layout:
    """The message; its buttons carry the marker by which it is known again."""
    posted = Posted(heading=_heading(post), because=_because(post), marker=marker)
    if len(post.papers) == 1:
        return card(post.papers[0], posted=posted)
    parts: list[Part] = [lines(posted.heading), ui.Separator()]
    parts += [entry(known, at, marker=marker) for at, known in enumerate(post.papers[:MOST_LISTED], 1)]
    more = len(post.papers) - MOST_LISTED
    parts.append(lines(f"and {more:,} more" if more > 0 else "", posted.because))
    return Layout(*parts)


def _heading(post: Post) -> str:
    ping = f"<@&{post.role_id}> · " if post.role_id is not None else ""
    return f"{ping}**{cut(post.heading, 80)}**"


def _because(post: Post) -> str:
    told = [cut(post.because, 250)] if post.because else []
    if post.words:
        told.append(f"found: {', '.join(f'**{cut(each, 30)}**' for each in post.words[:_MOST_WORDS])}")
    return f"-# {' · '.join(told)}" if told else ""
