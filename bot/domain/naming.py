"""Says whose name the words of a query may be: people type names without saying that they are names. Knows no paper."""

from collections.abc import Container, Mapping, Sequence
from itertools import pairwise

from bot.domain.query import And, Field, Query, Words

_MOST_WORDS = 4
"""More words than this are a title or a sentence, and name nobody."""
_MOST_IN_A_NAME = 3
_ONE_IN = 1_000
"""A word that more titles hold than one in so many is no given name."""
_A_FEW = 3
"""Titles that may hold a given name in any library."""


def may_name(query: Query) -> list[Words]:
    """The words without a field that may be a person's name: two or three side by side, or one that is the only one."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    sought = [each for each in parts if isinstance(each, Words) and each.field is Field.ANY]
    if not 0 < len(sought) <= _MOST_WORDS or not all(map(_is_of_a_name, sought)):
        return []
    words = [each.words[0] for each in sought]
    runs = [tuple(words)] if len(words) in (1, _MOST_IN_A_NAME) else []
    return [Words(each, Field.AUTHOR) for each in (*runs, *pairwise(words))]


def _is_of_a_name(words: Words) -> bool:
    return len(words.words) == 1 and not words.prefix and words.words[0].isalpha()


def words_of(names: Sequence[Words]) -> list[str]:
    """All the words of these, each once."""
    return list(dict.fromkeys(word for each in names for word in each.words))


def likely_names(
    names: Sequence[Words], titled: Mapping[str, int], leads: Mapping[str, int], papers: int
) -> list[Words]:
    """Those of these that may be somebody's name.

    The first word or the last is a family name, as which it stands at least as often as in titles, and none is common
    in titles. `titled` and `leads` tell how many of all the papers have a word in the title, and as the first author's
    family name.
    """

    def is_family(word: str) -> bool:
        return titled.get(word, 0) <= leads.get(word, 0)

    return [
        each
        for each in names
        if (is_family(each.words[-1]) or is_family(each.words[0])) and may_be_given(each.words, titled, leads, papers)
    ]


def may_be_given(words: Sequence[str], titled: Mapping[str, int], leads: Mapping[str, int], papers: int) -> bool:
    """Whether each of these words may stand in a name: it is a family name, or not common in titles."""
    rare = max(_A_FEW, papers // _ONE_IN)
    return all(titled.get(each, 0) <= max(rare, leads.get(each, 0)) for each in words)


def sure_names(names: Sequence[Words], leads: Mapping[str, int], called: Container[str]) -> list[Words]:
    """Those of these that surely are names: all their words are rather names than words, which is what `called` holds,
    and the first or the last is the family name of the first author of some papers, of which `leads` tells."""
    return [
        each
        for each in names
        if (leads.get(each.words[-1], 0) or leads.get(each.words[0], 0)) and all(word in called for word in each.words)
    ]
