"""How alike two papers are by the words they share, the rarest counting most. Finds no paper itself.

Tf-idf (Salton and Buckley, 1988), where only the words of the paper compared with need be known: what else a paper
says makes it less alike by its length alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from bot.domain.analysis import stop_terms, terms
from bot.domain.papers import Paper
from bot.domain.rarity import Rarity

COUNTED = 2_000
"""Papers that hold a term are counted up to here; a commoner term finds no papers, it only orders those found."""

_TITLE = 3
"""What a word of the title counts for, next to one of the abstract."""
_MOST_TERMS = 300
"""Terms of a paper that are looked at."""
_LONGEST_READ = 20_000
"""Characters of an abstract that are looked at."""
_MOST_SOUGHT = 20
"""Terms that find papers: twice as many found hardly better ones, and took longer."""
_FEW = 3
"""Papers that may share a term in a library of any size."""
_ENOUGH = 2
"""Terms of those sought that a paper must hold to be alike at all."""
_LEAST_SHARED = 0.08
"""Of all that a paper's words tell, how much another one must hold to be alike at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A paper that may be alike."""

    id: int
    """Greater is newer."""
    title: str
    abstract: str


class Likeness:
    """What one paper is about: which terms find others like it, and how alike those are."""

    def __init__(self, held: Mapping[str, int], counts: Mapping[str, int], papers: int) -> None:
        """`held` as of `terms_of`; `counts` says how many of all `papers` hold each term, up to `COUNTED`."""
        rarity = Rarity(papers, counts)
        self._rarity = {each: rarity.of(each) for each in counts}
        self._weights = {each: _damped(held[each]) * tells for each, tells in self._rarity.items() if each in held}
        shared = [each for each in self._weights if 1 < counts[each] < _commonest(papers)]
        self.sought: Sequence[str] = sorted(shared, key=lambda each: (-self._weights[each], each))[:_MOST_SOUGHT]
        """The terms that tell most and that some other paper holds too."""

    def best_first(self, papers: Iterable[Compared]) -> list[int]:
        """The ids of those that are alike, the most alike first, the newer first among equals."""
        scores = {each.id: self._score(terms_of(each.title, each.abstract)) for each in papers}
        return sorted((each for each in scores if scores[each]), key=lambda each: (scores[each], each), reverse=True)

    def _score(self, held: Mapping[str, int]) -> float:
        """0 where it is not alike."""
        shared = [each for each in held if each in self._weights]
        if len(set(self.sought).intersection(shared)) < min(_ENOUGH, len(self.sought)):
            return 0.0
        told = sum(self._weights[each] ** 2 for each in shared)
        if not shared or told < _LEAST_SHARED * sum(weight**2 for weight in self._weights.values()):
            return 0.0
        likeness = sum(self._weights[each] * _damped(held[each]) * self._rarity[each] for each in shared)
        return likeness / sqrt(sum(_damped(count) ** 2 for count in held.values()))


def terms_of(title: str, abstract: str) -> dict[str, int]:
    """The terms of a paper that say something alone, the first `_MOST_TERMS`, and how much each counts there."""
    counts = Counter[str]()
    for each in terms(title):
        counts[each] += _TITLE
    counts.update(terms(abstract[:_LONGEST_READ]))
    telling = (each for each in counts.items() if each[0] not in stop_terms() and len(each[0]) > 1)
    return dict(each for _, each in zip(range(_MOST_TERMS), telling, strict=False))


def terms_of_paper(paper: Paper) -> dict[str, int]:
    """The same for a whole paper."""
    return terms_of(paper.title, paper.abstract)


def _commonest(papers: int) -> int:
    """A term that so many papers hold finds none."""
    return min(COUNTED, max(_FEW + 1, papers // 2))


def _damped(count: int) -> float:
    return 1 + log(count)
