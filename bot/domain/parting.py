"""What words a word may be that were typed without the blanks between them. Knows no paper: it is told of titles."""

from collections.abc import Collection, Mapping
from itertools import islice

from bot.domain.analysis import STOP_WORDS

_SHORTEST = 3
"""Letters of a word before which a blank may be missing, or behind which; between two blanks a stop word may be too."""
_FAR = 20
"""So many times as many titles hold each of the words as papers hold them written as one."""
_MOST_IN_THREE = 100
"""Ways to cut a word in three that are looked at."""

Cut = tuple[str, ...]


def cuts(word: str) -> list[Cut]:
    """The two words that this may be: "batch norm" of "batchnorm"."""
    return [(word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1)]


def cuts_in_three(word: str, titled: Mapping[str, int]) -> list[Cut]:
    """The three words that this may be, "graph neural networks" of "graphneuralnetworks", whose first and last are
    common in titles, the commonest first: a bounded number of them.

    `titled` tells how many titles hold the halves that `cuts` gives.
    """
    begun = sorted((each for each, _ in cuts(word) if _is_common(each, titled)), key=lambda each: -titled[each])
    ended = sorted((each for _, each in cuts(word) if _is_common(each, titled)), key=lambda each: -titled[each])
    found = ((first, word[len(first) : -len(last)], last) for first in begun for last in ended)
    return list(islice((each for each in found if _may_be_between(each[1])), _MOST_IN_THREE))


def parted(word: str, held: int, titled: Mapping[str, int]) -> str | None:
    """The two words, each far commoner in titles, that a word most likely is which so many papers hold; where there are
    none, the three; else None."""
    return _commonest(cuts(word), held, titled) or _commonest(cuts_in_three(word, titled), held, titled)


def _commonest(found: Collection[Cut], held: int, titled: Mapping[str, int]) -> str | None:
    common = {cut: min(titled.get(each, 0) for each in cut) for cut in found}
    best = max(common, key=lambda cut: (common[cut], cut), default=None)
    return " ".join(best) if best and common[best] >= _FAR * max(1, held) else None


def _is_common(word: str, titled: Mapping[str, int]) -> bool:
    return titled.get(word, 0) >= _FAR


def _may_be_between(word: str) -> bool:
    return len(word) >= _SHORTEST or word in STOP_WORDS
