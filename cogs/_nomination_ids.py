"""What the buttons and the menu about nominations say when used; whatever they name is looked up again."""

from typing import Literal

NominationAction = Literal["up", "down", "remove", "approve", "reject"]

_NUMBER = "[1-9][0-9]{0,17}"

NOMINATE_MENU = "nominate:choose"
"""The custom_id of a menu of papers, each chosen by its number."""
NOMINATE_TEMPLATE = rf"nominate:(?P<paper>{_NUMBER})"
"""Matches `nominate_id`."""
QUEUE_PAGE = r"nominations:(?P<page>[0-9]{1,4})"
"""Matches `queue_page`."""
LOGGED = "log"
"""Stands for the page where the button is in a message of its own."""


def nominate_id(paper: int) -> str:
    """The custom_id of a button that nominates the paper with this number."""
    return f"nominate:{paper}"


def queue_page(page: int) -> str:
    """The custom_id of a button that shows this page (0-based) of the line."""
    return f"nominations:{page}"


def nomination_id(nomination: int, action: NominationAction, page: int | None) -> str:
    """The custom_id of a button about a nomination, on a page of the line or, None, in a message of its own."""
    return f"nomination:{nomination}:{action}:{LOGGED if page is None else page}"


NOMINATION_TEMPLATE = (
    rf"nomination:(?P<nomination>{_NUMBER}):(?P<action>up|down|remove|approve|reject):(?P<page>[0-9]{{1,4}}|{LOGGED})"
)
"""Matches `nomination_id`."""
