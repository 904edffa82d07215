"""What a query is: a tree of what a paper must hold, with one canonical written form. Knows no text and no database.

`str(query)` is the canonical form, and parsing it gives an equal query (`bot.domain.parsing`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.analysis import STOP_WORDS
from bot.domain.days import Ago, day_on, written_day
from bot.domain.papers import ExternalId

_QUOTED_ALONE = STOP_WORDS | {"et"}
"""Words that are skipped where they are read without quotes; "et" with the "al" after it."""


class Field(StrEnum):
    """Where words are looked for; the value is how it is written. ANY is title, abstract and author names."""

    ANY = ""
    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several that must stand together in this order; the last may be only the start of a word.

    They are folded but unstemmed, as `analysis.words` gives them, and never empty.
    """

    words: tuple[str, ...]
    field: Field = Field.ANY
    prefix: bool = False

    def __str__(self) -> str:
        return f"{self.field}:{self._value()}" if self.field else self._value()

    def _value(self) -> str:
        if self.prefix:
            return "-".join(self.words) + "*"
        if len(self.words) > 1 or self.words[0] in _QUOTED_ALONE:
            return f'"{" ".join(self.words)}"'
        return self.words[0]


@dataclass(frozen=True, slots=True)
class InCategory:
    """A paper in this arXiv category, `cs.CL`, or anywhere in this archive, `cs.*`."""

    name: str

    def __str__(self) -> str:
        return f"cat:{self.name}"


@dataclass(frozen=True, slots=True)
class WithId:
    """A paper with this id."""

    id: ExternalId

    def __str__(self) -> str:
        is_plain = "(" not in self.id.value and ")" not in self.id.value
        return f"id:{self.id.value}" if is_plain else f'id:"{self.id.value}"'


@dataclass(frozen=True, slots=True)
class FromSource:
    """A paper that was seen in a source whose name begins with these words, as `analysis.source_words` gives them."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"source:{'-'.join(self.words)}"


class Feature(StrEnum):
    """What a paper may have besides its text; the value is how it is written."""

    CODE = "code"


@dataclass(frozen=True, slots=True)
class Having:
    """A paper that has this."""

    feature: Feature

    def __str__(self) -> str:
        return f"has:{self.feature}"


class Side(StrEnum):
    """On which side of a day; the value is how it is written. The day itself belongs to AFTER."""

    AFTER = "after"
    BEFORE = "before"


_TWO_YEARS = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Published:
    """A paper published on this day (in UTC) or later, or before it. A paper without a date is neither."""

    side: Side
    day: date | Ago

    def __str__(self) -> str:
        return f"{self.side}:{written_day(self.day)}"

    def first_day(self, today: date) -> date:
        """The first day that is AFTER, today."""
        return day_on(self.day, today)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts, at least one of which is no `Not`."""

    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts, none of which is a `Not`."""

    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    """Not this part; only ever inside an `And`."""

    part: "Node"

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


Node = Words | InCategory | WithId | FromSource | Having | Published | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """What a person looks for. Two queries that are written alike in canonical form are equal."""

    root: Node

    def __str__(self) -> str:
        return str(self.root)

    @property
    def is_plain(self) -> bool:
        """Whether it asks for whole words and phrases alone, wherever they stand, as a title does."""
        parts = self.root.parts if isinstance(self.root, And) else (self.root,)
        return all(isinstance(each, Words) and each.field is Field.ANY and not each.prefix for each in parts)

    def sought(self) -> Iterator[Words]:
        """The words a matching paper holds, for marking them: all that are not excluded."""
        return _sought(self.root)

    @property
    def is_dated(self) -> bool:
        """Whether it says when a matching paper was published."""
        return _is_dated(self.root)

    @property
    def is_citation(self) -> bool:
        """Whether it asks for what people wrote within two years, as papers are cited."""
        parts = self.root.parts if isinstance(self.root, Or) else (self.root,)
        return all(map(_is_citation, parts))


def _is_dated(node: Node) -> bool:
    return isinstance(node, Published) or (isinstance(node, And | Or) and any(map(_is_dated, node.parts)))


def _is_citation(node: Node) -> bool:
    parts = node.parts if isinstance(node, And) else ()
    days = {each.side: each.day for each in parts if isinstance(each, Published)}
    first, last = days.get(Side.AFTER), days.get(Side.BEFORE)
    is_brief = isinstance(first, date) and isinstance(last, date) and last - first <= _TWO_YEARS
    return is_brief and any(isinstance(each, Words) and each.field is Field.AUTHOR for each in parts)


def _sought(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _sought(part)


def count_words(node: Node) -> int:
    """How many words a tree holds, the excluded ones as well; what is no words counts as one."""
    if isinstance(node, And | Or):
        return sum(map(count_words, node.parts))
    if isinstance(node, Not):
        return count_words(node.part)
    return len(node.words) if isinstance(node, Words) else 1


def all_of(parts: list[Node]) -> Node:
    """Every one of the parts, flattened and without repeats; `parts` is not empty."""
    return _joined(And, parts)


def any_of(parts: list[Node]) -> Node:
    """At least one of the parts, flattened and without repeats; `parts` is not empty."""
    return _joined(Or, parts)


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def none_of(part: Node) -> Node:
    """Not this part; twice not is the part itself."""
    return part.part if isinstance(part, Not) else Not(part)
