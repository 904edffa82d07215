"""Says why a query matches a paper or does not: the words that met it, or the parts of it that failed. Matches nothing.

Its verdict is that of `matching`, always.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType

from bot.domain.analysis import PreparedPaper, source_words
from bot.domain.categories import archive_of, canonical_category
from bot.domain.conditions import AnyOf, Column, Has, condition
from bot.domain.days import Ago
from bot.domain.flat import moment
from bot.domain.laid_open import LaidOpen
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
    Query,
    WithId,
    Words,
)

_ORDER = (Column.TITLE, Column.ABSTRACT, Column.AUTHORS, Column.LABELS)
"""Where words are looked for first."""
_MOST_NAMED = 4
"""Parts of an OR that are named, and ids, categories and sources of a paper."""

_Leaf = Words | InCategory | WithId | FromSource | Having | Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A part of a query that a paper does not meet, and why, as the rest of a sentence."""

    part: Node
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a query matches a paper or does not. It matches exactly where there are no failures."""

    words: tuple[str, ...] = ()
    """What the query looked for, as the paper has it: words and phrases of its texts, names of its authors."""
    facts: tuple[str, ...] = ()
    """What else met it, such as `cs.LG`."""
    failures: tuple[Failure, ...] = ()

    @property
    def is_matched(self) -> bool:
        return not self.failures

    @property
    def met_by(self) -> tuple[str, ...]:
        """Words and facts together."""
        return (*self.words, *self.facts)


@dataclass(frozen=True, slots=True)
class _Met:
    """One thing in a paper that met a part of a query, and where it stands."""

    column: Column
    text: str
    node: _Leaf


_VERBS: MappingProxyType[type[_Leaf], str] = MappingProxyType(
    {InCategory: "is in", WithId: "is", FromSource: "came from", Having: "has", Published: "was"}
)
"""Between "the paper" and what it should not have."""

_Outcome = tuple[list[_Met], list[Failure]]
"""What met a node; or, where any is there, what it failed for."""


class Explainer:
    """One paper, laid open once for any number of queries."""

    def __init__(self, paper: PreparedPaper) -> None:
        self._paper = LaidOpen(paper)

    def explain(self, query: Query, *, now: datetime) -> Explanation:
        """Why the query matches or does not. Spans back from now are counted from its day in UTC."""
        met, failures = self._outcome(query.root, now.astimezone(UTC).date())
        if failures:
            return Explanation(failures=tuple(failures))
        words = (each.text for each in met if each.column is not Column.LABELS)
        facts = (each.text for each in met if each.column is Column.LABELS)
        return Explanation(words=_once(words), facts=_once(facts))

    def _outcome(self, node: Node, today: date) -> _Outcome:
        match node:
            case And(parts):
                outcomes = [self._outcome(each, today) for each in parts]
                return [each for met, _ in outcomes for each in met], [each for _, some in outcomes for each in some]
            case Or(parts):
                outcomes = [self._outcome(each, today) for each in parts]
                met = [each for found, failures in outcomes if not failures for each in found]
                return met, [_none_of(node, outcomes)] if all(failures for _, failures in outcomes) else []
            case Not(part):
                met, failures = self._outcome(part, today)
                return [], [] if failures else [Failure(part=node, told=f"{node}: {_held(met)}")]
            case _:
                found = self._met(node, today)
                return ([found], []) if found else ([], [Failure(part=node, told=self._lacks(node, today))])

    def _met(self, node: _Leaf, today: date) -> _Met | None:
        if isinstance(node, Published):
            is_met = self._paper.is_published(node, today)
            return _Met(Column.LABELS, f"published {self._day()}", node) if is_met else None
        asked = _asked(node)
        for column in _ORDER:
            for each in asked:
                place = self._paper.place_of(each, column)
                if place is not None:
                    is_label = column is Column.LABELS
                    text = self._fact(node) if is_label else self._paper.written(each, column, place)
                    return _Met(column, text, node)
        return None

    def _fact(self, node: _Leaf) -> str:
        """What of the paper, beside its words, meets this."""
        match node:
            case InCategory(name):
                fitting = (each for each in self._paper.categories if name.removesuffix(".*") in _spelled(each))
                return next(fitting, name)
            case FromSource(words):
                fitting = (each for each in self._paper.sources if source_words(each)[: len(words)] == words)
                return next(fitting, "-".join(words))
            case WithId(identifier):
                return identifier.value
            case _:
                return "code"

    def _lacks(self, node: _Leaf, today: date) -> str:
        """Why the paper does not meet this."""
        match node:
            case Words():
                return self._lacks_words(node)
            case InCategory():
                known = f"the paper is in {_listed(self._paper.categories) or 'no category'}"
            case WithId():
                ids = [each.value for each in self._paper.flat.external_ids()]
                known = f"the paper is {_listed(ids) or 'without any id'}"
            case FromSource():
                known = f"the paper came from {_listed(self._paper.sources) or 'elsewhere'}"
            case Having():
                known = "no link to code is known"
            case Published():
                known = self._published(node.first_day(today), is_meant=isinstance(node.day, Ago))
        return f"needs {node}, {known}"

    def _published(self, day: date, *, is_meant: bool) -> str:
        if self._paper.flat.published_at is None:
            return "its date is not known"
        meant = f"which was {day.isoformat()}, and " if is_meant else ""
        return f"{meant}it was published {self._day()}"

    def _lacks_words(self, node: Words) -> str:
        words = _quoted(Words(node.words, prefix=node.prefix))
        abstract = "" if self._paper.flat.abstract else "; its abstract is not known"
        match node.field:
            case Field.AUTHOR:
                return f"no author is {words}"
            case Field.TITLE:
                return f"{words} is not in the title"
            case Field.ABSTRACT:
                return f"{words} is not in the abstract{abstract}"
            case Field.ANY:
                return f"{words} is not in it{abstract}"

    def _day(self) -> str:
        at = self._paper.flat.published_at
        return "" if at is None else moment(at).date().isoformat()


def explain(query: Query, paper: PreparedPaper, *, now: datetime) -> Explanation:
    """Why a query matches a paper or does not, as `matching` decides. Spans back are counted from now's day in UTC."""
    return Explainer(paper).explain(query, now=now)


@lru_cache(maxsize=1 << 12)
def _asked(node: _Leaf) -> tuple[Has, ...]:
    """What a part asks for, any of which will do."""
    asked = condition(node)
    return tuple(each for each in (asked.parts if isinstance(asked, AnyOf) else (asked,)) if isinstance(each, Has))


def _none_of(node: Or, outcomes: Iterable[_Outcome]) -> Failure:
    """The failure of an OR; of a part that is an AND it is said what of that failed."""
    named = [
        f"{_quoted(part)} ({failures[0].told})" if isinstance(part, And) else _quoted(part)
        for part, (_, failures) in zip(node.parts, outcomes, strict=True)
    ]
    if len(named) == 2:
        return Failure(part=node, told=f"neither {named[0]} nor {named[1]}")
    return Failure(part=node, told=f"none of {_listed(named)}")


def _spelled(category: str) -> set[str]:
    """The names under which a category is found."""
    both = {category, canonical_category(category)}
    return both | set(map(archive_of, both))


def _held(met: Iterable[_Met]) -> str:
    """What the paper has that it should not have."""
    return "; ".join(_once(map(_has, met)))


def _has(met: _Met) -> str:
    if met.column is Column.AUTHORS:
        return f"{met.text} is an author"
    if isinstance(met.node, Words):
        return f"the {met.column} holds '{met.text}'"
    return f"the paper {_VERBS[type(met.node)]} {met.text}"


def _quoted(node: Node) -> str:
    text = str(node)
    return text if text.startswith('"') and text.endswith('"') and text.count('"') == 2 else f"'{text}'"


def _listed(texts: list[str]) -> str:
    more = len(texts) - _MOST_NAMED
    return ", ".join([*texts[:_MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts without repeats, whatever their case."""
    return tuple(_distinct(texts))


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for each in texts:
        if each.casefold() not in seen:
            seen.add(each.casefold())
            yield each
