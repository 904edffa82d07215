"""What may have been meant where a query, as it stands, finds nothing: other spellings, or only some of its words.

For searches that a person waits for; what a channel follows is never read so freely.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.analysis import STOP_WORDS, term
from bot.domain.query import And, Field, Node, Or, Query, Words, all_of, any_of

SHORTEST = 4
"""Letters of a word that may be misspelt: shorter ones are too much alike."""
MOST_WORDS = 24
"""Words of which spellings are looked up."""
_LONG = 8
"""Letters of a word in which two may be wrong."""
_MOST_ALIKE = 16
_PER_LETTER = 3.0
"""What a wrong letter takes away: the right spelling must be e³, about 20 times, as common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """A query of which a paper need hold only some words."""

    words: tuple[str, ...]
    """Folded and unstemmed, as typed: one that is repeated counts twice; never empty."""
    kept: tuple[Node, ...]
    """What still must hold: categories, authors, dates, and what is left out."""


def loosened(query: Query, typed: Sequence[str]) -> Loose | None:
    """The query with its words set free, also those of phrases; None where a single word is all it asks for.

    `typed` are all the words as they were typed: a query does not tell how often somebody said a word.
    """
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    free = [part for part in parts if _is_free(part)]
    found = {word for part in free for word in _words(part)}
    telling = [word for word in typed if word in found and word not in STOP_WORDS] or sorted(found)
    if len(set(telling)) < 2:
        return None
    return Loose(words=tuple(telling), kept=tuple(part for part in parts if part not in free))


def doubtful(query: Query) -> tuple[str, ...]:
    """The words of a query that may be misspelt, excluded ones left out."""
    found = dict.fromkeys(word for each in query.sought() if not each.prefix for word in each.words)
    return tuple(islice((word for word in found if len(word) >= SHORTEST and word.isalpha()), MOST_WORDS))


def further(word: str) -> int:
    """How many letters may be wrong in a word."""
    return 2 if len(word) >= _LONG else 1


def alike(word: str, spellings: Sequence[str]) -> list[str]:
    """Those spellings that differ from a word in as few letters as may be wrong, swapped neighbours counting once."""
    near = process.extract(word, spellings, scorer=OSA.distance, score_cutoff=further(word), limit=_MOST_ALIKE)
    return [spelling for spelling, _, _ in near]


def likeliest(word: str, spellings: Sequence[str], counts: Mapping[str, int]) -> str:
    """The spelling that was meant: `word` itself, unless another one is far commoner or it is none of them.

    `counts` tells of terms in about how many papers they stand.
    """

    def likelihood(spelling: str) -> tuple[float, str]:
        common = max(counts.get(term(spelling), 0), counts.get(spelling, 0))
        return (log(1 + common) - _PER_LETTER * OSA.distance(word, spelling), spelling)

    known = counts.get(term(word), 0) or counts.get(word, 0) or word in spellings
    return max([*spellings, *([word] if known else [])], key=likelihood, default=word)


def respelt(query: Query, spellings: Mapping[str, str]) -> Query:
    """The query with words spelt otherwise; what it leaves out stays as it is."""
    return Query(_respelt(query.root, spellings))


def _respelt(node: Node, spellings: Mapping[str, str]) -> Node:
    match node:
        case Words(words):
            return replace(node, words=tuple(spellings.get(word, word) for word in words))
        case And(parts):
            return all_of([_respelt(part, spellings) for part in parts])
        case Or(parts):
            return any_of([_respelt(part, spellings) for part in parts])
        case _:
            return node


def _is_free(node: Node) -> bool:
    if isinstance(node, And | Or):
        return all(map(_is_free, node.parts))
    return isinstance(node, Words) and node.field is not Field.AUTHOR


def _words(node: Node) -> Iterator[str]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _words(part)
    elif isinstance(node, Words):
        yield from node.words
