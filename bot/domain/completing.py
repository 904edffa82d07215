"""What a half-typed query may become: a field's name, a category, a date, an author. Knows no paper.

Only what is typed last is completed; all that stands before it stays as it is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from types import MappingProxyType

from bot.domain.analysis import name_terms
from bot.domain.categories import CATEGORY_NAMES, category_name
from bot.domain.labels import LONGEST, cut_to_units, units
from bot.domain.papers import Author
from bot.domain.query_fields import QUOTES

_UNDER_WAY = re.compile(r'(?P<head>(?:.*[\s(-])?)(?P<field>[A-Za-z]{2,}):(?P<value>"[^"]*|[^\s"()]*)', re.DOTALL)
_NAME_UNDER_WAY = re.compile(
    r'(?P<head>(?:.*[\s(-])?)(?P<field>author|au):(?P<value>[^\s"():]+(?: [^\s"():]*){1,3})', re.DOTALL | re.IGNORECASE
)
_LEFT_OUT = re.compile(r"(?<![^\s(])-[^\s-]")
_LAST_WORD = re.compile(r"(?P<head>(?:.*[\s(-])?)(?P<word>[A-Za-z]{2,})", re.DOTALL)

_FIELDS = MappingProxyType({
    "title": "words of the title", "abstract": "words of the abstract", "author": "a person's name",
    "category": "an arXiv category, such as cs.CL", "cat": "an arXiv category, such as cs.CL",
    "id": "an arXiv id or a DOI", "source": "where it was seen, such as arxiv", "has": "has:code, papers with code",
    "after": "published after a date, or 7d for the last week", "before": "published before a date",
})  # fmt: skip
"""The names of fields that are offered, and what comes after each."""

_SPANS = MappingProxyType({
    "after": {
        "7d": "in the last 7 days", "30d": "in the last 30 days", "3m": "in the last 3 months",
        "1y": "in the last year", "5y": "in the last 5 years",
    },
    "before": {
        "7d": "more than 7 days ago", "30d": "more than 30 days ago", "3m": "more than 3 months ago",
        "1y": "more than a year ago", "5y": "more than 5 years ago",
    },
})  # fmt: skip

_FOLDED = 5
"""For each name that is offered so many of the likeliest are looked at closely: folding takes the longest."""
_UNQUOTED = MappingProxyType({ord(each): " " for each in f"{QUOTES},"})
"""A quote would end the name, and a comma would part it."""
_CODE = re.compile(r"[a-z][.-]", re.IGNORECASE)
"""What nearly every category's code holds."""
_MOST_FIELDS = 3
_MOST_CATEGORIES = 3
_SHORTEST_NAME = 4
"""Letters from which on plain words may be the beginning of a category's name."""
_FEWEST_WORDS = 2
"""Words of a category's name, where others stand before it."""
_LONGEST_NAME = 6
"""Words of a category's name that are compared."""
_NAME_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What may be picked: what is shown, which begins with all that is then typed, and that."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """The field being typed: what stands before it, its name as typed, and its value so far, without quotes."""

    head: str
    field: str
    value: str

    @property
    def is_author(self) -> bool:
        return self.field.lower() in ("author", "au")

    @property
    def is_title(self) -> bool:
        return self.field.lower() in ("title", "ti")


def under_way(text: str) -> UnderWay | None:
    """The field whose value is being typed; None where it is plain words."""
    return _under_way(_UNDER_WAY, text)


def name_under_way(text: str) -> UnderWay | None:
    """The author whose name of several words is being typed without quotes, if it is not the words behind a name."""
    return _under_way(_NAME_UNDER_WAY, text)


def _under_way(form: re.Pattern[str], text: str) -> UnderWay | None:
    found = form.fullmatch(text[: LONGEST * 4])
    return found and UnderWay(head=found["head"], field=found["field"], value=found["value"].strip('" '))


def leaves_out(text: str) -> bool:
    """Whether a minus leaves something out: then no title is being typed, nor a name."""
    return bool(_LEFT_OUT.search(text))


def field_values(typed: UnderWay) -> list[Completion]:
    """What may stand after a field that has few values; authors are not among them."""
    before = f"{typed.head}{typed.field}:"
    match typed.field.lower():
        case "cat" | "category":
            told = {f"{before}{code}": name for code, name in _categories(typed.value)}
        case "has":
            told = {f"{before}code": "papers with code"} if "code".startswith(typed.value.lower()) else {}
        case "after" | "before" as side:
            told = {f"{before}{span}": name for span, name in _SPANS[side].items() if span.startswith(typed.value)}
        case _:
            told = {}
    return list(_completions(told.items()))


def field_names(text: str) -> list[Completion]:
    """The fields that the last word may begin."""
    found = _LAST_WORD.fullmatch(text[: LONGEST * 4])
    if not found:
        return []
    begun = [name for name in _FIELDS if name.startswith(found["word"].lower())]
    chosen = [name for name in begun if name != "cat" or "category" not in begun]
    return list(_completions((f"{found['head']}{name}:", _FIELDS[name]) for name in chosen[:_MOST_FIELDS]))


def named_categories(text: str) -> list[Completion]:
    """The categories whose human name the last words begin, or whose code: `machine lea` may become `cat:cs.LG`.

    Behind other words one word alone is none: whoever types `graph neural netw` does not mean cs.NI.
    """
    words = text[: LONGEST * 4].split(" ")
    if not text or text.endswith(" "):
        return []
    if _CODE.search(words[-1]):
        head, begun = "".join(f"{word} " for word in words[:-1]), words[-1].casefold()
        coded = [(code, name) for code, name in CATEGORY_NAMES.items() if code.casefold().startswith(begun)]
        return list(_completions((f"{head}cat:{code}", name) for code, name in coded[:_MOST_CATEGORIES]))
    fewest = 1 if len(words) == 1 else _FEWEST_WORDS
    for count in range(min(len(words), _LONGEST_NAME), fewest - 1, -1):
        begun = " ".join(words[-count:]).casefold()
        found = [(code, name) for code, name in CATEGORY_NAMES.items() if name.casefold().startswith(begun)]
        if found and len(begun) >= _SHORTEST_NAME:
            head = "".join(f"{word} " for word in words[:-count])
            return list(_completions((f"{head}cat:{code}", name) for code, name in found[:_MOST_CATEGORIES]))
    return []


def authors_named(typed: UnderWay, names: Iterable[str]) -> list[Completion]:
    """These people, each as the value of the field."""
    plain = (" ".join(name.translate(_UNQUOTED).split()) for name in names)
    return list(_completions((f'{typed.head}{typed.field}:"{name}"', "") for name in plain if name_terms(name)))


def names_beginning(text: str, lists: Iterable[Iterable[Sequence[str]]], limit: int) -> list[str]:
    """The people of these lists whom a half-typed name may mean, those on the most lists first.

    A person is a family and a given name. The last word typed is begun, the others are names or initials. Family names
    count before given names.
    """
    typed = name_terms(text)[:_NAME_WORDS]
    begun = typed[-1] if typed else ""
    begins = re.compile(rf"(?<![^\W_]){re.escape(begun)}", re.IGNORECASE).search
    counts = Counter(map(tuple, chain.from_iterable(lists)))
    likely = []
    for (family, given), count in counts.items():
        name = f"{family} {given}"  # most are left out by their letters alone: patterns took half of the time
        if not name.isascii() or (begun in name.lower() and begins(name)):
            likely.append((not begins(_plain(family)), -count, family, given))
    ranked: dict[tuple[str, ...], tuple[bool, int, str]] = {}
    for _, less, family, given in sorted(likely, key=itemgetter(0, 1))[: _FOLDED * limit]:
        count, family_words, key = -less, _folded(family), _folded(f"{given} {family}")
        if _means(typed, key):
            is_family = not typed or any(each.startswith(typed[-1]) for each in family_words)
            others = ranked[key][1] if key in ranked else 0
            ranked[key] = (is_family, count + others, Author(family, given).name)
    best = sorted(ranked.values(), key=lambda each: (not each[0], -each[1], each[2].casefold(), each[2]))
    return [name for _, _, name in best[:limit]]


def _plain(name: str) -> str:
    return name if name.isascii() else " ".join(_folded(name))


@lru_cache(maxsize=1 << 13)
def _folded(name: str) -> tuple[str, ...]:
    """Its terms: with every letter typed the same people are looked at again."""
    return tuple(name_terms(name))


def _means(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each typed word is a name's beginning, each another's, and all but the last are whole or initials."""
    left = list(name)
    for at, word in enumerate(typed, 1):
        may_begin = at == len(typed) or len(word) == 1
        fit = next((each for each in left if each == word or (may_begin and each.startswith(word))), None)
        if fit is None:
            return False
        left.remove(fit)
    return bool(name)


def _categories(begun: str) -> Iterator[tuple[str, str]]:
    """Codes that begin so, or in whose human name a word does; archives first where nothing is typed."""
    folded = begun.casefold()
    names = {f"{archive}.*": f"all of {category_name(archive)}" for archive in _ARCHIVES} | dict(CATEGORY_NAMES)
    coded = [code for code in names if code.casefold().startswith(folded)]
    named = [code for code, name in names.items() if f" {folded}" in f" {name.casefold()}"]
    yield from ((code, names[code]) for code in dict.fromkeys([*coded, *named]))


_ARCHIVES = tuple(dict.fromkeys(code.partition(".")[0] for code in CATEGORY_NAMES if "." in code))


def _completions(told: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    """Each text with what is said of it; those left out that are too long to be picked."""
    for value, words in told:
        if units(value) <= LONGEST:
            room = LONGEST - units(value) - units(" — ")
            label = f"{value} — {cut_to_units(words, room)}" if words and room > len(words) // 2 else value
            yield Completion(label=label, value=value)
