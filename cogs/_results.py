"""One page of search results as people see it, and the buttons that turn it."""

from collections.abc import Iterator, Mapping
from typing import Any

from discord import ui

from bot.domain.hints import how_it_was_read, quicker
from bot.domain.nicknames import nickname_of
from bot.domain.ranking import Order
from bot.services.search import SearchPage
from cogs._cards import shared_line
from cogs._custom_ids import SearchAction, search_ids
from cogs._entries import brief, details, entry
from cogs._layout import Layout, Part, button, lines, row
from cogs._markdown import cut, units
from cogs._unfound import nothing_found

_LABELS: dict[SearchAction, str] = {
    "prev": "Previous",
    "next": "Next",
    "follow": "Follow this here",
    "share": "Share",
    "browse": "Browse",
}
_FIRST = {
    Order.RELEVANCE: ", the most relevant first",
    Order.NEWEST: ", the newest first",
    Order.POPULAR: ", the most upvoted first",
}
_MOST = 5
"""Papers on a page."""


def results(
    page: SearchPage,
    typed: str,
    *,
    shared_by: int | None = None,
    can_follow: bool = False,
    homes: Mapping[int, str] | None = None,
) -> Layout:
    """The page of what was found for the words as typed, which its buttons remember.

    Shared, it names who did, and opens privately for whoever wants to turn its pages. Where a channel can follow
    things, it offers to follow what finds exactly this. `homes` say where papers were posted, by number.
    """
    remembered = page.written or typed
    if not page.hits:
        return nothing_found(page, remembered)
    hints = how_it_was_read(typed, with_operators=page.is_few, is_said=page.is_understood, offered=page.perhaps)
    beyond = [*_beyond(page, typed), *(f"-# {hint}" for hint in hints)]
    called = _called_so(page, typed)
    taken = -(-sum(map(units, [*beyond, called])) // _MOST)
    told = [f"### Results for {cut(typed, 150)}", *beyond, f"-# {_extent(page)}"]
    parts: list[Part] = [lines(*told), ui.Separator()]
    if page.nicknamed and called:
        parts.append(ui.Section(lines(called), accessory=details(page.nicknamed)))
    for hit in page.hits:
        home = (homes or {}).get(hit.known.id, "")
        parts.append(entry(hit.known, hit.number, hit.snippet, home=home, taken=taken, named=hit.named))
    if shared_by is not None:
        parts.append(lines(shared_line(shared_by)))
    if shared_by is not None:
        return Layout(*parts, *row(_steps(page, remembered, ["browse"])))
    is_exact = page.instead is None and page.whole is None
    return Layout(*parts, *row(_steps(page, remembered, ["follow", "share"] if can_follow and is_exact else ["share"])))


def _called_so(page: SearchPage, typed: str) -> str:
    """What stands above the papers about the one that people call so, which is none of them; else empty."""
    if page.nicknamed is None or page.nicknamed_at:
        return ""
    paper = page.nicknamed.paper
    return f"**{cut(nickname_of(paper.title, typed), 60)}** comes from this paper:\n{brief(paper)}"


def _beyond(page: SearchPage, typed: str) -> Iterator[str]:
    """What was searched for other than what was typed, or only in part."""
    if not page.in_time:
        yield f"That was too much to search in time, so this is only what was found until then. {quicker(typed)}"
    if page.is_by_any:
        yield "No paper that fits is by all of them. These are by any of them."
    if page.is_whenever:
        yield "Nothing that fits is from that time. This is from any."
    if page.is_said:
        yield f"I read that as **{cut(page.query, 150)}**. To look for these words themselves, put them in quotes."
    if page.nicknamed and page.nicknamed_at:
        name = nickname_of(page.nicknamed.paper.title, typed)
        yield f"Number {page.nicknamed_at} is where **{cut(name, 60)}** comes from."
    if page.instead is not None:
        yield f"Nothing matches that as it is written. Did you mean **{cut(page.instead, 150)}**?"
    if page.perhaps is not None:
        yield f"{'Or did' if page.instead else 'Did'} you mean **{cut(page.perhaps, 150)}**?"
    if page.whole == 0:
        yield "No paper has all of these words. Here are those that have the most to do with them."
    elif page.whole is not None:
        have = "1 paper has" if page.whole == 1 else f"{page.whole} papers have"
        yield f"{have} all of these words and come{'s' if page.whole == 1 else ''} first; the others have some of them."


def _extent(page: SearchPage) -> str:
    first, last = page.hits[0].number, page.hits[-1].number
    numbers = f"{first:,}" if first == last else f"{first:,}–{last:,}"
    if page.whole is not None:
        return f"{numbers} of the closest {page.total:,}"
    order = _FIRST[page.order] if page.total > 1 else ""
    return f"{numbers} of {'' if page.exact else 'at least '}{page.total:,}{order}"


def all_results(typed: str) -> list[ui.Button[Any]]:
    """The button that opens everything found for these words, where it can remember them."""
    return [button("All results", custom_id) for custom_id in search_ids(typed, [("browse", 0)]) or ()]


def _steps(page: SearchPage, typed: str, last: list[SearchAction]) -> list[ui.Button[Any]]:
    """Previous and Next where there is more than one page, or where the words need their custom_ids."""
    turns: list[tuple[SearchAction, int]] = [
        ("prev", max(page.page - 1, 0)),
        ("next", min(page.page + 1, max(page.pages - 1, 0))),
    ]
    alone: list[tuple[SearchAction, int]] = [(each, page.page) for each in last]
    steps = alone
    ids = None if page.pages > 1 and "share" in last else search_ids(typed, steps, page.order)
    if ids is None:
        steps = [*turns, *alone]
        ids = search_ids(typed, steps, page.order) or []
    dead = {action for action, number in turns if number == page.page}
    return [
        button(_LABELS[action], custom_id, disabled=action in dead)
        for (action, _), custom_id in zip(steps, ids, strict=False)
    ]
