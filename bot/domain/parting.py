"""What words a word may be that were typed without the blanks between them. Knows no paper: it is told of titles."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from bot.domain.analysis import STOP_WORDS

_SHORTEST = 3
"""Letters of a word before which a blank may be missing, or behind which; between two blanks a stop word may be too."""
_FAR = 20
"""So many times as many titles hold each of the words as papers hold them written as one."""
_FEWEST, _ONE_IN = 2, 50
"""In a small library so many titles are enough for what no paper holds as one: one in so many, and no fewer."""
_MOST_IN_THREE = 100
"""Ways to cut a word in three that are looked at."""

Cut = tuple[str, ...]


def cuts(word: str) -> list[Cut]:
    """The two words that this may be: "batch norm" of "batchnorm"."""
    return [(word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1)]


def cuts_in_three(word: str, titled: Mapping[str, int], papers: int) -> list[Cut]:
    """The three words that this may be, "graph neural networks" of "graphneuralnetworks", whose first and last are
    common in titles, the commonest first: a bounded number of them.

    `titled` tells how many titles of all the papers hold the halves that `cuts` gives.
    """

    def commonest(words: Iterable[str]) -> list[str]:
        common = [each for each in words if titled.get(each, 0) >= _enough(papers)]
        return sorted(common, key=lambda each: -titled[each])

    begun, ended = commonest(each for each, _ in cuts(word)), commonest(each for _, each in cuts(word))
    found = ((first, word[len(first) : -len(last)], last) for first in begun for last in ended)
    return list(islice((each for each in found if _may_be_between(each[1])), _MOST_IN_THREE))


def parted(word: str, held: int, titled: Mapping[str, int], papers: int) -> str | None:
    """The two words, each far commoner in titles, that a word most likely is which so many of all papers hold; where
    there are none, the three; else None."""
    least = _FAR * held if held else _enough(papers)
    return _commonest(cuts(word), titled, least) or _commonest(cuts_in_three(word, titled, papers), titled, least)


def _commonest(found: Collection[Cut], titled: Mapping[str, int], least: int) -> str | None:
    common = {cut: min(titled.get(each, 0) for each in cut) for cut in found}
    best = max(common, key=lambda cut: (common[cut], cut), default=None)
    return " ".join(best) if best and common[best] >= least else None


def _enough(papers: int) -> int:
    return min(_FAR, max(_FEWEST, papers // _ONE_IN))


def _may_be_between(word: str) -> bool:
    return len(word) >= _SHORTEST or word in STOP_WORDS
