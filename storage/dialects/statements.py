"""Statements that both databases answer: written as SQLite wants them, and put into PostgreSQL's words. Runs nothing.

What is written once keeps to what both understand, but for what is put into other words here: a list of numbers is
JSON and stands in `json_each`; parameters are `?` or `?1`; a few functions have other names; and hints that SQLite
needs, PostgreSQL knows better by itself.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

_NUMBERS = (
    r"(SELECT CAST(value AS bigint) AS value, key FROM json_array_elements_text(CAST(\1 AS json)) "
    r"WITH ORDINALITY AS listed (value, key))"
)
_OTHERWISE = (
    (re.compile(r" INDEXED BY \w+"), ""),
    (re.compile(r"\bCROSS JOIN\b"), "JOIN"),
    (re.compile(r"\bjson_each\((\?\d*|:\w+)\)(?! AS\b)"), f"{_NUMBERS} AS listed"),
    (re.compile(r"\bjson_each\((\?\d*|:\w+)\)"), _NUMBERS),
    (re.compile(r"\bjson_group_array\("), "json_agg("),
    (re.compile(r"\bgroup_concat\((\w+)\)"), r"string_agg(CAST(\1 AS text), ',')"),
    (re.compile(r"\bgroup_concat\((\w+), char\(10\)\)"), r"string_agg(\1, chr(10))"),
    (re.compile(r"\bifnull\("), "coalesce("),
    (re.compile(r"\bdate\((\?\d*)\)"), r"CAST(CAST(\1 AS text) AS date)"),
)
_PARAMETER = re.compile(r"\?(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A statement that has to be said in two ways."""

    sqlite: str
    postgresql: str


Statement = str | Worded


def in_words_of(database: str, statement: Statement) -> str:
    """A statement with named parameters, or none, as this kind of database understands it."""
    if isinstance(statement, Worded):
        return statement.sqlite if database == "sqlite" else statement.postgresql
    return statement if database == "sqlite" else _in_other_words(statement)


@lru_cache(maxsize=1_000)
def for_asyncpg(statement: Statement) -> str:
    """A statement with `?` or `?1` for parameters in PostgreSQL's words, with its `$1` for them."""
    places = count(1)
    return _PARAMETER.sub(lambda found: f"${found[1] or next(places)}", in_words_of("postgresql", statement))


@lru_cache(maxsize=1_000)
def _in_other_words(statement: str) -> str:
    for written, otherwise in _OTHERWISE:
        statement = written.sub(otherwise, statement)
    return statement
