"""Many papers in little room: a line for each, a menu that shows any of them privately, and pages of the whole list."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.domain.papers import KnownPaper, Paper
from bot.services.digests import PAGE, DigestPage
from cogs._cards import title
from cogs._custom_ids import digest_menu, digest_page
from cogs._layout import Layout, Part, button, lines, menu, row
from cogs._markdown import cut, plain, units

_LONGEST_TITLE, _LONGEST_LINK, _LONGEST_NAME = 120, 100, 30
_REST = " et al."
_MOST_OPTIONS = 25
_READ = 600
"""Characters of each text that are looked at: to clean 25 long ones whole would hold up everyone else."""


def line(known: KnownPaper, number: int, note: str = "") -> str:
    """The paper in a line: its title with a link, who wrote it, its category, and a finished note."""
    return " · ".join(filter(None, [f"{number:,}\\. {short(known)}", note]))


def short(known: KnownPaper) -> str:
    """The paper in a line of its own: its title with a link, who wrote it, its category."""
    paper = _brief(known.paper)
    about = [_authors(paper), cut(paper.categories[0], 20) if paper.categories else ""]
    return " · ".join(filter(None, [title(paper, _LONGEST_TITLE, longest_link=_LONGEST_LINK), *about]))


def paper_menu(
    papers: Sequence[KnownPaper],
    marker: str = "",
    *,
    custom_id: str = "",
    placeholder: str = "Show one of them, to you alone",
) -> list[Part]:
    """A menu of these papers, of which the first 25 find room; it shows the chosen one, unless told otherwise."""
    options = {
        str(each.id): discord.SelectOption(label=plain(each.paper.title[:_READ], 100) or "Untitled", value=str(each.id))
        for each in papers[:_MOST_OPTIONS]
    }
    return menu(placeholder, custom_id or digest_menu(marker), list(options.values()))


def digest_layout(shown: DigestPage, digest: str) -> Layout:
    """A page of all that a digest brought; `digest` is its topic's number and its date."""
    first = shown.page * PAGE + 1
    told = [line(known, at) for at, known in enumerate(shown.papers, first)]
    pages = [
        button("Back", digest_page(digest, max(shown.page - 1, 0)), disabled=shown.page == 0),
        button("More", digest_page(digest, shown.page + 1), disabled=shown.page + 1 >= shown.pages),
    ]
    return Layout(
        lines(f"### All {shown.total:,} papers of that digest", f"-# {first:,}–{first + len(told) - 1:,}"),
        lines(*told),
        *paper_menu(shown.papers),
        *(row(pages) if shown.pages > 1 else []),
    )


def _authors(paper: Paper) -> str:
    """Who wrote it, as every list of papers has it; two names where they take no more room than one and the rest."""
    names = [cut(each.family or each.given, _LONGEST_NAME) for each in paper.authors]
    both = ", ".join(filter(None, names))
    if len(names) < 2 or (len(names) == 2 and units(both) <= _LONGEST_NAME + units(_REST)):
        return both
    return names[0] + _REST


def _brief(paper: Paper) -> Paper:
    """The paper with as much of its texts as a line can need."""
    authors = tuple(each._replace(family=each.family[:_READ], given=each.given[:_READ]) for each in paper.authors[:3])
    categories = tuple(each[:_READ] for each in paper.categories[:1])
    return replace(paper, title=paper.title[:_READ], authors=authors, categories=categories)
