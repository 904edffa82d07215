"""What buttons say when pressed: the templates of custom_ids, and the search that a row of them remembers.

A custom_id carries no authority and touches no database: whatever it names is looked up again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.deliveries import MARKER_LENGTH
from bot.domain.ranking import Order
from bot.domain.trends import Period, Where
from bot.errors import UserError
from cogs._markdown import clean, units

PaperAction = Literal[
    "card", "abstract", "share", "cite", "similar", "share-similar", "vote", "bibtex", "ris", "csl-json"
]
SearchAction = Literal["prev", "next", "follow", "share", "browse"]
TrendingAction = Literal["show", "share"]

_LONGEST = 100
"""Characters of a custom_id (docs.discord.com, component reference)."""
_SPACE = "␣"
"""Stands for a space, which Discord may trim at either end of a custom_id."""

_MARKED = rf"@[a-z2-7]{{{MARKER_LENGTH}}}"
_ORDERS = {Order.RELEVANCE: "", Order.NEWEST: "n", Order.POPULAR: "p"}
_ORDERED = {letter: order for order, letter in _ORDERS.items()}

_SEARCH = re.compile(
    r"search:(?P<action>prev|next|follow|share|browse):(?P<page>[0-9]{1,6})(?P<order>[np]?):(?P<part>.*)", re.DOTALL
)


def paper_id(paper: int, action: PaperAction, marker: str = "") -> str:
    """The custom_id of a button about the paper with this number; the marker tells which delivery it came with."""
    return f"paper:{paper}:{action}{'@' if marker else ''}{marker}"


def paper_template(action: PaperAction) -> str:
    """Matches `paper_id`; the group `paper` is its number, which fits in 63 bits."""
    return rf"paper:(?P<paper>[1-9][0-9]{{0,17}}):{action}(?:{_MARKED})?"


def why_id(paper: int, page: int) -> str:
    """The custom_id of a button that shows this page (0-based) of why the paper is here or not."""
    return f"paper:{paper}:why:{page}"


WHY_TEMPLATE = r"paper:(?P<paper>[1-9][0-9]{0,17}):why:(?P<page>[0-9]{1,4})"
"""Matches `why_id`."""


DIGEST_MENU = rf"digest:show(?:{_MARKED})?"
"""Matches `digest_menu`."""
_ON = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DIGEST_PAGE = rf"digest:(?P<topic>[1-9][0-9]{{0,17}}):(?P<on>{_ON}):(?P<page>[0-9]{{1,5}})(?:{_MARKED})?"
"""Matches `digest_page`."""


def digest_menu(marker: str = "") -> str:
    """The custom_id of a menu of papers, each chosen by its number."""
    return f"digest:show{'@' if marker else ''}{marker}"


def digest_page(digest: str, page: int, marker: str = "") -> str:
    """The custom_id of a button for a page of a digest, which is a topic's number and a date."""
    return f"digest:{digest}:{page}{'@' if marker else ''}{marker}"


def trending_id(action: TrendingAction, period: Period, where: Where) -> str:
    """The custom_id of a button that shows, or shares, what gained votes over this period."""
    return f"trending:{action}:{period}:{where}"


def trending_template(action: TrendingAction) -> str:
    """Matches `trending_id`; the groups `period` and `where` are values of their kinds."""
    return rf"trending:{action}:(?P<period>{'|'.join(Period)}):(?P<where>{'|'.join(Where)})"


def markers(custom_ids: Sequence[str]) -> set[str]:
    """The markers that these buttons carry."""
    return {found[0][1:] for each in custom_ids if (found := re.search(rf"{_MARKED}\Z", each))}


def search_template(*actions: SearchAction) -> str:
    """Matches what `search_ids` makes for these actions."""
    return rf"search:(?:{'|'.join(actions)}):[0-9]{{1,6}}[np]?:[^\n]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as its buttons remember it: the words, the order, and the page (0-based) that a press asks for."""

    query: str
    page: int
    order: Order


def search_ids(
    query: str, steps: Sequence[tuple[SearchAction, int]], order: Order = Order.RELEVANCE
) -> list[str] | None:
    """One custom_id for each action and its page; in order, they hold the query between them.

    None when it is too long for that: about 85 units fit in each.
    """
    rest = clean(query.replace(_SPACE, " ")).strip().replace(" ", _SPACE)
    ids = []
    for action, page in steps:
        prefix = f"search:{action}:{page}{_ORDERS[order]}:"
        part = _head(rest, _LONGEST - len(prefix))
        rest = rest[len(part) :]
        ids.append(prefix + part)
    return None if rest else ids


def _head(text: str, limit: int) -> str:
    end = min(len(text), limit)
    while units(text[:end]) > limit:
        end -= 1
    return text[:end]


def asked(pressed: str, custom_ids: Sequence[str]) -> Asked:
    """What the pressed button asks for, with the query joined from all custom_ids of its message.

    Raises UserError when the message does not hold what `search_ids` wrote there.
    """
    found = [match for each in custom_ids if (match := _SEARCH.fullmatch(each))]
    button = _SEARCH.fullmatch(pressed)
    query = "".join(match["part"] for match in found).replace(_SPACE, " ").strip()
    if button is None or pressed not in custom_ids or not query:
        raise UserError("This button has lost its search. Type it again with /search.")
    return Asked(query=query, page=int(button["page"]), order=_ORDERED[button["order"]])
