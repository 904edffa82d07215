"""The key by which a document cites a paper: `vaswani2017attention`, and no two alike in one answer."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, product
from string import ascii_lowercase

from bot.domain.analysis import STOP_WORDS, words
from bot.domain.cited import Cited

_LONGEST_PART = 30
_NO_ASCII = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that folding leaves as they are, and what people type for them."""
_NOT_NAMES = frozenset({"the", "on", "behalf", "of", "for", "collaboration", "collaborations", "team", "group"})


def citation_keys(papers: Sequence[Cited]) -> list[str]:
    """A key for each: family name, year and first telling word of the title, in small ASCII letters and digits.

    Papers that would share a key get letters at its end, as bibliographies have them: `…a`, `…b`.
    """
    wanted = [_key(each) for each in papers]
    often = Counter(wanted)
    taken = {key for key in wanted if often[key] == 1}
    suffixes = {key: _suffixes() for key in often}
    keys = []
    for key in wanted:
        if often[key] > 1:
            key = next(found for suffix in suffixes[key] if (found := key + suffix) not in taken)  # noqa: PLW2901
            taken.add(key)
        keys.append(key)
    return keys


def _suffixes() -> Iterator[str]:
    return ("".join(letters) for length in count(1) for letters in product(ascii_lowercase, repeat=length))


def _key(paper: Cited) -> str:
    telling = [word for word in map(_plain, words(paper.title)) if word and word not in STOP_WORDS]
    return (_family(paper) or "anonymous") + paper.year + next(iter(telling), "")


def _family(paper: Cited) -> str:
    """The first author's family name with its particle; of a group, the first word that names it."""
    if not paper.authors:
        return ""
    first = paper.authors[0]
    if first.given:
        return _plain("".join(words(f"{first.particle} {first.family}")))
    return next((word for word in map(_plain, words(first.family)) if word and word not in _NOT_NAMES), "")


def _plain(word: str) -> str:
    return _NO_ASCII.sub("", word.translate(_LETTERS))[:_LONGEST_PART]
