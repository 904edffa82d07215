"""The fields of a query: what may stand after each colon, and what is said of what may not. It splits no text."""

import re
from collections.abc import Callable
from types import MappingProxyType

from rapidfuzz import fuzz, process

from bot.domain.analysis import source_words, words
from bot.domain.categories import category_name, category_named, closest_category
from bot.domain.days import read_day
from bot.domain.identifiers import ExternalId, miscounted_id, parse_identifier
from bot.domain.query import Feature, Field, FromSource, Having, InCategory, Node, Published, Side, WithId, Words
from bot.domain.query_errors import QueryError

UNREADABLE_ADDRESS = "That address holds no arXiv id or DOI that I can read. Check it, or type words of the title."

QUOTES = '"“”„‟«»＂'
"""What begins and ends a phrase."""

_PREFIX = re.compile(r"[^\W_]{2}\*[.,;:!?]*$")
_SHORTEST_PREFIX = 2
_TOO_SHORT = re.compile(r"(?:[^*]*[\W_])?([a-z])\*[.,;:!?]*")
"""A word that ends in one small letter and a star; a capital is a name, such as A* or C*."""
_BEFORE_A_WORD = re.compile(r"(?<![^\W_])(?<!\*)\*[^\W_]{2,}(?!\*)(?![^\W_])|[a-z]{2}\*[a-z]{2}")
"""A star that begins a word, or stands within one; two around a word only stress it."""
_OTHERS = ("et", "al")
"""What people write after the one name they give."""
LONGEST_QUOTED = 60
"""Characters of a person's own words that an error repeats."""

_NAMES = MappingProxyType({
    "title": "title", "ti": "title", "abstract": "abstract", "abs": "abstract", "author": "author", "au": "author",
    "cat": "cat", "category": "cat", "id": "id", "arxiv": "id", "doi": "id", "source": "source", "has": "has",
    "after": "after", "before": "before",
})  # fmt: skip
"""Every way to write a field, and its one name."""
FIELD_NAMES = tuple(_NAMES)
"""Every way to write a field."""

_WANTED = MappingProxyType({
    "title": ("a word", "attention"), "abstract": ("a word", "attention"), "author": ("a name", "hinton"),
    "cat": ("a category", "cs.CL"), "id": ("an arXiv id or a DOI", "1706.03762"),
    "source": ("where papers were seen", "arxiv"), "has": ("code", "code"),
    "after": ("a date or a span back from today", "2026-05"), "before": ("a date or a span back from today", "2026-05"),
})  # fmt: skip
"""What each field wants after its colon, and an example."""

_MAY_BE_LEFT_OUT = frozenset({"title", "abstract", "author", "cat", "source", "has"})
"""Fields of which a value never begins with a minus: one there was meant for the field."""

_FIELDS_TOLD = "The fields are title:, abstract:, author:, cat:, id:, source:, has:, after: and before:."
_MEANT = MappingProxyType({"since": "after", "from": "after", "until": "before", "subject": "cat", "name": "author"})
"""What people call a field elsewhere."""
_ORDERS = frozenset({"sort", "order", "orderby"})
_ORDER_TOLD = "The order is no part of a query, but the option sort of /search, and --sort of paperboy search."

Span = tuple[int, int]


def words_in(value: str, *, field: Field = Field.ANY, quoted: bool = False) -> Words | None:
    """The words of a text as part of a query; None where it holds none."""
    if field is Field.AUTHOR and value.count(",") == 1:
        family, given = value.split(",")
        value = f"{given} {family}"
    found = tuple(words(value))
    if not found:
        return None
    prefix = not quoted and bool(_PREFIX.search(value)) and len(found[-1]) >= _SHORTEST_PREFIX
    while field is Field.AUTHOR and not prefix and len(found) > len(_OTHERS) and found[-2:] == _OTHERS:
        found = found[:-2]
    return Words(found, field, prefix)


def open_quote(text: str) -> str:
    """What is said of a query with a quote that nothing closes; empty where each is closed."""
    return "The quote is not closed, so I read it to the end." if sum(map(text.count, QUOTES)) % 2 else ""


def misplaced_star(value: str, span: Span) -> QueryError | None:
    """What is said of a star that is not at the end of a word, or after one letter alone, which would begin nearly
    every paper's words; None where there is none.
    """
    if _BEFORE_A_WORD.search(value):
        told = (
            "A star stands for the end of a word only: type the word's beginning and then the star, such as transform*"
        )
        return QueryError(told, *span)
    letter = _TOO_SHORT.fullmatch(value)
    if letter is None:
        return None
    told = "is too short. Type two letters or more before the star, or"
    return QueryError(f'{letter[1]}* {told} "{letter[1]}" for the letter itself.', *span)


def identifier_in(text: str) -> ExternalId | None:
    """The id a text is; None as well for one that would not be read again from its canonical form."""
    found = parse_identifier(text)
    if found is None or not set(QUOTES).isdisjoint(found.value):
        return None
    return found if parse_identifier(found.value.strip(" ,;")) == found else None


def read_field(name: str, value: str, span: Span, *, quoted: bool = False) -> Node:
    """The part of a query that `name:value` is. Raises QueryError about the place `span`."""
    field = _NAMES.get(name.lower())
    if field in _MAY_BE_LEFT_OUT and not quoted and re.match(r"-[^\W_]", value):
        raise QueryError(f"To leave that out, put the minus before the field: -{name}:{_shown(value[1:])}", *span)
    if field in {"title", "abstract", "author"}:
        if not quoted and (wrong := misplaced_star(value, span)):
            raise wrong
        found = words_in(value, field=Field(field), quoted=quoted)
        if found:
            return found
    elif field and value:
        return _READERS[field](name, value, span)
    raise nothing_after(name, span) or _unknown_field(name, value, span)


def nothing_after(name: str, span: Span) -> QueryError | None:
    """What is said of a field with nothing after it; None where there is no such field."""
    field = _NAMES.get(name.lower())
    if field is None:
        return None
    wanted, example = _WANTED[field]
    return QueryError(f"Type {wanted} right after {name}:, such as {name}:{example}", *span)


def _category(name: str, value: str, span: Span) -> InCategory:
    found = category_named(value)
    if found is not None:
        return InCategory(found)
    closest = closest_category(value)
    hint = (
        f"Did you mean {name}:{closest} ({category_name(closest)})?"
        if closest
        else "Categories are written like cat:cs.CL (Computation and Language) or cat:cs.* for all of computer science."
    )
    raise QueryError(f"I don't know the category {_shown(value)}. {hint}", *span)


def _id(name: str, value: str, span: Span) -> WithId:
    text = value if name.lower() == "id" else f"{name}:{value}"
    found = identifier_in(text)
    if found:
        return WithId(found)
    if "://" in value:
        raise QueryError(UNREADABLE_ADDRESS, *span)
    if miscounted := miscounted_id(f"arxiv:{value}"):
        raise QueryError(miscounted, *span)
    raise QueryError(f"{_shown(text)} is no arXiv id and no DOI. Check it, or type words of the title.", *span)


def _source(name: str, value: str, span: Span) -> FromSource:
    found = source_words(value)
    if found:
        return FromSource(found)
    raise nothing_after(name, span) or _unknown_field(name, value, span)


def _feature(name: str, value: str, span: Span) -> Having:
    if value.lower() in set(Feature):
        return Having(Feature(value.lower()))
    known = " or ".join(f"{name}:{each}" for each in Feature)
    raise QueryError(f"I can't look for {name}:{_shown(value)}. Type {known}, or leave it out.", *span)


def _day(name: str, value: str, span: Span) -> Published:
    day = read_day(value)
    if day is not None:
        return Published(Side(name.lower()), day)
    told = "Write {0}:2026, {0}:2026-05 or {0}:2026-05-22, or count back from today: {0}:7d, {0}:2w, {0}:3m or {0}:1y."
    raise QueryError(f"{_shown(value)} is no date. {told.format(name)}", *span)


_READERS: MappingProxyType[str, Callable[[str, str, Span], Node]] = MappingProxyType({
    "cat": _category, "id": _id, "source": _source, "has": _feature, "after": _day, "before": _day,
})  # fmt: skip


def _unknown_field(name: str, value: str, span: Span) -> QueryError:
    if value.startswith("//"):
        return QueryError(UNREADABLE_ADDRESS, *span)
    told = f"There is no field {name[:LONGEST_QUOTED]}:. {_meant(name.lower(), _shown(value))}"
    return QueryError(f"{told} To look for the word, put a blank after the colon.", *span)


def _meant(name: str, value: str) -> str:
    if name in _ORDERS:
        return _ORDER_TOLD
    if name in ("year", "date") and re.fullmatch("[12][0-9]{3}", value):
        return f"Did you mean after:{value} before:{int(value) + 1}?"
    closest = process.extractOne(name, list(_WANTED), scorer=fuzz.ratio, score_cutoff=70)
    meant = _MEANT.get(name) or (closest and closest[0])
    return f"Did you mean {meant}:{value}?" if meant else _FIELDS_TOLD


def _shown(value: str) -> str:
    return value[:LONGEST_QUOTED]
