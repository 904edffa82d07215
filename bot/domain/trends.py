"""Which papers gain votes, over which span of days, and whose votes are counted. Counts none itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Period(StrEnum):
    """Over how long votes are counted."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"

    @property
    def days(self) -> int:
        """How many days of 24 hours that is."""
        return {"today": 1, "week": 7, "month": 30}[self.value]

    def since(self, now: datetime) -> datetime:
        """When it began."""
        return now - timedelta(days=self.days)

    def first_day(self, now: datetime) -> date:
        """The day (of the zone of `now`) with which it began, where whole days are counted, the one of now included."""
        return now.date() - timedelta(days=self.days - 1)


class Where(StrEnum):
    """Whose votes are counted."""

    EVERYWHERE = "everywhere"
    """Upvotes on Hugging Face."""
    HERE = "here"
    """Votes of people of one server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How many votes a paper gained in a span of days, and how many it has in all."""

    paper_id: int
    gained: int
    total: int
