"""Orders a few hundred papers by how much they are about some words, few of which a paper need have. Finds nothing.

BM25 over title and abstract with their lengths (Robertson and Zaragoza, 2009), words side by side counted as words of
their own, and then once more with the words that the best of them share (Rocchio's feedback, 1971). The numbers were
chosen on four public collections, one setting for all: CONTRIBUTING names the command that measures it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.analysis import stop_terms
from bot.domain.rarity import Rarity

_TITLE = 2
"""What a word in the title counts for, next to one in the abstract."""
_SATURATION = 1.2
_LENGTH_SHARE = 0.6
_SIDE_BY_SIDE = 0.2
"""What two words that stand together as they were typed count for, next to the commoner of them."""
BEST = 5
"""How many of the best texts tell what else such papers say."""
_SHARED_BY = 2
_FURTHER_TERMS = 15
_FURTHER_SHARE = 0.2
_LONGEST_READ = 1_000
"""Terms of a text that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paper's terms, in order."""

    id: int
    """Greater is newer."""
    title: Sequence[str]
    abstract: Sequence[str]


class Resemblance:
    """Some texts, scored against the words sought. Give it hundreds, not thousands: it reads each whole."""

    def __init__(self, sought: Sequence[str], texts: Sequence[Text], rarity: Rarity) -> None:
        """`sought` are terms in the order typed."""
        self._texts = {each.id: each for each in texts}
        self._counts = {each.id: _weighted(each) for each in texts}
        lengths = {number: sum(counts.values()) for number, counts in self._counts.items()}
        usual = sum(lengths.values()) / len(lengths) if lengths else 1.0
        self._damping = {
            number: _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / (usual or 1.0))
            for number, length in lengths.items()
        }
        self._asked = Counter(sought)
        self._scores = self._scored({each: count * rarity.of(each) for each, count in self._asked.items()})
        for number, score in self._side_by_side(sought, rarity):
            self._scores[number] += score

    def best_first(self) -> list[int]:
        """The ids, best first; the newer first among equals."""
        return sorted(self._scores, key=lambda number: (self._scores[number], number), reverse=True)

    def shared_terms(self) -> frozenset[str]:
        """The terms that at least two of the best texts hold: what `reconsider` must know the rarity of."""
        shared = Counter(each for number in self.best_first()[:BEST] for each in self._counts[number])
        return frozenset(
            each for each, count in shared.items() if count >= _SHARED_BY and each not in stop_terms() and len(each) > 1
        )

    def reconsider(self, rarity: Rarity) -> None:
        """Let the terms that the best texts share count a little, for all texts."""
        best = self.best_first()[:BEST]
        weights = {each: sum(self._frequency(number, each) for number in best) / BEST for each in self.shared_terms()}
        told = sorted(weights, key=lambda each: (weights[each] * rarity.of(each), each), reverse=True)[:_FURTHER_TERMS]
        mass = _FURTHER_SHARE * self._asked.total() / (sum(weights[each] for each in told) or 1.0)
        for number, score in self._scored({each: mass * weights[each] * rarity.of(each) for each in told}).items():
            self._scores[number] += score

    def _scored(self, weights: Mapping[str, float]) -> dict[int, float]:
        return {
            number: sum(weight * self._frequency(number, each) for each, weight in weights.items())
            for number in self._texts
        }

    def _frequency(self, number: int, found: str) -> float:
        """How often a text holds a term, from 0 to 1: the first time counts most, and most in a short text."""
        count = self._counts[number].get(found, 0)
        return count / (count + self._damping[number]) if count else 0.0

    def _side_by_side(self, sought: Sequence[str], rarity: Rarity) -> Iterable[tuple[int, float]]:
        pairs = {pair: _SIDE_BY_SIDE * min(map(rarity.of, pair)) for pair in pairwise(sought) if pair[0] != pair[1]}
        for number, text in self._texts.items():
            held: dict[tuple[str, str], int] = defaultdict(int)
            for weight, terms in ((_TITLE, text.title), (1, text.abstract[:_LONGEST_READ])):
                for pair in pairwise(terms):
                    if pair in pairs:
                        held[pair] += weight
            damping = self._damping[number]
            yield number, sum(pairs[pair] * count / (count + damping) for pair, count in held.items())


def _weighted(text: Text) -> Mapping[str, int]:
    counts = Counter(text.abstract[:_LONGEST_READ])
    for each in text.title:
        counts[each] += _TITLE
    return counts
