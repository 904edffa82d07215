"""What the buttons, menus and forms about topics say when used: which draft or topic they mean, looked up again."""

from typing import Literal

from bot.domain.subscriptions import Subscription
from bot.domain.topic_drafts import TopicDraft

DraftAction = Literal["save", "change", "changed", "tell", "told", "drop", "step"]
TopicAction = Literal["pause", "resume", "edit", "unfollow"]

TOPIC_MENU = "topics:show"
"""The custom_id of a menu of topics; the values are their numbers."""
STARTER_MENU = r"topics:start:(?P<channel>[1-9][0-9]{0,19})"

_NUMBER = "[1-9][0-9]{0,17}"


def draft_id(draft: TopicDraft, action: DraftAction) -> str:
    return f"draft:{draft.id}:{action}"


def draft_template(action: DraftAction) -> str:
    """Matches `draft_id`; the group `draft` is its number."""
    return rf"draft:(?P<draft>{_NUMBER}):{action}"


def topic_id(topic: Subscription, action: TopicAction) -> str:
    return f"topic:{topic.id}:{action}"


def topic_template(action: TopicAction) -> str:
    """Matches `topic_id`; the group `topic` is its number."""
    return rf"topic:(?P<topic>{_NUMBER}):{action}"


def starter_menu(channel_id: int) -> str:
    """The custom_id of a menu of starters for this channel."""
    return f"topics:start:{channel_id}"
