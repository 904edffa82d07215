"""A paper as one entry of a list: a few lines about it, and the button that opens its card."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.domain.papers import Author, KnownPaper, Paper
from bot.domain.snippets import Snippet
from cogs._cards import title
from cogs._custom_ids import paper_id
from cogs._layout import button, lines
from cogs._markdown import address, cut, highlight, link, units

_LONGEST_TITLE, _LONGEST_LINK, _LONGEST_SNIPPET, _SHORTEST_SNIPPET = 160, 100, 250, 60
"""Units. Five of each, with all that stands around them, come to just under the 4,000 of a message.
A longer address leaves no room for words: its title is shown without a link, its code not at all. In less room than the
shortest, a long word would be cut in two."""

_LONGEST_NAMES = 60
_FEW_AUTHORS = 2
"""So many authors are all shown; of more the first."""
_MOST_AUTHORS = 3
"""Authors who are shown, those among them who were looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What the button of an entry does instead of opening the card: its label, and its custom_id for a paper."""

    label: str
    custom_id: Callable[[int], str]


def entry(
    known: KnownPaper,
    number: int,
    snippet: Snippet | None = None,
    *,
    marker: str = "",
    home: str = "",
    taken: int = 0,
    named: Sequence[Author] = (),
    then: Then | None = None,
) -> ui.Section[Any]:
    """The paper with its place in the list, who wrote it, and what was found in it; its button carries the marker.

    `home` is where it was posted. It takes its room from the words that were found, and so do the `taken` units.
    Authors who are `named` are among those shown.
    """
    paper = known.paper
    room = _LONGEST_SNIPPET - units(home) - taken
    text = lines(
        f"{number:,}\\. {brief(paper, named)}",
        highlight(snippet.text, snippet.spans, room) if snippet and room >= _SHORTEST_SNIPPET else "",
        home and f"-# {home}",
    )
    if then is not None:
        return ui.Section(text, accessory=button(then.label, then.custom_id(known.id)))
    return ui.Section(text, accessory=details(known, marker))


def brief(paper: Paper, named: Sequence[Author] = ()) -> str:
    """The title, and below it who wrote it, `named` among them, and the like."""
    facts = [_authors(paper.authors, named), _year(paper), _category(paper), _code(paper), _state(paper)]
    return "\n".join(filter(None, (f"**{_title(paper)}**", " · ".join(filter(None, facts)))))


def details(known: KnownPaper, marker: str = "") -> ui.Button[Any]:
    """The button that opens a paper's card."""
    return button("Details", paper_id(known.id, "card", marker))


def _title(paper: Paper) -> str:
    return title(paper, _LONGEST_TITLE, longest_link=_LONGEST_LINK)


def _authors(authors: tuple[Author, ...], named: Sequence[Author]) -> str:
    if len(authors) <= _FEW_AUTHORS:
        return ", ".join(filter(None, (_family(each, _LONGEST_NAMES // 2) for each in authors)))
    shown = [authors[0], *(each for each in named if each != authors[0])][:_MOST_AUTHORS]
    first, *others = (_family(each, _LONGEST_NAMES // len(shown)) for each in shown)
    return f"{' … '.join(filter(None, (first, ', '.join(others))))} et al."


def _family(author: Author, limit: int) -> str:
    return cut(author.family or author.given, limit)


def _year(paper: Paper) -> str:
    return str(paper.published_at.year) if paper.published_at else ""


def _category(paper: Paper) -> str:
    return cut(paper.categories[0], 20) if paper.categories else ""


def _code(paper: Paper) -> str:
    url = address(paper.code_url, _LONGEST_LINK)
    return link("code", url) if url else ""


def _state(paper: Paper) -> str:
    return "withdrawn" if paper.withdrawn else ""
