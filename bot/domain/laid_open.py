"""One prepared paper laid open: whether it holds what is asked for, and as which written words. Explains nothing."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from bot.domain.analysis import BOUNDARY, PreparedPaper, words_with_spans
from bot.domain.conditions import Column, Has
from bot.domain.flat import authors_of, day_start, list_of
from bot.domain.papers import Author
from bot.domain.query import Published, Side

_Spans = Sequence[tuple[str, int, int]]


class LaidOpen:
    """A paper to be asked about many times. It answers exactly as `matching` would, of which this is the plain form."""

    def __init__(self, paper: PreparedPaper) -> None:
        self.flat = paper.flat
        terms = paper.terms
        self._texts = {column: f" {getattr(terms, column)} " for column in Column}

    @cached_property
    def authors(self) -> tuple[Author, ...]:
        return authors_of(self.flat.authors)

    @cached_property
    def categories(self) -> list[str]:
        return list_of(self.flat.categories)

    @cached_property
    def sources(self) -> list[str]:
        return list_of(self.flat.sources)

    @cached_property
    def _title(self) -> _Spans:
        return words_with_spans(self.flat.title)

    @cached_property
    def _abstract(self) -> _Spans:
        return words_with_spans(self.flat.abstract)

    def place_of(self, asked: Has, column: Column) -> int | None:
        """Where in a column's terms these stand next to each other; None where they do not, or are not asked for."""
        if column not in asked.columns:
            return None
        at = self._texts[column].find(_needle(asked))
        return at if at >= 0 else None

    def is_published(self, asked: Published, today: date) -> bool:
        """Whether its date is on the side asked for; spans back are counted from today."""
        at = self.flat.published_at
        return at is not None and (at >= day_start(asked.first_day(today))) == (asked.side is Side.AFTER)

    def written(self, asked: Has, column: Column, place: int) -> str:
        """What the paper says at a place that `place_of` found: words of the text, or the name of an author."""
        before = self._texts[column][:place].split()
        if column is Column.AUTHORS:
            person = before.count(BOUNDARY)
            return self.authors[person].name if person < len(self.authors) else " ".join(asked.terms)
        text, spans = (self.flat.title, self._title) if column is Column.TITLE else (self.flat.abstract, self._abstract)
        first, last = len(before), len(before) + len(asked.terms) - 1
        return text[spans[first][1] : spans[last][2]] if last < len(spans) else " ".join(asked.terms)


def _needle(asked: Has) -> str:
    told = f" {' '.join(asked.terms)}"
    return told if asked.prefix else f"{told} "
