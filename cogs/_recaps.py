"""The weekly recap as a channel sees it: its picture, and a line for each paper; the same told in words as well."""

import io
from collections.abc import Sequence
from datetime import date

import discord
from discord import ui

from bot.domain.papers import KnownPaper
from bot.domain.posts import Post, Recapped
from cogs._digests import line, paper_menu
from cogs._layout import Layout, lines
from cogs._markdown import cut, plain, units
from cogs._votes import votes_line
from cogs._where import Where

PICTURE = "recap.png"
_MOST_DESCRIBED = 1_024
"""Characters of a picture's description (docs.discord.com, media gallery item)."""
_READ = 600
"""Characters of a title that are looked at: to clean long ones whole would hold up everyone else."""
_ROOM = 3_000
"""Units for the list, of the 4,000 of a message."""


def recap_layout(post: Post, marker: str, where: Where | None, *, is_pictured: bool) -> Layout:
    """The message; its menu carries the marker by which it is known again. The picture goes along as `PICTURE`."""
    told = _listed(post, where)
    more = max(post.total, len(post.papers)) - len(told)
    picture = discord.MediaGalleryItem(f"attachment://{PICTURE}", description=description(post))
    return Layout(
        lines(f"**{cut(post.heading, 80)}**"),
        *([ui.MediaGallery["Layout"](picture)] if is_pictured else []),
        lines(*told, f"and {more:,} more" if more > 0 else "", f"-# {cut(post.because, 250)}"),
        *paper_menu(post.papers, marker),
    )


def picture_file(picture: bytes, post: Post) -> discord.File:
    """The picture as it is sent."""
    return discord.File(io.BytesIO(picture), PICTURE, description=description(post))


def description(post: Post) -> str:
    """What the picture shows, for who cannot see it: titles are cut as short as it takes."""
    heading = plain(post.heading, 100)
    named = [(plain(known.paper.title[:_READ], 200) or "Untitled", _counts(each)) for known, each in _pairs(post)]
    for longest in (200, 120, 90, 70, 50, 35):
        described = [f"{at}. {plain(name, longest)}: {counts}." for at, (name, counts) in enumerate(named, 1)]
        told = f"{heading}, most voted first. {' '.join(described)}"
        if units(told) <= _MOST_DESCRIBED:
            return told
    return plain(told, _MOST_DESCRIBED)


def _listed(post: Post, where: Where | None) -> list[str]:
    """A line for each paper, as many as there is room for."""
    told: list[str] = []
    room = _ROOM
    for number, (known, each) in enumerate(_pairs(post), 1):
        withdrawn = "withdrawn" if known.paper.withdrawn else ""
        posted = f"{date.fromisoformat(each.on):%A}"
        if where is not None and each.message_id is not None:
            posted = f"[{posted}]({where.url(each.message_id)})"
        shown = line(known, number, " · ".join(filter(None, [f"**{_counts(each)}**", posted, withdrawn])))
        room -= units(shown) + 1
        if room < 0:
            break
        told.append(shown)
    return told


def _pairs(post: Post) -> Sequence[tuple[KnownPaper, Recapped]]:
    return list(zip(post.papers, post.recap, strict=True))


def _counts(each: Recapped) -> str:
    replies = "" if each.replies is None else f", {each.replies:,} {'reply' if each.replies == 1 else 'replies'}"
    return f"{votes_line(each.votes)}{replies}"
