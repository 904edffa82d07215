"""What a query matches, worked out paper by paper in the plainest way: what every engine is compared with."""

from datetime import date

from bot.domain.analysis import PreparedPaper
from bot.domain.conditions import AllOf, AnyOf, Column, Condition, Has
from bot.domain.query import Published, Side


class PlainPaper:
    """A paper whose terms stand in lists, to be read in the plainest way."""

    def __init__(self, paper: PreparedPaper) -> None:
        self._columns = {column: str(getattr(paper.terms, column)).split() for column in Column}
        self._published_on = paper.paper.published_at and paper.paper.published_at.date()

    def meets(self, asked: Condition, today: date) -> bool:
        """Whether the paper meets a condition."""
        match asked:
            case AllOf(parts, without):
                unwanted = any(self.meets(part, today) for part in without)
                return all(self.meets(part, today) for part in parts) and not unwanted
            case AnyOf(parts):
                return any(self.meets(part, today) for part in parts)
            case Published(side):
                day = self._published_on
                return day is not None and (day >= asked.first_day(today)) == (side is Side.AFTER)
            case Has(columns, wanted, prefix):
                return any(_stands_in(self._columns[column], list(wanted), prefix) for column in columns)


def _stands_in(text: list[str], wanted: list[str], prefix: bool) -> bool:
    *before, last = wanted
    for at, term in enumerate(text):
        if term == last or (prefix and term.startswith(last)):
            start = at - len(before)
            if start >= 0 and text[start:at] == before:
                return True
    return False
