"""The papers that a message names, as people see them: one on its card, several in a list, and which are missing."""

from collections.abc import Sequence

from discord import ui

from bot.domain.identifiers import ExternalId, id_url
from bot.services.library import Named
from cogs._cards import card
from cogs._entries import entry
from cogs._here import Here
from cogs._layout import Layout, Part, lines
from cogs._markdown import cut, link, units

MOST_SHOWN = 5
"""Papers in one list: as many as fit in a message whatever they are called."""
_LONGEST_UNKNOWN = 900
"""Units of the ids that are not in the library."""
_MOST_MISTYPED, _LONGEST_MISTYPED = 3, 450


def named_papers(named: Named, here: Here | None = None, *, heading: str = "Papers in that message") -> Layout:
    """The papers, or why there are none to show; `here` is what the server has to do with the first."""
    here = here or Here()
    wrong = [cut(" ".join(named.mistyped[:_MOST_MISTYPED]), _LONGEST_MISTYPED)] if named.mistyped else []
    if not named.known and not named.unknown:
        if wrong:
            return Layout(lines(*wrong))
        return Layout(lines("I see no arXiv id, DOI or link to a paper there. Look for its title with `/search`."))
    if not named.known:
        return Layout(lines(_missing(named.unknown), *wrong))
    if not named.unknown and not wrong and len(named.papers) == named.known == 1:
        return card(named.papers[0], here=here.line, votes=here.votes)
    parts: list[Part] = [lines(f"### {heading}", _extent(named)), ui.Separator()]
    parts += [entry(known, at) for at, known in enumerate(named.papers, 1)]
    if named.unknown or wrong:
        parts += [ui.Separator(), lines(_missing(named.unknown) if named.unknown else "", *wrong)]
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
