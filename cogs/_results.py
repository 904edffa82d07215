"""One page of search results as people see it, and the buttons that turn it."""

from typing import Any

from discord import ui

from bot.services.search import SearchPage
from cogs._cards import shared_line
from cogs._custom_ids import SearchAction, search_ids
from cogs._entries import entry
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import cut
from cogs._unfound import nothing_found, operator_tip

_LABELS: dict[SearchAction, str] = {"prev": "Previous", "next": "Next", "share": "Share", "browse": "Browse"}
_FEW = 5
"""Fewer papers than this may be fewer than somebody meant."""


def results(page: SearchPage, typed: str, *, shared_by: int | None = None) -> Layout:
    """The page of what was found for the words as typed, which its buttons remember.

    Shared, it names who did, and opens privately for whoever wants to turn its pages.
    """
    if not page.hits:
        return nothing_found(page, typed)
    parts: list[Part] = [lines(f"### Papers on {cut(typed, 150)}", f"-# {_extent(page)}"), ui.Separator()]
    parts += [entry(hit.known, hit.number, hit.snippet) for hit in page.hits]
    if page.total < _FEW and (tip := operator_tip(typed)):
        parts.append(lines(f"-# {tip}"))
    if shared_by is not None:
        parts.append(lines(shared_line(shared_by)))
    return Layout(*parts, *row(_steps(page, typed, "share" if shared_by is None else "browse")))


def _extent(page: SearchPage) -> str:
    first, last = page.hits[0].number, page.hits[-1].number
    numbers = f"{first:,}" if first == last else f"{first:,}–{last:,}"
    order = ", the most relevant first" if page.total > 1 else ""
    return f"{numbers} of {'' if page.exact else 'more than '}{page.total:,}{order}"


def all_results(typed: str) -> list[ui.Button[Any]]:
    """The button that opens everything found for these words, where it can remember them."""
    return [button("All results", custom_id) for custom_id in search_ids(typed, [("browse", 0)]) or ()]


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
