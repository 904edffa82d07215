"""The address by which a bot is invited to a server, with the permissions it needs there and why it needs each."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.domain.permission_names import permission_words

SCOPES = ("bot", "applications.commands")
"""That the bot joins, and that its commands can be typed (docs.discord.com, OAuth2)."""

_ADDRESS = "https://discord.com/oauth2/authorize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A permission, by its name and bit (docs.discord.com, permissions), and what it is for."""

    name: str
    bit: int
    reason: str

    @property
    def words(self) -> str:
        """Its name as Discord's settings write it."""
        return permission_words(self.name)


NEEDED = (
    Needed(name="view_channel", bit=10, reason="to see the channels that it posts in"),
    Needed(name="send_messages", bit=11, reason="to post papers, and to make posts in forums"),
    Needed(
        name="read_message_history", bit=16, reason="to see what it has posted already, so that nothing comes twice"
    ),
    Needed(name="send_messages_in_threads", bit=38, reason="to post in threads, where a topic is set up in one"),
    Needed(name="create_public_threads", bit=35, reason="to start a thread for a paper, where somebody asked for that"),
    Needed(name="attach_files", bit=15, reason="to post the picture of a weekly recap, where somebody asked for one"),
    Needed(name="pin_messages", bit=51, reason="to pin the paper of the day, where somebody asked for that"),
)
"""All that anything of Paperboy's needs."""


def permissions() -> int:
    """Those permissions as one number."""
    return sum(1 << each.bit for each in NEEDED)


def invitation(application_id: int) -> str:
    """The address to open in a browser."""
    asked = {"client_id": application_id, "permissions": permissions(), "scope": " ".join(SCOPES)}
    return f"{_ADDRESS}?{urlencode(asked)}"
