"""What somebody is about to have a channel follow: kept while they look at its preview, and posts nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.posting import Posting

KEPT_FOR = timedelta(days=1)
"""How long the buttons of a preview work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDraft:
    """A topic as it would be; `query` is written canonically."""

    guild_id: int
    channel_id: int
    person_id: int
    """Whose draft it is; nobody else may use it."""
    query: str
    made_at: datetime
    posting: Posting = field(default_factory=Posting)
    typed: str = ""
    """The query as somebody typed it; empty where they did not."""
    topic_id: int | None = None
    """The topic that would be changed; None: a new one."""
    id: int = 0
