"""Picks the few of many titles that are worth comparing with one, by the rare words they share. Compares nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from heapq import nlargest
from itertools import combinations
from math import log
from typing import TypeVar

from bot.domain.sameness import SHARED_WORDS, telling_words

Number = TypeVar("Number", int, str)
"""The number of a title, or the same in writing; the greater is newer."""

MOST_COMPARED = 8
"""Titles that one is compared with."""
MOST_HOLDERS = 2_000
"""Titles looked at that hold a word, the newest: a word in more of them is common."""
_COMMON = 1_500
"""A word in so many titles tells little of any."""
MOST_TOGETHER = 200
"""Titles looked at that hold the same three words, the newest."""
MOST_OF_ONE_TITLE = 20
"""Titles looked at that are the very same, the newest: thousands of papers are called "Editorial"."""
_MOST_WORDS = 40
"""Words of a title that are looked for."""
_LOOKED_TOGETHER = 4
"""Words, the rarest, that are looked for in threes where most words are common."""


def sought_words(title_words: str) -> tuple[str, ...]:
    """What a title is looked for by, of its words as `PaperTerms` has them."""
    return tuple(telling_words(title_words.split())[:_MOST_WORDS])


def shortlist(telling: Collection[str], holders: Mapping[str, Collection[Number]]) -> list[Number]:
    """The titles, by number, that share most of these words; `holders` are those that hold a word.

    Where no word has more holders than are told here, and few titles share any, none is missing that shares as much
    as `SHARED_WORDS`: of so many rarest words it cannot lack all but one.
    """
    rarest = _rarest(telling, holders)
    if not rarest:
        return []
    missing = len(telling) - len(rarest)
    enough = max(1, int((1 - SHARED_WORDS) * len(telling)) + 2 - missing)
    shared: defaultdict[Number, float] = defaultdict(float)
    for one, other in combinations([frozenset(holders[each]) for each in rarest[:enough]], 2):
        weight = 1 / log(2 + len(one)) / log(2 + len(other))
        for each in one & other:
            shared[each] += weight
    if len(rarest) == 1 or len(holders[rarest[0]]) <= MOST_COMPARED:
        for each in holders[rarest[0]]:
            shared[each] += 1 / log(2 + len(holders[rarest[0]])) / log(2 + MOST_HOLDERS)
    return nlargest(MOST_COMPARED, shared, key=lambda number: (shared[number], int(number)))


def common_threes(telling: Collection[str], holders: Mapping[str, Collection[Number]]) -> list[tuple[str, ...]]:
    """Words to look for together where too few are rare to tell a title; none where enough are."""
    rarest = _rarest(telling, holders)
    if len(rarest) < 3 or len(holders[rarest[2]]) < _COMMON:
        return []
    return list(combinations(rarest[:_LOOKED_TOGETHER], 3))


def _rarest(telling: Collection[str], holders: Mapping[str, Collection[Number]]) -> list[str]:
    """Those of these words that any title holds, the rarest first; of the common ones the longest."""
    held = [each for each in telling if holders.get(each)]
    return sorted(held, key=lambda each: (len(holders[each]), -len(each), each))
