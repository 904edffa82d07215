"""What a person wants of a search, what their text was understood to ask for, and what that finds."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.patience import Patience
from bot.domain.query import Query
from bot.domain.ranking import Order
from bot.searching_interfaces import Matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of what is found, in which order, and how long that may take."""

    order: Order
    now: datetime
    limit: int
    offset: int
    patience: Patience


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, and for which query: the one asked, or one that was meant or is freer; as SearchPage has them."""

    query: Query
    found: Matches
    instead: Query | None = None
    whole: int | None = None
    is_certain: bool = True

    @property
    def is_in_vain(self) -> bool:
        """Whether nothing holds all that was asked for, as it is written."""
        return not self.found.total or self.instead is not None or self.whole == 0


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text asks for, and what that finds."""

    query: Query
    written: str
    """What to type for just this query: the text, or what it was read as."""
    searched: Searched
    is_said: bool = False
    """Whether it is such a request."""
    order: Order = Order.RELEVANCE
    """Which papers come first: as was chosen, or as the request says."""
    is_by_any: bool = False
    """Whether nothing is by all the people it names, so that it is by any of them."""
    is_whenever: bool = False
    """Whether nothing that fits is of the time it names, so that it is of any."""
