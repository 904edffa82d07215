"""What the buttons, menus and forms about the paper of the day say when used: which draft, channel, paper or date.

None carries authority: what it names is looked up again, and so is who may.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

DraftAction = Literal["save", "change", "drop", "changed"]
ChannelAction = Literal["edit", "again", "stop", "look"]

_NUMBER = "[1-9][0-9]{0,17}"
_SHOWN = rf"{_NUMBER}(?:\.{_NUMBER})*"
_CHANNEL = "(?P<channel>[1-9][0-9]{0,19})"
_ON = "(?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_LONGEST = 100
"""Characters of a custom_id."""


def daily_draft_id(number: int, action: DraftAction) -> str:
    return f"daily-draft:{number}:{action}"


def daily_draft_template(action: DraftAction) -> str:
    """Matches `daily_draft_id`; the group `draft` is its number."""
    return rf"daily-draft:(?P<draft>{_NUMBER}):{action}"


def daily_id(channel_id: int, action: ChannelAction) -> str:
    return f"daily:{channel_id}:{action}"


def daily_template(action: ChannelAction) -> str:
    """Matches `daily_id`; the group `channel` is its number."""
    return rf"daily:{_CHANNEL}:{action}"


def post_now_id(channel_id: int, paper_id: int, shown: Sequence[int]) -> str:
    """The custom_id of a button that posts this paper at once; `shown` are those offered, none where it was named."""
    told = f"daily:{channel_id}:now:{paper_id}"
    return _joined(f"{told}:", shown) if shown else told


POST_NOW = rf"daily:{_CHANNEL}:now:(?P<paper>{_NUMBER})(?::(?P<shown>{_SHOWN}))?"
"""Matches `post_now_id`."""


def another_id(channel_id: int, shown: Sequence[int]) -> str:
    """The custom_id of a button that shows another paper than these; of many, the last."""
    return _joined(f"daily:{channel_id}:other:", shown)


def _joined(told: str, shown: Sequence[int]) -> str:
    """As many of them as there is room for, of many the last."""
    kept: list[str] = []
    for each in reversed(shown):
        kept.insert(0, str(each))
        if len(told) + len(".".join(kept)) > _LONGEST:
            return told + ".".join(kept[1:])
    return told + ".".join(kept)


ANOTHER = rf"daily:{_CHANNEL}:other:(?P<shown>{_SHOWN})"
"""Matches `another_id`."""


def unskip_id(channel_id: int, on: date) -> str:
    """The custom_id of a button that takes a skip back."""
    return f"daily:{channel_id}:unskip:{on.isoformat()}"


UNSKIP = rf"daily:{_CHANNEL}:unskip:{_ON}"
"""Matches `unskip_id`."""


def history_id(channel_id: int, page: int) -> str:
    """The custom_id of a button for a page (0-based) of what a channel had."""
    return f"daily:{channel_id}:history:{page}"


HISTORY = rf"daily:{_CHANNEL}:history:(?P<page>[0-9]{{1,5}})"
"""Matches `history_id`."""

DROP = "daily:drop"
"""The custom_id of a button that leaves everything as it is."""
