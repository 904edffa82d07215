"""What a topic has brought so far."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRecord:
    """The messages of a topic that were posted."""

    last_posted_at: datetime | None = None
    posted: int = 0
    """How many of late; a digest is one."""
