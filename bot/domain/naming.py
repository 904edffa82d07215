"""Says whose name the words of a query may be: people type names without saying that they are names. Knows no paper."""

from collections.abc import Mapping
from itertools import pairwise

from bot.domain.analysis import lead_label
from bot.domain.query import And, Field, Query, Words, any_of

_MOST_WORDS = 4
"""More words than this are a title or a sentence, and name nobody."""
_MOST_IN_A_NAME = 3


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


def ends_of(names: list[Words]) -> list[str]:
    """The words of these names that may be family names: people write them first or last."""
    return list(dict.fromkeys(word for each in names for word in (each.words[-1], each.words[0])))


def likely_names(names: list[Words], titled: Mapping[str, int], counts: Mapping[str, int]) -> Query | None:
    """What finds the papers of all whom these words may name; None where they are none of a name.

    A family name is called so where as many first authors have it as titles have the word: `titled` tells how many
    titles that are, and `counts` how many papers hold a label.
    """
    likely = [
        each for each in names if any(titled.get(end, 0) <= counts.get(lead_label(end), 0) for end in ends_of([each]))
    ]
    return Query(any_of([*likely])) if likely else None
