"""What people see where nothing was found, or not one paper: why, what to try, and the papers they may have meant."""

from discord import ui

from bot.domain.hints import READ_AS_REQUEST, quicker, where_nothing_is_found
from bot.domain.identifiers import ExternalId, id_url
from bot.services.library import UnclearTitleError
from bot.services.search import SearchPage
from cogs._entries import Then, entry
from cogs._layout import Layout, lines, link_buttons, row
from cogs._markdown import cut

_MOST_NEAR = 5
_LONGEST_TYPED = 150
_PICK = "Type part of a title after `/search` and pick one from the list that appears."


def nothing_found(page: SearchPage, typed: str) -> Layout:
    """Says so of a search, and what to type instead."""
    if page.library_is_empty:
        return Layout(lines("### I keep no papers yet", "Whoever runs me adds some with `paperboy import FILE`."))
    if page.identifier is not None:
        return unknown_id(page.identifier, typed)
    read = [READ_AS_REQUEST] if page.is_said else []
    if not page.is_certain:
        return Layout(lines(f"### Nothing was found in time for {cut(typed, _LONGEST_TYPED)}", *read, quicker(typed)))
    if page.impossible:
        return Layout(lines(f"### No paper can match {cut(typed, _LONGEST_TYPED)}", *read, page.impossible))
    tips = [*where_nothing_is_found(typed, page.begun, in_time=page.in_time, is_said=page.is_said), _PICK]
    advice = "\n".join(f"- {tip}" for tip in tips)
    return Layout(lines(f"### No paper matches {cut(typed, _LONGEST_TYPED)}", advice))


def unknown_id(identifier: ExternalId, typed: str) -> Layout:
    """Says that no paper has the id, in the words that were typed, and where the paper is if there is one."""
    told = f"I don't have **{cut(typed, _LONGEST_TYPED)}**. Check the number, or type words of its title."
    place = "arXiv" if identifier.scheme == "arxiv" else "doi.org"
    return Layout(lines(told), *row(link_buttons(**{f"Look at {place}": id_url(identifier)})))


def unclear_title(unclear: UnclearTitleError, typed: str, then: Then | None = None) -> Layout:
    """The papers that may be meant, each with the button that goes on from there: it opens the card, or does this."""
    shown = unclear.near[:_MOST_NEAR]
    told = _near(unclear, f"**{cut(typed, _LONGEST_TYPED)}**", len(shown))
    return Layout(lines(told), ui.Separator(), *(entry(known, at, then=then) for at, known in enumerate(shown, 1)))


def _near(unclear: UnclearTitleError, typed: str, shown: int) -> str:
    if not unclear.are_begun:
        return f"No paper has the title {typed}. Did you mean:"
    found = f"{len(unclear.near)} titles have" if unclear.are_all else "Many titles have"
    closest = "" if len(unclear.near) == shown else " These are the closest; type more words, or look with `/search`."
    return f"{found} {typed}{'.' if closest else ':'}{closest}"
