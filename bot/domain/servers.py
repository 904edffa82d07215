"""What a Discord server has settled about Paperboy. Knows nothing of Discord."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """The settings of one server; one that never set anything has these."""

    guild_id: int
    manager_role_id: int | None = None
    """Whoever has this role may set up channels as well as those who may manage them."""
    log_channel_id: int | None = None
    """Where the server is told what is wrong."""
    zone: str = "UTC"
    """The time zone that is offered first."""
    left_at: datetime | None = None
    """Since when Paperboy is not in it any more."""
    approves_nominations: bool = False
    """Whether a nominated paper waits until somebody who may manage approves it."""
