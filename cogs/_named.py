"""The papers that a message names, as people see them: one on its card, several in a list, and which are missing."""

from collections.abc import Sequence

from discord import ui

from bot.domain.identifiers import ExternalId, id_url
from bot.services.library import Named
from cogs._cards import card
from cogs._entries import entry
from cogs._here import Here
from cogs._layout import Layout, Part, lines
from cogs._markdown import link, units

MOST_SHOWN = 5
"""Papers in one list: as many as fit in a message whatever they are called."""
_LONGEST_UNKNOWN = 900
"""Units of the ids that are not in the library."""


def named_papers(named: Named, here: Here | None = None) -> Layout:
    """The papers, or why there are none to show; `here` is what the server has to do with the first."""
    here = here or Here()
    if not named.known and not named.unknown:
        return Layout(lines("I see no arXiv id, DOI or link to a paper there. Look for its title with `/search`."))
    if not named.known:
        return Layout(lines(_missing(named.unknown)))
    if not named.unknown and len(named.papers) == named.known == 1:
        return card(named.papers[0], here=here.line, votes=here.votes)
    parts: list[Part] = [lines("### Papers in that message", _extent(named)), ui.Separator()]
    parts += [entry(known, at) for at, known in enumerate(named.papers, 1)]
    if named.unknown:
        parts += [ui.Separator(), lines(_missing(named.unknown))]
    return Layout(*parts)


def _extent(named: Named) -> str:
    shown = len(named.papers)
    return f"-# The first {shown} of {named.known:,} that I have" if shown < named.known else ""


def _missing(unknown: Sequence[ExternalId]) -> str:
    """The ids, as many as there is room for, and how many more there are."""
    told: list[str] = []
    room = _LONGEST_UNKNOWN
    for each in unknown:
        shown = link(each.value, id_url(each), 60)
        room -= units(shown) + 2
        if room < 0:
            break
        told.append(shown)
    more = len(unknown) - len(told)
    return f"Not in my library: {', '.join(told)}" + (f" and {more:,} more" if more else "") + "."
