"""Where in a server a paper was posted. It knows nothing of who may see that place."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A message of a server that brought a paper, alone or with others."""

    paper_id: int
    channel_id: int
    message_id: int
    posted_at: datetime
