"""Reads what a person typed as a query; refuses what it cannot read with an error that points at the place.

    query    = and-list { "OR" and-list }
    and-list = unary { [ "AND" ] unary }
    unary    = [ "-" | "NOT" ] primary
    primary  = "(" query ")" | [ field ":" ] ( word | word* | "a phrase" | value )

Operators are written in capitals. Punctuation that means nothing is ignored, an open quote or parenthesis is
closed by the end, and a hyphenated word is a phrase of its parts.
"""

import re
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.domain.analysis import STOP_WORDS, words
from bot.domain.categories import category_name, category_named, closest_category
from bot.domain.identifiers import parse_identifier
from bot.domain.query import Field, InCategory, Node, Not, Query, WithId, Words, all_of, any_of, count_words, none_of
from bot.errors import UserError

UNREADABLE_ADDRESS = "That address holds no arXiv id or DOI that I can read. Check it, or type words of the title."

MAX_LENGTH = 300
MAX_WORDS = 48
MAX_DEPTH = 8

_EXAMPLE = 'Type a few words to look for, such as: "graph neural network" author:kipf'
_QUOTES = '"“”„‟«»＂'
_OPERATOR = re.compile(rf"(AND|OR|NOT)(?=[\s(){_QUOTES}]|$)")
_FIELD = re.compile(r"([A-Za-z]{2,}):(?=[^\s:])")
_EMPTY_FIELD = re.compile(r"([A-Za-z]{2,}):\s*$")
_PREFIX = re.compile(r"[^\W_]\*[.,;:!?]*$")
_SHORTEST_PREFIX = 2
_LONGEST_QUOTED = 60

_WORD_FIELDS = {
    "title": Field.TITLE,
    "ti": Field.TITLE,
    "abstract": Field.ABSTRACT,
    "abs": Field.ABSTRACT,
    "author": Field.AUTHOR,
    "au": Field.AUTHOR,
}
_CATEGORY_FIELDS = ("cat", "category")
_FIELDS = ("title", "abstract", "author", "cat", "category", "id")
_FIELDS_TOLD = "The fields are title:, abstract:, author:, cat: and id:."


class QueryError(UserError):
    """A text that is no query. `start` and `end` mark the part of it that the words are about, in characters."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class _Part(NamedTuple):
    """One part of an and-list, and whether it is a bare stop word."""

    node: Node
    idle: bool = False


def parse_query(text: str) -> Query:
    """Read a query. Raises QueryError, and nothing else, for a text that is none."""
    if len(text) > MAX_LENGTH:
        told = f"That is {len(text)} characters; a query has {MAX_LENGTH} at most. Leave some out."
        raise QueryError(told, MAX_LENGTH, len(text))
    identifier = parse_identifier(re.sub(r"^\s*id:", "", text).strip())
    if identifier is not None:
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
            only = self._text[start : self._at].strip()[:_LONGEST_QUOTED]
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
        if self._text[self._at] in _QUOTES:
            return _words(self._quoted(), quoted=True)
        if field := _FIELD.match(self._text, self._at):
            return self._fielded(field)
        empty = _EMPTY_FIELD.match(self._text, self._at)
        if empty and (lacking := _nothing_after(empty[1], empty.span())):
            raise lacking
        return _words(self._chunk())

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
        closing = re.compile(f"[{_QUOTES}]|$").search(self._text, start)
        self._at = len(self._text) if closing is None else closing.end()
        return self._text[start : self._at if closing is None else closing.start()]

    def _chunk(self) -> str:
        """Everything up to a blank, a quote or the parenthesis that closes the group; at least one character."""
        start, inner = self._at, 0
        while self._at < len(self._text):
            character = self._text[self._at]
            inner += (character == "(") - (character == ")")
            closes = inner < 0 and self._depth > 0
            if self._at > start and (closes or character.isspace() or character in _QUOTES):
                break
            inner = max(inner, 0)
            self._at += 1
        return self._text[start : self._at]

    def _fielded(self, field: re.Match[str]) -> _Part:
        name = field[1].lower()
        self._at = field.end()
        first = self._text[self._at]
        if first == "(":
            told = f"Parentheses hold whole parts of a query. Write {name}: before each word instead."
            raise QueryError(told, field.start(), self._at + 1)
        quoted = first in _QUOTES
        value = (self._quoted() if quoted else self._chunk()).strip(" ,;")
        span = (field.start(), self._at)
        if name in _CATEGORY_FIELDS and value:
            return _Part(_category(value, span))
        if name in _WORD_FIELDS and (part := _words(value, field=_WORD_FIELDS[name], quoted=quoted)):
            return part
        is_lacking = name in _WORD_FIELDS or not value
        raise (is_lacking and _nothing_after(name, span)) or _unknown_field(field[1], value, span)

    def _ended(self) -> bool:
        """Skips blanks; whether this and-list ends here."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        if self._at >= len(self._text):
            return True
        return (self._text[self._at] == ")" and self._depth > 0) or self._operator("OR") is not None

    def _operator(self, name: str) -> re.Match[str] | None:
        found = _OPERATOR.match(self._text, self._at)
        return found if found and found[1] == name else None

    def _lonely(self, operator: str) -> QueryError:
        sides = "after" if operator == "NOT" else "on both sides of"
        told = f'Put a word {sides} {operator}, or write "{operator.lower()}" in small letters if you mean the word.'
        start = self._text.rfind(operator, 0, self._at + len(operator))
        return QueryError(told, start, start + len(operator))


def _words(value: str, *, field: Field = Field.ANY, quoted: bool = False) -> _Part | None:
    if field is Field.AUTHOR and value.count(",") == 1:
        family, given = value.split(",")
        value = f"{given} {family}"
    found = tuple(words(value))
    if not found:
        return None
    prefix = not quoted and bool(_PREFIX.search(value)) and len(found[-1]) >= _SHORTEST_PREFIX
    idle = not (quoted or field or prefix) and len(found) == 1 and found[0] in STOP_WORDS
    return _Part(Words(found, field, prefix), idle)


def _nothing_after(name: str, span: tuple[int, int]) -> QueryError | None:
    """What is said of a field with nothing after it; None where there is no such field."""
    match _WORD_FIELDS.get(name.lower(), name.lower()):
        case Field.AUTHOR:
            wanted, example = "a name", "hinton"
        case Field.TITLE | Field.ABSTRACT:
            wanted, example = "a word", "attention"
        case "cat" | "category":
            wanted, example = "a category", "cs.CL"
        case "id":
            wanted, example = "an arXiv id or a DOI", "1706.03762"
        case _:
            return None
    return QueryError(f"Type {wanted} right after {name}:, such as {name}:{example}", *span)


def _category(value: str, span: tuple[int, int]) -> InCategory:
    name = category_named(value)
    if name is not None:
        return InCategory(name)
    closest = closest_category(value)
    hint = (
        f"Did you mean cat:{closest} ({category_name(closest)})?"
        if closest
        else "Categories are written like cat:cs.CL (Computation and Language) or cat:cs.* for all of computer science."
    )
    raise QueryError(f"I don't know the category {value[:_LONGEST_QUOTED]}. {hint}", *span)


def _unknown_field(name: str, value: str, span: tuple[int, int]) -> QueryError:
    shown = value[:_LONGEST_QUOTED]
    is_id = name.lower() == "id"
    if is_id or value.startswith("//"):
        address = shown if is_id else f"{name}:{shown}"
        if parse_identifier(address):
            return QueryError(f"An id or address is looked up alone. Type only {address}.", *span)
        if not is_id or "://" in value:
            return QueryError(UNREADABLE_ADDRESS, *span)
        return QueryError(f"{address} is no arXiv id and no DOI. Check it, or type words of the title.", *span)
    closest = process.extractOne(name.lower(), _FIELDS, scorer=fuzz.ratio, score_cutoff=70)
    meant = f"Did you mean {closest[0]}:{shown}?" if closest else _FIELDS_TOLD
    told = f"There is no field {name[:_LONGEST_QUOTED]}:. {meant}"
    return QueryError(f"{told} To look for the word, put a blank after the colon.", *span)
