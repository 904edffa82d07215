"""Puts a condition into PostgreSQL's words: tsqueries where terms decide, SQL where phrases or dates do. Runs nothing.

Every term is quoted, so that no word of a person reaches a query syntax.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.conditions import AllOf, AnyOf, Column, Condition, Has
from bot.domain.flat import day_start
from bot.domain.query import Published, Side
from bot.domain.rarity import Rarity
from storage.dialects.gin import AUTHOR_MARK, TITLE_MARK, quoted
from storage.dialects.gin_blocks import blocks_between

Sql = tuple[str, tuple[object, ...]]
"""An expression and its parameters."""

_MATCHES = "paper_index.terms @@ CAST(CAST(? AS text) AS tsquery)"
_WEIGHTS = {TITLE_MARK: 0.96, AUTHOR_MARK: 1.69, "": 1.0}
"""What a term counts for in each place, as bm25() has it where one in the title counts ten times: its second time tells
far less than its first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GinWhere:
    """How PostgreSQL finds the papers that meet a condition; see `conditions.Where`."""

    condition: Condition
    today: date
    lowest: int = 0
    span: tuple[int, int] | None = None
    """The numbers among which to look, and others next to them."""
    is_of_known: bool = False
    is_of_titles: bool = False
    """Whether it asks titles and labels alone."""

    number = "paper_index.id"

    @property
    def source(self) -> str:
        """The tables and the WHERE clause, which another `AND …` may follow."""
        clause, _ = self._sql
        dated = " JOIN papers ON papers.id = paper_index.id" if _is_dated(self.condition) else ""
        return f"paper_index{dated} WHERE {clause}"

    @property
    def source_read_once(self) -> str:
        """The same papers for a score: the terms of each are brought to memory once, not anew for each part of it."""
        papers = f"SELECT paper_index.id, paper_index.terms || CAST('' AS tsvector) AS terms FROM {self.source}"  # noqa: S608
        return f"({papers} OFFSET 0) AS paper_index"

    @property
    def parameters(self) -> tuple[object, ...]:
        return self._sql[1]

    @property
    def is_matched(self) -> bool:
        """Whether terms decide, so that a score may be asked for."""
        return not self.is_of_titles and any(True for _ in _leaves(self.condition))

    @property
    def terms(self) -> list[str]:
        """What papers are wanted for."""
        return list(dict.fromkeys(term for leaf in _leaves(self.condition) for term in leaf.terms))

    def score(self, rarity: Rarity) -> Sql:
        """What the papers found are ordered by, the greatest first: in how many places they hold how telling terms."""
        asked: list[tuple[float, str]] = []
        for leaf in _leaves(self.condition) if self.is_matched else ():
            marks = _marks(leaf.columns)
            telling = sum(map(rarity.of, leaf.terms))
            asked += [
                (_WEIGHTS[mark] * telling, " & ".join(_lexemes(leaf, mark)))
                for mark in ([*marks, TITLE_MARK] if "" in marks and Column.TITLE in leaf.columns else marks)
            ]
        parts = [f"CASE WHEN {_MATCHES} THEN {weight:.6f} ELSE 0.0 END" for weight, _ in asked]
        return " + ".join(parts) or "0.0", tuple(query for _, query in asked)

    def from_number(self, lowest: int) -> "GinWhere":
        """The same among the papers with this number and greater ones."""
        return replace(self, lowest=lowest)

    def within(self, first: int, end: int) -> "GinWhere":
        """The same among the papers with these numbers, and some next to them."""
        return replace(self, span=(first, end))

    def among_known(self) -> "GinWhere":
        """The same among the well-known papers alone."""
        return replace(self, is_of_known=True)

    def among_titles(self) -> "GinWhere":
        """The same by what stands in titles and labels alone."""
        return replace(self, is_of_titles=True)

    @property
    def _sql(self) -> Sql:
        clause, parameters = _Wording(self.today, self.is_of_titles).sql(self.condition)
        if self.is_of_known:
            clause += " AND paper_index.is_known"
        if self.lowest:  # in no way that lets PostgreSQL look at all of these papers one by one
            clause, parameters = f"{clause} AND paper_index.id + 0 >= ?", (*parameters, self.lowest)
        if self.span is not None:
            clause, parameters = f"{clause} AND {_MATCHES}", (*parameters, blocks_between(*self.span))
        return clause, parameters


@dataclass(frozen=True, slots=True)
class _Wording:
    today: date
    is_of_titles: bool

    def sql(self, condition: Condition) -> Sql:
        """A condition on one row, which is true or false and never NULL."""
        query = self._tsquery(condition)
        if query is not None:
            return _MATCHES, (query,)
        match condition:
            case Published(side):
                compared = ">=" if side is Side.AFTER else "<"
                first = day_start(condition.first_day(self.today))
                return f"coalesce(papers.published_at {compared} ?, false)", (first,)
            case AnyOf(parts):
                return self._joined(" OR ", parts, ())
            case AllOf(parts, without):
                return self._joined(" AND ", parts, without)
            case Has():
                return self._held(condition)

    def _joined(self, operator: str, parts: Sequence[Condition], without: Sequence[Condition]) -> Sql:
        found = [self.sql(each) for each in parts]
        found += [(f"NOT {text}", values) for text, values in map(self.sql, without)]
        return f"({operator.join(text for text, _ in found)})", tuple(each for _, values in found for each in values)

    def _tsquery(self, condition: Condition) -> str | None:
        """A condition that the index alone decides; None for any other."""
        match condition:
            case Has():
                return self._tsquery_of(condition)
            case Published():
                return None
            case AnyOf(parts):
                return _whole(" | ", map(self._tsquery, parts))
            case AllOf(parts, without):
                unwanted = ((each and f"!{each}") for each in map(self._tsquery, without))
                return _whole(" & ", (*map(self._tsquery, parts), *unwanted))

    def _tsquery_of(self, held: Has) -> str | None:
        if self.is_of_titles:
            return quoted(held.terms[0], TITLE_MARK, prefix=held.prefix) if len(held.terms) == 1 else None
        if len(held.terms) > 1 or held.columns == (Column.ABSTRACT,):
            return None
        return _whole(" | ", (each for mark in _marks(held.columns) for each in _lexemes(held, mark)))

    def _held(self, held: Has) -> Sql:
        """Terms next to each other: the index finds who has them all, the texts say how they stand."""
        marks = (TITLE_MARK,) if self.is_of_titles else _marks(held.columns)
        every = " | ".join(f"({' & '.join(_lexemes(held, mark))})" for mark in marks)
        phrase = f" {' '.join(held.terms)}" + ("" if held.prefix else " ")
        columns = (Column.TITLE,) if self.is_of_titles else held.columns
        stand = " OR ".join(f"strpos(' ' || paper_index.{each} || ' ', ?) > 0" for each in columns)
        return f"({_MATCHES} AND ({stand}))", (every, *(phrase for _ in columns))


def _lexemes(held: Has, mark: str) -> list[str]:
    *before, last = held.terms
    return [*(quoted(each, mark) for each in before), quoted(last, mark, prefix=held.prefix)]


def _marks(columns: Sequence[Column]) -> list[str]:
    """Behind which marks the index has the terms of these columns, or of more."""
    found = dict.fromkeys(
        AUTHOR_MARK if each is Column.AUTHORS else TITLE_MARK if each is Column.TITLE else "" for each in columns
    )
    return [each for each in found if each != TITLE_MARK or "" not in found]


def _whole(operator: str, parts: Iterable[str | None]) -> str | None:
    found = list(parts)
    told = [each for each in found if each]
    return None if len(told) < len(found) else told[0] if len(told) == 1 else f"({operator.join(told)})"


def _leaves(condition: Condition) -> Iterator[Has]:
    """What papers are wanted for, without what they must not have."""
    match condition:
        case Has():
            yield condition
        case AnyOf(parts) | AllOf(parts):
            for each in parts:
                yield from _leaves(each)
        case Published():
            pass


def _is_dated(condition: Condition) -> bool:
    match condition:
        case Published():
            return True
        case AnyOf(parts):
            return any(map(_is_dated, parts))
        case AllOf(parts, without):
            return any(map(_is_dated, (*parts, *without)))
        case Has():
            return False
