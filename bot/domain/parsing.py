"""Reads what a person typed as a query; refuses what it cannot read with an error that points at the place.

    query    = and-list { "OR" and-list }
    and-list = unary { [ "AND" ] unary }
    unary    = [ "-" | "NOT" ] primary
    primary  = "(" query ")" | [ field ":" ] ( word | word* | "a phrase" | value )

Operators are written in capitals, and ` | ` is an OR. Punctuation that means nothing is ignored, and so is "et al."
outside quotes. An open quote or parenthesis is closed by the end, and a hyphenated word is a phrase of its parts.
"""

import re
from contextlib import suppress
from typing import NamedTuple

from bot.domain.analysis import STOP_WORDS
from bot.domain.identifiers import miscounted_id
from bot.domain.query import Node, Not, Query, WithId, Words, all_of, any_of, count_words, none_of
from bot.domain.query_errors import QueryError
from bot.domain.query_fields import (
    LONGEST_QUOTED,
    QUOTES,
    identifier_in,
    misplaced_star,
    nothing_after,
    read_field,
    words_in,
)

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "MAX_WORDS", "QueryError", "parse_query", "query_or_none"]

MAX_LENGTH = 300
MAX_WORDS = 48
MAX_DEPTH = 8

_EXAMPLE = 'Type a few words to look for, such as: "convolutional networks" author:kipf'
_OPERATOR = re.compile(rf"(AND|OR|NOT)(?=[\s(){QUOTES}]|$)")
_BAR = re.compile(r"\|{1,2}(?=\s|$)")
"""An OR as programmers write it, with blanks around."""
_SPACED_FIELD = re.compile(r"(title|abstract|author|cat|category|after|before):\s+(?=[^\s():|-])")
"""A field with a blank after its colon. In capitals it is a part of a title: "Author: a Study"."""
_FIELD = re.compile(r"([A-Za-z]{2,}):(?=[^\s:])")
_EMPTY_FIELD = re.compile(r"([A-Za-z]{2,}):\s*$")
_STARRED = re.compile(r"[A-Z]\*[ \t]+(?=\w)")
"""A name of a letter and a star before another word: "A* search"."""
_ET_AL = re.compile(r"et\s+al(?![^\s.,;()])[.,;]*", re.IGNORECASE)
_LONE_ID = re.compile(r"\s*(?:id:)?\s*((?:(?:oai:)?arxiv|doi):?\s*)?(?!\W*id:)(\S+)\s*", re.IGNORECASE)
"""One id and nothing else, perhaps with its scheme before it, as people copy it: `arXiv: 1706.03762`."""


class _Part(NamedTuple):
    """One part of an and-list, and whether it is a bare stop word."""

    node: Node
    idle: bool = False


def parse_query(text: str) -> Query:
    """Read a query. Raises QueryError, and nothing else, for a text that is none."""
    try:
        return _read(text)
    except QueryError as error:
        error.text = text
        raise


def query_or_none(text: str) -> Query | None:
    """The query that a text is; None for one that is none."""
    with suppress(QueryError):
        return parse_query(text)
    return None


def _read(text: str) -> Query:
    if len(text) > MAX_LENGTH:
        told = f"That is {len(text)} characters; a query has {MAX_LENGTH} at most. Leave some out."
        raise QueryError(told, MAX_LENGTH, len(text))
    if miscounted := miscounted_id(text):
        raise QueryError(miscounted, 0, len(text))
    lone = _LONE_ID.fullmatch(text)
    identifier = lone and identifier_in(f"{lone[1] or ''}{lone[2]}")
    if identifier:
        return Query(WithId(identifier))
    root = _Reader(text).alternatives()
    if root is None:
        raise QueryError(_EXAMPLE, 0, len(text))
    query, count = Query(root), count_words(root)
    if count > MAX_WORDS:
        raise QueryError(f"That is {count} words; a query has {MAX_WORDS} at most. Leave some out.", 0, len(text))
    if len(str(query)) > MAX_LENGTH:
        told = f"Written out, that is {len(str(query))} characters; a query has {MAX_LENGTH} at most. Leave some out."
        raise QueryError(told, 0, len(text))
    return query


class _Reader:
    """Reads a text from left to right; each method takes what it names and leaves the rest."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def alternatives(self) -> Node | None:
        """and-list { "OR" and-list }; None for nothing but punctuation."""
        parts = []
        while True:
            part = self._and_list()
            operator = self._operator("OR")
            if part is not None:
                parts.append(part)
            elif parts or operator:
                raise self._lonely("OR")
            if not operator:
                return any_of(parts) if parts else None
            self._at = operator.end()

    def _and_list(self) -> Node | None:
        start = self._at
        parts: list[_Part] = []
        expected = False
        while not self._ended():
            operator = self._operator("AND")
            if operator:
                if expected or not parts:
                    raise self._lonely("AND")
                expected, self._at = True, operator.end()
            elif others := _ET_AL.match(self._text, self._at):
                self._at = others.end()
            elif part := self._unary():
                parts.append(part)
                expected = False
        if expected:
            raise self._lonely("AND")
        return self._all_of(parts, start) if parts else None

    def _all_of(self, parts: list[_Part], start: int) -> Node:
        telling = [part.node for part in parts if not part.idle]
        if all(isinstance(node, Not) for node in telling):
            telling = [part.node for part in parts]
        if all(isinstance(node, Not) for node in telling):
            only = self._text[start : self._at].strip()[:LONGEST_QUOTED]
            raise QueryError(f"{only} only leaves papers out. Add a word to look for before it.", start, self._at)
        return all_of(telling)

    def _unary(self) -> _Part | None:
        if operator := self._operator("NOT"):
            self._at = operator.end()
            part = None if self._ended() or self._operator("AND") else self._unary()
            if part is None:
                raise self._lonely("NOT")
            return _Part(none_of(part.node))
        if re.match(r"-[^\s-]", self._text[self._at : self._at + 2]):
            self._at += 1
            part = None if self._ended() else self._primary()
            return None if part is None else _Part(none_of(part.node))
        return self._primary()

    def _primary(self) -> _Part | None:
        if self._text[self._at] == "(":
            return self._group()
        if self._text[self._at] in QUOTES:
            return _part(words_in(self._quoted(), quoted=True), quoted=True)
        if field := _FIELD.match(self._text, self._at):
            return self._fielded(field)
        if spaced := self._spaced():
            return spaced
        if starred := self._starred():
            return starred
        empty = _EMPTY_FIELD.match(self._text, self._at)
        if empty and (lacking := nothing_after(empty[1], empty.span())):
            raise lacking
        start, chunk = self._at, self._chunk()
        identifier = identifier_in(chunk)
        if not identifier and (wrong := misplaced_star(chunk, (start, self._at))):
            raise wrong
        return _Part(WithId(identifier)) if identifier else _part(words_in(chunk))

    def _group(self) -> _Part | None:
        if self._depth == MAX_DEPTH:
            told = f"Parentheses go {MAX_DEPTH} deep at most. Take some away."
            raise QueryError(told, self._at, self._at + 1)
        self._depth += 1
        self._at += 1
        node = self.alternatives()
        self._at = min(self._at + 1, len(self._text))  # the closing parenthesis, where there is one
        self._depth -= 1
        return None if node is None else _Part(node)

    def _quoted(self) -> str:
        """The text between this quote and the next, or the end."""
        start = self._at + 1
        closing = re.compile(f"[{QUOTES}]|$").search(self._text, start)
        self._at = len(self._text) if closing is None else closing.end()
        return self._text[start : self._at if closing is None else closing.start()]

    def _chunk(self) -> str:
        """Everything up to a blank, a quote or the parenthesis that closes the group; at least one character."""
        start, inner = self._at, 0
        while self._at < len(self._text):
            character = self._text[self._at]
            inner += (character == "(") - (character == ")")
            closes = inner < 0 and self._depth > 0
            if self._at > start and (closes or character.isspace() or character in QUOTES):
                break
            inner = max(inner, 0)
            self._at += 1
        return self._text[start : self._at]

    def _fielded(self, field: re.Match[str]) -> _Part:
        self._at = field.end()
        first = self._text[self._at]
        if first == "(":
            told = f"Parentheses hold whole parts of a query. Write {field[1]}: before each word instead."
            raise QueryError(told, field.start(), self._at + 1)
        quoted = first in QUOTES
        value = (self._quoted() if quoted else self._chunk()).strip(" ,;")
        identifier = None if quoted else identifier_in(f"{field[1]}:{value}")
        if identifier:  # an address, or an id with its scheme before it
            return _Part(WithId(identifier))
        return _Part(read_field(field[1], value, (field.start(), self._at), quoted=quoted))

    def _spaced(self) -> _Part | None:
        """The field that begins here, where a blank follows its colon and then what it may hold; else it is a word."""
        field, before = _SPACED_FIELD.match(self._text, self._at), self._at
        if field is None or _OPERATOR.match(self._text, field.end()) or _FIELD.match(self._text, field.end()):
            return None
        try:
            return self._fielded(field)
        except QueryError:
            self._at = before
            return None

    def _starred(self) -> _Part | None:
        """The name with a star that begins here, and the word after it: a phrase, for the letter alone tells little."""
        name, before = _STARRED.match(self._text, self._at), self._at
        if name is None or _OPERATOR.match(self._text, name.end()) or _FIELD.match(self._text, name.end()):
            return None
        self._at = name.end()
        chunk = self._chunk()
        following = words_in(chunk)
        if following is None or "*" in chunk or following.words[0] in STOP_WORDS or identifier_in(chunk):
            self._at = before
            return None
        return _part(words_in(f"{name[0][0]} {chunk}", quoted=True), quoted=True)

    def _ended(self) -> bool:
        """Skips blanks; whether this and-list ends here."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        if self._at >= len(self._text):
            return True
        return (self._text[self._at] == ")" and self._depth > 0) or self._operator("OR") is not None

    def _operator(self, name: str) -> re.Match[str] | None:
        if name == "OR" and (bar := _BAR.match(self._text, self._at)):
            return bar
        found = _OPERATOR.match(self._text, self._at)
        return found if found and found[1] == name else None

    def _lonely(self, operator: str) -> QueryError:
        sides = "after" if operator == "NOT" else "on both sides of"
        *_, bar = (None, *_BAR.finditer(self._text, 0, self._at + 2))
        if operator == "OR" and bar and "OR" not in self._text[bar.end() : self._at + 2]:
            return QueryError("Put a word on both sides of |, or leave it out.", *bar.span())
        told = f'Put a word {sides} {operator}, or write "{operator.lower()}" in small letters if you mean the word.'
        start = self._text.rfind(operator, 0, self._at + len(operator))
        return QueryError(told, start, start + len(operator))


def _part(found: Words | None, *, quoted: bool = False) -> _Part | None:
    """A part that is no field, if it holds any word."""
    if found is None:
        return None
    idle = not (quoted or found.prefix) and len(found.words) == 1 and found.words[0] in STOP_WORDS
    return _Part(found, idle)
