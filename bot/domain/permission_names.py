"""What Discord's settings call its permissions. In a forum they speak of posts where others speak of messages."""

from types import MappingProxyType

_IN_FORUMS = MappingProxyType({"send_messages": "Create Posts", "send_messages_in_threads": "Send Messages in Posts"})
"""What stands in a forum's settings instead (docs.jda.wiki, IPostContainer: an alias)."""


def permission_words(name: str, *, in_forum: bool = False) -> str:
    """The permission as people find it: `send_messages_in_threads` is Send Messages in Threads."""
    usual = name.replace("_", " ").title().replace(" In ", " in ")
    return _IN_FORUMS.get(name, usual) if in_forum else usual
