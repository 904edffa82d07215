"""How words are spelt in this library: those of its titles and first authors, read from the index when it has grown.

They lie in memory, a few megabytes for 100,000 papers, and may lag behind: a guide to what was meant, never an answer.
"""

from collections import defaultdict
from itertools import islice

from bot.domain.forgiveness import alike, further
from storage.dialects.vocabulary import count_indexed, first_authors, title_words
from storage.readers import Turn

_SHORTEST = 3
"""Letters of a word that may be misspelt."""
_GROWN = 50
"""The words are read again when one paper in so many is new or gone."""
_MANY = 50_000
"""Papers of a library in which a word that stands in one place only is taken for a mistake itself."""
_AT_ONCE = 20_000
"""Words compared in one go, two milliseconds in which no other thread runs."""


class Spellings:
    """The words, by their lengths. Safe for many threads at once."""

    def __init__(self) -> None:
        self._papers = 0
        self._by_size: dict[int, list[str]] = {}

    def refresh(self, turn: Turn) -> None:
        """See to it that the words are about those of the library as it is now. Raises OutOfTime."""
        papers = count_indexed(turn)
        if abs(papers - self._papers) * _GROWN <= self._papers and papers:
            return
        by_size: dict[int, list[str]] = defaultdict(list)
        at_least = 2 if papers > _MANY else 1
        both = (*title_words(turn, at_least=at_least), *first_authors(turn, at_least=at_least))
        for word in dict.fromkeys(both):
            if len(word) >= _SHORTEST and word.isalpha():
                by_size[len(word)].append(word)
        self._by_size, self._papers = by_size, papers

    def near(self, word: str) -> list[str]:
        """Words that may be this one with a letter wrong, missing, added or swapped, the nearest first."""
        by_size, found = self._by_size, []
        for size in range(len(word) - further(word), len(word) + further(word) + 1):
            words = iter(by_size.get(size, ()))
            while some := list(islice(words, _AT_ONCE)):
                found += alike(word, some)
        return alike(word, found)
