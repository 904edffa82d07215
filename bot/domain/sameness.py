"""Decides whether two records are one paper: by their ids, and where those are silent by title and authors.

It merges nothing, and what it compares is bounded: comparing texts holds the interpreter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from bot.domain.analysis import BOUNDARY, JOINER, STOP_WORDS, author_terms, words
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author

LONGEST_COMPARED = 200
"""Characters of a title's words that are compared."""
MOST_PEOPLE = 50
"""Authors of a record that are compared; the same people come first in both."""

SHARED_WORDS = 0.55
"""What part of all their telling words two titles must share."""
_NEAR = 72.0
"""How alike, of 100, two titles must be beside that."""
_NEAR_UNDER_ONE_NAME = 55.0
"""How alike they must be when both begin with the same name and a colon, as in `BERT: …`."""
_SHARED_PEOPLE = 0.5
"""What part of the shorter list of authors must stand in the other too: lists are cut, and people come and go.

These four were found with 5,612 pairs of titles of one paper and all pairs of 109,000 papers that share an author:
of the pairs whose titles were edited 97.5 % are known as one, and 184 pairs of those papers would be taken for one if
ids did not tell them apart. A new version under a wholly new title goes unseen.
"""
SAME = 100.0
"""How alike titles are whose words are the same."""

_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
"""Numerals that are no words of their own; `v` and `x` are variables."""
_SEQUEL = re.compile(r"v?[2-9]|\+\+")

_Person = tuple[str, str, str]
"""Someone's family name, first given name or initial, and whole name in a fixed order of its words."""


class Signature(NamedTuple):
    """What of a record says, beside its title, which paper it is."""

    ids: Sequence[ExternalId]
    authors: Sequence[Author]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title in the form titles are compared in. What only few comparisons need is worked out when they do."""

    title: str
    words: tuple[str, ...]
    key: str
    """Its words without blanks, so that "pre-training" is "pretraining"."""
    telling: frozenset[str]
    """Its words, less those that say nothing alone."""

    @property
    def name(self) -> str:
        """The words before its colon, without blanks; empty where it has no colon."""
        before, colon, _ = self.title.partition(":")
        return "".join(words(before)) if colon else ""

    @property
    def ordered(self) -> str:
        """Its words in alphabetical order, as far as they are compared."""
        return " ".join(sorted(self.words))[:LONGEST_COMPARED]

    @property
    def numbers(self) -> set[str]:
        """Its numbers, and a double plus, which tells a sequel as well as a number does."""
        found = {_ROMAN.get(each, each) for each in self.words if each in _ROMAN or not each.isalpha()}
        return found | {"++"} if "++" in self.title else found


def heading(title: str) -> Heading:
    """The title, ready to be compared."""
    found = words(title)
    return Heading(
        title=title, words=tuple(found), key="".join(found) or title, telling=frozenset(telling_words(found))
    )


def telling_words(found: Sequence[str]) -> list[str]:
    """Those of a title's words that tell it from others, each once; all of them where none does."""
    return list(dict.fromkeys([each for each in found if each not in STOP_WORDS] or found))


def may_share_id(one: Iterable[ExternalId], other: Iterable[ExternalId]) -> bool:
    """Whether two records that share an id may be one paper: not when each has an arXiv id and they differ."""
    mine, theirs = arxiv_ids(one), arxiv_ids(other)
    return not mine or not theirs or not mine.isdisjoint(theirs)


def may_share_title(one: Iterable[ExternalId], other: Iterable[ExternalId]) -> bool:
    """Whether the ids of two records leave open that they are one paper: in no scheme has each an id of its own."""
    mine, theirs = _by_scheme(one), _by_scheme(other)
    return all(not mine[scheme].isdisjoint(theirs[scheme]) for scheme in mine.keys() & theirs.keys())


def arxiv_ids(ids: Iterable[ExternalId]) -> set[str]:
    """The arXiv ids among these."""
    return {each.value for each in ids if each.scheme == "arxiv"}


def title_likeness(one: Heading, other: Heading) -> float:
    """How likely two titles are one paper's: 100 for equal ones, 0 where they cannot be, whoever wrote them."""
    if one.key == other.key:
        return SAME
    if _share_a_name(one, other):
        near = _NEAR_UNDER_ONE_NAME
    elif len(one.telling & other.telling) >= max(1, SHARED_WORDS * len(one.telling | other.telling)):
        near = _NEAR
    else:
        return 0.0
    if not _numbers_agree(one.numbers, other.numbers):
        return 0.0
    return min(fuzz.ratio(one.ordered, other.ordered, score_cutoff=near), SAME - 1)


def are_one(likeness: float, one: Signature, other: Signature) -> bool:
    """Whether two records with titles so much alike are one paper, by their ids and authors.

    Under equal titles one person in common is enough; or, where one has no id, that one names nobody.
    """
    if not likeness or not may_share_title(one.ids, other.ids):
        return False
    if not one.authors or not other.authors:
        return likeness == SAME and not (one.ids and other.ids)
    people = min(len(one.authors), len(other.authors), MOST_PEOPLE)
    enough = 1 if likeness == SAME else max(1, _SHARED_PEOPLE * people)
    return _people_shared(one.authors, other.authors) >= enough


def authors_agree(one: Sequence[Author], other: Sequence[Author]) -> bool:
    """Whether two lists of authors do not contradict each other: someone stands in both, or one is empty."""
    return not one or not other or _people_shared(one, other) > 0


def _by_scheme(ids: Iterable[ExternalId]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in ids:
        found.setdefault(each.scheme, set()).add(each.value)
    return found


def _share_a_name(one: Heading, other: Heading) -> bool:
    """Whether both begin with the same name, or one consists of nothing else."""
    if one.key[:1] != other.key[:1] or not (":" in one.title or ":" in other.title):
        return False
    mine, theirs = one.name, other.name
    return bool(mine or theirs) and (mine or one.key) == (theirs or other.key)


def _numbers_agree(mine: set[str], theirs: set[str]) -> bool:
    """Whether titles with these numbers may be one paper's: a number may be added, but not changed.

    Part two, or version 2, is another paper than one without a number; part one often got its number later.
    """
    here, there = mine - theirs, theirs - mine
    return not (here and there) and not any(map(_SEQUEL.fullmatch, here | there))


def _people(authors: Sequence[Author]) -> list[_Person]:
    people: list[_Person] = []
    for person in author_terms(authors[:MOST_PEOPLE]).split(BOUNDARY):
        family, _, given = person.strip().partition(f" {JOINER}")
        names = given.split()[1:]
        people.append((family, names[0] if names else "", " ".join(sorted([*family.split(), *names]))))
    return [each for each in people if each[0]]


def _people_shared(mine: Sequence[Author], theirs: Sequence[Author]) -> int:
    """How many people stand in both lists, nobody counted twice."""
    left = _people(theirs)
    shared = 0
    for each in _people(mine):
        found = next((index for index, other in enumerate(left) if _is_one_person(each, other)), None)
        if found is not None:
            del left[found]
            shared += 1
    return shared


def _is_one_person(one: _Person, other: _Person) -> bool:
    """Whether two names may be one person's: written in the other order, or with less of the given name."""
    if one[2] == other[2]:
        return True
    if one[0] != other[0]:
        return False
    mine, theirs = sorted((one[1], other[1]), key=len)
    return theirs.startswith(mine) if len(mine) <= 1 else mine == theirs
