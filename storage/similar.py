"""Finds the papers most like one: by its rarest terms from the text index, then compared whole. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.papers import KnownPaper
from bot.domain.similarity import COUNTED, Likeness, terms_of_paper
from storage.dialects.neighbours import count_holding, papers_sharing
from storage.dialects.vocabulary import count_indexed
from storage.papers import chunks, read_papers
from storage.readers import Turn

_COMPARED = 50
"""Papers that are compared whole."""
_TOGETHER = 25
"""Terms that are counted in one go."""
_MOST_VISITED = 8_000
"""Papers that PostgreSQL visits to see which hold the terms that are sought: each is a row to it, not a number."""
_REMEMBERED = 50_000
"""Terms whose counts are remembered: some five megabytes."""
_GROWN = 50
"""What is remembered is counted again when one paper in so many is new or gone."""


class TermCounts:
    """How many papers hold each term, remembered; may lag behind a little, which changes only an order."""

    def __init__(self) -> None:
        self.papers = 0
        """How many there were when counting began."""
        self._counts: dict[str, int] = {}

    def of(self, turn: Turn, terms: Iterable[str]) -> dict[str, int]:
        """The counts of these terms, up to `COUNTED`; a term that no paper holds counts 0. Raises OutOfTime."""
        papers = count_indexed(turn)
        if abs(papers - self.papers) * _GROWN > self.papers or len(self._counts) > _REMEMBERED:
            self.papers, self._counts = papers, {}
        counts, wanted = self._counts, list(terms)
        unknown = [each for each in wanted if each not in counts]
        for some in chunks(unknown, _TOGETHER):  # what was counted before time is over is known the next time
            counts.update(zip(some, count_holding(turn, some, COUNTED), strict=True))
        return {each: counts[each] for each in wanted}


def similar_papers(turn: Turn, counts: TermCounts, known: KnownPaper, limit: int) -> list[KnownPaper]:
    """The papers most like this one, best first; none where nothing is alike. Raises OutOfTime."""
    held = terms_of_paper(known.paper)
    known_counts = counts.of(turn, held)
    likeness = Likeness(held, known_counts, counts.papers)
    if not likeness.sought:
        return []
    sought = likeness.sought if turn.kind == "sqlite" else _affordable(likeness.sought, known_counts)
    found = papers_sharing(turn, sought, _COMPARED + 1)
    turn.end_hurry()
    numbers = likeness.best_first([each for each in found if each.id != known.id])
    return read_papers(turn, numbers[:limit])


def _affordable(sought: Sequence[str], counts: Mapping[str, int]) -> Sequence[str]:
    """As many of these terms, those that tell most first, as few enough papers hold."""
    chosen, left = [], _MOST_VISITED
    for each in sought:
        if counts[each] <= left:
            chosen.append(each)
            left -= counts[each]
    return chosen
