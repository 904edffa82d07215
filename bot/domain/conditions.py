"""Says what a query asks of a paper's finished terms and its date, the same for every engine; asks no engine itself."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.analysis import id_label, initial, label, source_label, term
from bot.domain.query import (
    And,
    Field,
    FromSource,
    Having,
    InCategory,
    Node,
    Not,
    Or,
    Published,
    WithId,
    Words,
)
from bot.domain.variants import written_otherwise


class Column(StrEnum):
    """A column of the text index: a part of `PaperTerms`."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHORS = "authors"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class Has:
    """Any of these columns holds these terms next to each other; the last may be the start of a term."""

    columns: tuple[Column, ...]
    terms: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of `parts` holds, and none of `without`; `parts` is not empty."""

    parts: tuple["Condition", ...]
    without: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more parts holds."""

    parts: tuple["Condition", ...]


Condition = Has | Published | AllOf | AnyOf
"""`Published` is the query's own: days back from now are dates only when the engine is told what day it is."""

_TEXT = (Column.TITLE, Column.ABSTRACT)
TEXT_COLUMNS = (*_TEXT, Column.AUTHORS)
"""Where words without a field are looked for; labels are never words."""


def condition(node: Node) -> Condition:
    """What a part of a query asks for. A `Not` outside an `And` has no condition: ValueError."""
    match node:
        case Words():
            return _words(node)
        case Published():
            return node
        case Or():
            return AnyOf(tuple(map(condition, node.parts)))
        case And():
            parts = tuple(condition(part) for part in node.parts if not isinstance(part, Not))
            without = tuple(condition(part.part) for part in node.parts if isinstance(part, Not))
            return AllOf(parts, without) if without or len(parts) > 1 else parts[0]
        case Not():
            raise ValueError(f"{node} has no condition of its own")
        case _:
            return Has((Column.LABELS,), (label_of(node),))


def label_of(node: InCategory | WithId | FromSource | Having) -> str:
    """The label that papers of such a kind carry."""
    match node:
        case InCategory():
            return label("category", node.name.removesuffix(".*"))
        case WithId():
            return id_label(node.id)
        case FromSource():
            return source_label(node.words)
        case Having():
            return label("has", node.feature)


def _words(node: Words) -> Condition:
    match node.field:
        case Field.TITLE:
            asked = _text((Column.TITLE,), node)
        case Field.ABSTRACT:
            asked = _text((Column.ABSTRACT,), node)
        case Field.AUTHOR:
            asked = _name(node)
        case Field.ANY:
            asked = [*_text(_TEXT, node), *_name(node)]
    found = _joined(asked)
    return found[0] if len(found) == 1 else AnyOf(found)


def _text(columns: tuple[Column, ...], node: Words) -> list[Has]:
    """The words as stems. The start of a word is also taken for a whole one: `networks*` finds "network"."""
    stems = tuple(map(term, node.words))
    whole = Has(columns, stems)
    if not node.prefix:
        # In all columns the index need not look in some alone, which would cost a copy of each list.
        where = TEXT_COLUMNS if columns == _TEXT else columns
        return [whole, *(Has(where, tuple(map(term, each))) for each in written_otherwise(node.words))]
    begun = Has(columns, (*stems[:-1], node.words[-1]), prefix=True)
    return [begun] if stems[-1].startswith(node.words[-1]) else [begun, whole]


def _name(node: Words) -> list[Has]:
    """One person's name: `analysis.author_terms` says how names are kept.

    "Yann LeCun" and "LeCun Yann" find Yann and Y. LeCun, and "Y. LeCun" finds both and any other Y. LeCun: the first
    given name or its initial decides, further ones may be missing. A family name of several words is a phrase.
    """
    authors = (Column.AUTHORS,)
    if node.prefix:
        return [Has(authors, node.words, prefix=True)]
    ways = (node.words, *written_otherwise(node.words, is_name=True))
    return [Has(authors, found) for each in ways for found in _orders(each)]


def _orders(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    *before, last = words
    if not before:
        return [words]
    given_first = [(last, *found) for found in _given(words[0])]
    family_first = [(*before, *found) for found in _given(last)[:1]]
    return [words, *given_first, *family_first]


def _given(name: str) -> list[tuple[str, ...]]:
    """How a given name may be kept: as it is, or as its initial; an initial stands for every name it begins."""
    if len(name) == 1:
        return [(initial(name),)]
    return [(initial(name), name), (initial(name), name[0])]


def _joined(asked: list[Has]) -> tuple[Has, ...]:
    """The same conditions; those that differ only in their columns become one."""
    columns: dict[tuple[tuple[str, ...], bool], tuple[Column, ...]] = {}
    for each in asked:
        key = (each.terms, each.prefix)
        columns[key] = tuple(dict.fromkeys((*columns.get(key, ()), *each.columns)))
    return tuple(Has(where, terms, prefix) for (terms, prefix), where in columns.items())
