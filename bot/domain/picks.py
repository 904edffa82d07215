"""The paper of the day: which of some papers it is, and why, in plain words. Told everything, it reads no clock."""

from dataclasses import dataclass

from bot.domain.papers import KnownPaper
from bot.domain.schedules import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A paper for a date."""

    paper: KnownPaper
    origin: Origin
    because: str
    """Why this one, in plain words, as the card says it."""
