"""Votes as they stood on a day: what later tells how fast a paper is gaining them. Counts none itself."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class UpvoteCount:
    """How many upvotes a paper had on Hugging Face when it was last looked at on this day (UTC)."""

    paper_id: int
    on: date
    upvotes: int
