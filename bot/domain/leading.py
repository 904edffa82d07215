"""Says what a query asks of titles and first authors alone: papers that meet that come first, and are found quickest.

Asks no engine itself, and puts nothing in order.
"""

from collections.abc import Callable, Collection, Sequence

from bot.domain.analysis import lead_label
from bot.domain.conditions import TEXT_COLUMNS, AllOf, AnyOf, Column, Condition, Has, condition, label_of
from bot.domain.query import And, Field, FromSource, Having, InCategory, Node, Or, Published, Query, Words
from bot.domain.variants import written_otherwise

Check = Callable[[Sequence[str], Sequence[str]], list[bool]]
"""Which of many papers meet something, by the terms of their titles, with a blank around each, and the words of their
first authors' family names."""

_MOST_NAMES = 6
"""More words than this are a title or a sentence, and name nobody."""


def in_titles(condition: Condition) -> Condition:
    """The same condition, where what may stand in the abstract must stand in the title, or name an author where it may.

    This is what is looked for first.
    """
    match condition:
        case Has(columns, found, prefix) if Column.TITLE in columns:
            return Has(tuple(each for each in columns if each is not Column.ABSTRACT), found, prefix)
        case AnyOf(parts):
            return AnyOf(tuple(map(in_titles, parts)))
        case AllOf(parts, without):
            return AllOf(tuple(map(in_titles, parts)), without)
        case _:
            return condition


def leading(query: Query) -> Condition | None:
    """What a query asks for in titles and labels alone, where a word without a field may name the first author instead:
    that is how papers are cited. A phrase is any paper with its words: `phrases` says the rest.

    Every condition is on any column: no label is a word. None where titles and labels cannot tell.
    """
    return _leading(query.root, may_name=len({word for each in query.sought() for word in each.words}) <= _MOST_NAMES)


def _leading(node: Node, *, may_name: bool) -> Condition | None:
    match node:
        case Published():
            return node
        case And(parts):
            found = [_leading(part, may_name=may_name) for part in parts]
            return AllOf(tuple(filter(None, found))) if all(found) else None
        case Or(parts):
            some = [_leading(part, may_name=may_name) for part in parts]
            return _any_of([each for each in some if each])
        case Words():
            return _leading_words(node, may_name=may_name)
        case InCategory() | FromSource() | Having():
            return Has(TEXT_COLUMNS, (label_of(node),))
        case _:
            return None


def _leading_words(node: Words, *, may_name: bool) -> Condition | None:
    choices: list[Condition] = []
    if node.field in (Field.ANY, Field.TITLE):
        asked = in_titles(condition(Words(node.words, Field.TITLE, prefix=node.prefix)))
        choices += map(_apart, asked.parts if isinstance(asked, AnyOf) else (asked,))
    if node.field in (Field.ANY, Field.AUTHOR) and may_name and len(node.words) == 1 and not node.prefix:
        choices.append(Has(TEXT_COLUMNS, (lead_label(node.words[0]),)))
    return _any_of(choices)


def _any_of(choices: list[Condition]) -> Condition | None:
    return AnyOf(tuple(choices)) if len(choices) > 1 else next(iter(choices), None)


def _apart(phrase: Condition) -> Condition:
    """All words of a phrase, wherever they stand."""
    assert isinstance(phrase, Has)  # noqa: S101 (words of titles ask for nothing else)
    *before, last = phrase.terms
    words = [*(Has(TEXT_COLUMNS, (each,)) for each in dict.fromkeys(before)), Has(TEXT_COLUMNS, (last,), phrase.prefix)]
    return AllOf(tuple(words)) if len(words) > 1 else words[0]


def phrases(query: Query) -> Check | None:
    """What a query asks of a paper that `leading` finds besides its words; None where it has no phrase."""
    ways = (way for each in query.sought() for way in (each.words, *written_otherwise(each.words)))
    return _check(in_titles(condition(query.root))) if any(len(each) > 1 for each in ways) else None


def _check(asked: Condition) -> Check:
    """Made once and asked of hundreds of papers at once: paper by paper took three times longer."""
    match asked:
        case Has(columns, found, prefix) if Column.LABELS not in columns:
            return _has(columns, found, end="" if prefix else " ")
        case AnyOf(parts):
            choices = [_check(each) for each in parts]
            return lambda titles, leads: list(map(any, zip(*[each(titles, leads) for each in choices], strict=True)))
        case AllOf(parts):
            needed = [_check(each) for each in parts]
            return lambda titles, leads: list(map(all, zip(*[each(titles, leads) for each in needed], strict=True)))
        case _:
            return lambda titles, _: [True] * len(titles)


def _has(columns: Collection[Column], found: Sequence[str], end: str) -> Check:
    phrase, is_of_title = f" {' '.join(found)}{end}", Column.TITLE in columns
    name = f" {found[0]} " if Column.AUTHORS in columns and len(found) == 1 else ""

    def held(titles: Sequence[str], leads: Sequence[str]) -> list[bool]:
        if not name:
            return [is_of_title and phrase in title for title in titles]
        return [
            (is_of_title and phrase in title) or name in f" {lead} " for title, lead in zip(titles, leads, strict=True)
        ]

    return held
