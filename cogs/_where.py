"""The channel that a message is in, and the addresses of other messages there."""

from typing import NamedTuple


class Where(NamedTuple):
    """The channel of a message and its server."""

    guild_id: int | None
    channel_id: int
    is_forum: bool = False

    def url(self, message_id: int) -> str:
        """The address of a message of this channel; a post of a forum is a thread, under the number of its first."""
        channel = "" if self.is_forum else f"{self.channel_id}/"
        return f"https://discord.com/channels/{self.guild_id or '@me'}/{channel}{message_id}"
