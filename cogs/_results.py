"""One page of search results as people see it, and what to try when there is none."""

from typing import Any

from discord import ui

from bot.domain.papers import Author, Paper
from bot.services.search import Hit, SearchPage
from cogs._cards import shared_line, title
from cogs._custom_ids import SearchAction, paper_id, search_ids
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import address, cut, highlight, link

_LABELS: dict[SearchAction, str] = {"prev": "Previous", "next": "Next", "share": "Share", "browse": "Browse"}
_LONGEST_TITLE, _LONGEST_LINK, _LONGEST_SNIPPET = 160, 100, 250
"""Units. Five of each, with all that stands around them, come to just under the 4,000 of a message.
A longer address leaves no room for words: its title is shown without a link, its code not at all."""


def results(page: SearchPage, typed: str, *, shared_by: int | None = None) -> Layout:
    """The page of what was found for the words as typed, which its buttons remember.

    Shared, it names who did, and opens privately for whoever wants to turn its pages.
    """
    if not page.hits:
        return _nothing(typed)
    parts: list[Part] = [lines(f"### Papers on {cut(typed, 150)}", f"-# {_extent(page)}"), ui.Separator()]
    parts += [_entry(hit) for hit in page.hits]
    if shared_by is not None:
        parts.append(lines(shared_line(shared_by)))
    return Layout(*parts, *row(_steps(page, typed, "share" if shared_by is None else "browse")))


def _extent(page: SearchPage) -> str:
    first, last = page.hits[0].number, page.hits[-1].number
    numbers = f"{first:,}" if first == last else f"{first:,}–{last:,}"
    return f"{numbers} of {'' if page.exact else 'more than '}{page.total:,}, the most relevant first"


def _entry(hit: Hit) -> ui.Section[Any]:
    paper = hit.known.paper
    text = lines(
        f"{hit.number:,}\\. **{_title(paper)}**",
        " · ".join(filter(None, [_authors(paper.authors), _year(paper), _category(paper), _code(paper)])),
        highlight(hit.snippet.text, hit.snippet.spans, _LONGEST_SNIPPET),
    )
    return ui.Section(text, accessory=button("Details", paper_id(hit.known.id, "card")))


def _title(paper: Paper) -> str:
    return title(paper, _LONGEST_TITLE, longest_link=_LONGEST_LINK)


def _authors(authors: tuple[Author, ...]) -> str:
    names = [cut(each.family or each.given, 30) for each in authors[:2]]
    return f"{names[0]} et al." if len(authors) > 2 else ", ".join(filter(None, names))


def _year(paper: Paper) -> str:
    return str(paper.published_at.year) if paper.published_at else ""


def _category(paper: Paper) -> str:
    return cut(paper.categories[0], 20) if paper.categories else ""


def _code(paper: Paper) -> str:
    url = address(paper.code_url, _LONGEST_LINK)
    return link("code", url) if url else ""


def _steps(page: SearchPage, typed: str, last: SearchAction) -> list[ui.Button[Any]]:
    """Previous and Next where there is more than one page, or where the words need their custom_ids."""
    turns: list[tuple[SearchAction, int]] = [
        ("prev", max(page.page - 1, 0)),
        ("next", min(page.page + 1, max(page.pages - 1, 0))),
    ]
    alone: list[tuple[SearchAction, int]] = [(last, page.page)]
    steps = alone
    ids = None if page.pages > 1 and last == "share" else search_ids(typed, steps)
    if ids is None:
        steps = [*turns, *alone]
        ids = search_ids(typed, steps) or []
    dead = {action for action, number in turns if number == page.page}
    return [
        button(_LABELS[action], custom_id, disabled=action in dead)
        for (action, _), custom_id in zip(steps, ids, strict=False)
    ]


def _nothing(typed: str) -> Layout:
    """Says so, and what to type instead."""
    tips = "\n".join(f"- {tip}" for tip in _tips(typed))
    return Layout(lines(f"### No paper matches {cut(typed, 150)}", tips))


def _tips(typed: str) -> list[str]:
    tips = []
    if '"' in typed:
        tips.append("Leave out the quotes: a phrase matches only words that stand side by side.")
    if ":" in typed:
        tips.append("Leave out what follows a colon: `author:` and `cat:` narrow a search down.")
    if len(typed.split()) > 1:
        tips.append("Leave out a word: a paper must have all of them.")
    else:
        tips.append("Shorten the word and end it in a star: `transform*` finds transformer and transforms.")
    tips.append("Type part of a title after `/search` and pick one from the list that appears.")
    return tips
