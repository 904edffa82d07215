"""Puts a condition into SQLite's words: one FTS5 expression where terms decide, SQL where dates do. Runs nothing.

Every term is quoted, so that no word of a person reaches a query syntax.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.conditions import TEXT_COLUMNS, AllOf, AnyOf, Condition, Has
from bot.domain.flat import day_start
from bot.domain.query import Published, Side
from storage.dialects.gin_conditions import GinWhere
from storage.readers import Turn

PAPERS_IN_BRIEF = "papers INDEXED BY papers_in_brief"
"""All that is asked of a paper besides its terms is when it was published; reading all of it takes ten times longer."""

_WEIGHTS = (10.0, 1.0, 4.0, 0.0)
"""What a term counts for in the title, the abstract, the author names and the labels."""

Sql = tuple[str, tuple[object, ...]]
"""An expression and its parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fts5Where:
    """How SQLite finds the papers that meet a condition: `SELECT {number} FROM {source}` with these parameters."""

    source: str
    """The tables and the WHERE clause, which another `AND …` may follow."""
    number: str
    """The column that holds a paper's number."""
    parameters: tuple[object, ...]
    is_matched: bool
    """Whether the source is `paper_index` with a MATCH, so that bm25() may be asked for."""

    @property
    def score(self) -> Sql:
        """What the papers found may be ordered by, the greatest first."""
        # Without lengths, each column counts as -1 terms long: bm25() then divides 0 by 0, which is NULL, for a match
        # of labels alone where papers have 12 terms on average.
        return ("ifnull(-bm25(paper_index, ?, ?, ?, ?), 0.0)", _WEIGHTS) if self.is_matched else ("0.0", ())

    def from_number(self, lowest: int, marks: Sequence[str] = ()) -> "Fts5Where":
        """The same among the papers with this number and greater ones, for a search that reads the newest first.

        FTS5 looks how far it has come only where it meets a match, and once more before the next one (seen in 3.40): of
        a phrase that no paper holds it would read all lists to their ends. The `marks` are terms of two papers with
        lower numbers, which match for that alone.
        """
        source = f"{self.source} AND {self.number} >= ?"
        matched, *others = self.parameters
        if self.is_matched and marks:
            matched = " OR ".join([f"({matched})", *(f'"{each}"' for each in marks)])
        return replace(self, source=source, parameters=(matched, *others, lowest))

    def among_known(self) -> "Fts5Where":
        """The same among the well-known papers alone; the condition must ask for terms."""
        source, number = (text.replace("paper_index", "known_index") for text in (self.source, self.number))
        return replace(self, source=source, number=number)

    def among_titles(self) -> "Fts5Where":
        """The same by what stands in titles and labels alone; the condition must be one that `ranking.leading` gave."""
        source, number = (text.replace("paper_index", "title_terms") for text in (self.source, self.number))
        return replace(self, source=source, number=number, is_matched=False)


Where = Fts5Where | GinWhere
"""How a database finds the papers that meet a condition."""


def where(turn: Turn, condition: Condition, today: date) -> Where:
    """How this database finds the papers that meet a condition; spans back from now are counted from `today` in UTC."""
    if turn.kind == "sqlite":
        return fts5_where(condition, today)
    return GinWhere(condition=condition, today=today)


def fts5_where(condition: Condition, today: date) -> Fts5Where:
    """How to find the papers that meet a condition; spans back from now are counted from `today` (in UTC).

    Terms alone, by far the commonest, are one MATCH and read no other table.
    """
    parts, without = (condition.parts, condition.without) if isinstance(condition, AllOf) else ((condition,), ())
    text = tuple(filter(_is_text, parts))
    if not text:
        clause, parameters = _sql(condition, today)
        return Fts5Where(
            source=f"{PAPERS_IN_BRIEF} WHERE {clause}", number="papers.id", parameters=parameters, is_matched=False
        )
    terms = fts5_expression(_all_of(text, tuple(filter(_is_text, without))))
    rest = [_sql(part, today) for part in parts if not _is_text(part)]
    rest += [_negated(_sql(part, today)) for part in without if not _is_text(part)]
    # CROSS keeps SQLite from asking the index anew for every paper (https://sqlite.org/optoverview.html#crossjoin).
    tables = f"paper_index CROSS JOIN {PAPERS_IN_BRIEF} ON papers.id = paper_index.rowid" if rest else "paper_index"
    clause, parameters = _joined(" AND ", [("paper_index MATCH ?", (terms,)), *rest])
    return Fts5Where(
        source=f"{tables} WHERE {clause}", number="paper_index.rowid", parameters=parameters, is_matched=True
    )


def fts5_expression(condition: Condition) -> str:
    """A condition on terms alone in FTS5's syntax (https://sqlite.org/fts5.html#full_text_query_syntax).

    Raises ValueError for one on dates.
    """
    match condition:
        case Has(columns, terms, prefix):
            # Labels hold no words, so the three columns that do need no filter, which would cost a copy of each list.
            chosen = "" if columns == TEXT_COLUMNS else f"{{{' '.join(columns)}}} : "
            return f'{chosen}"{" ".join(terms)}"{"*" if prefix else ""}'
        case AnyOf(parts):
            return f"({' OR '.join(map(fts5_expression, parts))})"
        case AllOf(parts, without):
            wanted = f"({' AND '.join(map(fts5_expression, parts))})"
            return f"({wanted} NOT ({' OR '.join(map(fts5_expression, without))}))" if without else wanted
        case Published():
            raise ValueError(f"{condition} is no matter of terms")


def _is_text(condition: Condition) -> bool:
    match condition:
        case Has():
            return True
        case Published():
            return False
        case AnyOf(parts):
            return all(map(_is_text, parts))
        case AllOf(parts, without):
            return all(map(_is_text, (*parts, *without)))


def _all_of(parts: tuple[Condition, ...], without: tuple[Condition, ...] = ()) -> Condition:
    return AllOf(parts, without) if without or len(parts) > 1 else parts[0]


def _any_of(parts: tuple[Condition, ...]) -> Condition:
    return AnyOf(parts) if len(parts) > 1 else parts[0]


def _sql(condition: Condition, today: date) -> Sql:
    """A condition on one row of `papers`, which is true or false and never NULL."""
    if _is_text(condition):
        return "papers.id IN (SELECT rowid FROM paper_index WHERE paper_index MATCH ?)", (fts5_expression(condition),)
    match condition:
        case Published(side):
            compared = ">=" if side is Side.AFTER else "<"
            return f"ifnull(papers.published_at {compared} ?, 0)", (day_start(condition.first_day(today)),)
        case AnyOf(parts):
            return _bracketed(_joined(" OR ", _each(parts, _any_of, today)))
        case AllOf(parts, without):
            unwanted = map(_negated, _each(without, _any_of, today))
            return _bracketed(_joined(" AND ", [*_each(parts, _all_of, today), *unwanted]))
        case Has():
            raise AssertionError("terms alone have been dealt with")


def _each(parts: tuple[Condition, ...], join: Callable[[tuple[Condition, ...]], Condition], today: date) -> list[Sql]:
    """Each part, but those on terms alone joined into one, so that the index is asked once."""
    text = tuple(filter(_is_text, parts))
    rest = (part for part in parts if not _is_text(part))
    return [_sql(part, today) for part in (*([join(text)] if text else []), *rest)]


def _negated(sql: Sql) -> Sql:
    return f"NOT {sql[0]}", sql[1]


def _bracketed(sql: Sql) -> Sql:
    return f"({sql[0]})", sql[1]


def _joined(operator: str, parts: Iterable[Sql]) -> Sql:
    found = list(parts)
    return operator.join(text for text, _ in found), tuple(value for _, values in found for value in values)
