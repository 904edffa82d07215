"""How much a term tells of the papers that hold it."""

from collections.abc import Mapping
from math import log


class Rarity:
    """How much a term tells: the more, the fewer papers hold it."""

    def __init__(self, papers: int, counts: Mapping[str, int]) -> None:
        self._papers = papers
        self._counts = counts

    def of(self, found: str) -> float:
        """Greater than 0."""
        holding = min(self._papers, self._counts.get(found, 0))
        return log(1 + (self._papers - holding + 0.5) / (holding + 0.5))
