"""The papers like one as people see them: a list as of a search, or why there is none."""

from typing import Any

from discord import ui

from bot.domain.papers import KnownPaper
from bot.services.similar import Neighbours
from cogs._cards import shared_line, title
from cogs._custom_ids import paper_id
from cogs._entries import entry
from cogs._layout import Layout, Part, button, lines, row

_LONGEST_TITLE = 200


def similar(found: Neighbours, *, shared_by: int | None = None) -> Layout:
    """The list with a button for the paper itself; shared, it names who did."""
    if not found.papers:
        return Layout(lines(f"### Nothing like {_title(found.known)}", _reason(found)), *row([_itself(found.known)]))
    parts: list[Part] = [lines(f"### Papers like {_title(found.known)}", _order(len(found.papers))), ui.Separator()]
    parts += [entry(known, at) for at, known in enumerate(found.papers, 1)]
    if shared_by is not None:
        parts.append(lines(shared_line(shared_by)))
    buttons = [_itself(found.known)]
    if shared_by is None:
        buttons.append(button("Share", paper_id(found.known.id, "share-similar")))
    return Layout(*parts, *row(buttons))


def _title(known: KnownPaper) -> str:
    return title(known.paper, _LONGEST_TITLE, longest_link=100)


def _order(count: int) -> str:
    return "-# The only one I keep" if count == 1 else "-# By the rare words they share, the most alike first"


def _reason(found: Neighbours) -> str:
    if found.is_alone:
        return "It is the only paper I keep. Whoever runs me adds more with `paperboy import FILE`."
    missing = "" if found.known.paper.abstract else " I know no abstract of it, so I had only its title to compare."
    return f"No paper I keep shares enough of its rarer words.{missing} Look for words of your own with `/search`."


def _itself(known: KnownPaper) -> ui.Button[Any]:
    return button("This paper", paper_id(known.id, "card"))
