"""How good a ranked list is against what people judged relevant: nDCG, average precision, success."""

from collections.abc import Mapping, Sequence
from math import log2


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, linear gains (Järvelin and Kekäläinen, 2002)."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(each, 0.0) for each in ranked[:depth]]) / ideal if ideal else 0.0


def average_precision(ranked: Sequence[str], grades: Mapping[str, float]) -> float:
    """The mean of the precisions at each relevant document; what is not in the list counts as never found."""
    relevant = {each for each, grade in grades.items() if grade > 0}
    found, total = 0, 0.0
    for place, each in enumerate(ranked, start=1):
        if each in relevant:
            found += 1
            total += found / place
    return total / len(relevant) if relevant else 0.0


def success(ranked: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """1 where anything relevant is among the first `depth`."""
    return float(any(grades.get(each, 0.0) > 0 for each in ranked[:depth]))


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / log2(place + 1) for place, grade in enumerate(grades, start=1))
