"""A scheduled message as a channel sees it: one paper on its card, several in a list, and why they are here."""

from discord import ui

from bot.domain.posts import Post
from cogs._cards import Posted, card
from cogs._custom_ids import digest_page
from cogs._digests import line, paper_menu
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import cut, units
from cogs._recaps import recap_layout
from cogs._where import Where

_ROOM = 3_000
"""Units for the list of papers, of the 4,000 of a message."""

_MOST_WORDS = 8


def post_layout(post: Post, marker: str, where: Where | None = None, *, is_pictured: bool = False) -> Layout:
    """The message; its buttons and menu carry the marker by which it is known again.

    `is_pictured`: a recap's picture goes along.
    """
    if post.recap:
        return recap_layout(post, marker, where, is_pictured=is_pictured)
    posted = Posted(heading=_heading(post), because=_because(post), marker=marker, votes=post.votes)
    if len(post.papers) == 1 and post.total <= 1 and not post.posted:
        return card(post.papers[0], posted=posted)
    told = _listed(post, where)
    total = max(post.total, len(post.papers))
    more = total - len(told)
    parts: list[Part] = [
        lines(posted.heading),
        ui.Separator(),
        lines(*told, f"and {more:,} more" if more > 0 else "", posted.because),
        *paper_menu(post.papers, marker),
    ]
    if more > 0 and post.digest:
        parts += row([button(f"All {total:,} papers", digest_page(post.digest, 0, marker))])
    return Layout(*parts)


def _listed(post: Post, where: Where | None) -> list[str]:
    """A line for each paper, as many as there is room for."""
    earlier = {each.paper_id: each for each in post.posted}
    told: list[str] = []
    room = _ROOM
    for number, known in enumerate(post.papers, 1):
        before = earlier.get(known.id)
        note = "" if before is None else _posted(before.at, before.message_id, where)
        shown = line(known, number, note)
        room -= units(shown) + 1
        if room < 0:
            break
        told.append(shown)
    return told


def _posted(at: int | None, message_id: int | None, where: Where | None) -> str:
    """That it was posted before, and when, with a link to where."""
    if message_id is None or where is None or at is None:
        return "posted here" if at is None else f"posted <t:{at}:R>"
    return f"[posted]({where.url(message_id)}) <t:{at}:R>"


def _heading(post: Post) -> str:
    ping = f"<@&{post.role_id}> · " if post.role_id is not None else ""
    return f"{ping}**{cut(post.heading, 80)}**"


def _because(post: Post) -> str:
    told = [cut(post.because, 250)] if post.because else []
    if post.words:
        told.append(f"found: {', '.join(f'**{cut(each, 30)}**' for each in post.words[:_MOST_WORDS])}")
    return f"-# {' · '.join(told)}" if told else ""
