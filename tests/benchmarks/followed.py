"""Subscriptions as channels have them, all different: words, phrases, categories, authors, groups and exclusions."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from bot.domain.analysis import STOP_WORDS, name_terms, words
from bot.domain.papers import Paper
from bot.domain.query import Field, InCategory, Node, Query, Words, all_of, any_of, none_of

_SHARES = (14, 12, 16, 10, 10, 8, 8, 8, 5, 5, 4)
"""Guesses at what people follow: mostly few words, often within a category."""


class _Material(NamedTuple):
    """What one paper gives to queries; each part holds something."""

    title: list[str]
    telling: list[str]
    abstract: list[str]
    categories: tuple[str, ...]
    authors: list[tuple[str, ...]]


def different_queries(papers: Sequence[Paper], topics: Sequence[str], count: int, chance: Random) -> Iterator[Query]:
    """So many queries, no two alike, made of what stands in these papers and of what people named as their topics."""
    material = list(map(_material, papers))
    named: list[Node] = [Words(tuple(found)) for each in topics if (found := words(each))]
    seen: set[int] = set()
    while len(seen) < count:
        query = Query(_subscription(chance.choice(material), chance.choice(named), chance))
        key = hash(str(query))
        if key not in seen:
            seen.add(key)
            yield query


def _material(paper: Paper) -> _Material:
    title = words(paper.title) or ["learning"]
    return _Material(
        title=title,
        telling=[each for each in title if each not in STOP_WORDS and len(each) > 2] or ["learning"],
        abstract=[each for each in words(paper.abstract) if each not in STOP_WORDS] or ["survey"],
        categories=paper.categories or ("cs.LG",),
        authors=[tuple(found) for each in paper.authors if (found := name_terms(each.name))] or [("chen",)],
    )


def _subscription(of: _Material, topic: Node, chance: Random) -> Node:
    def word(field: Field = Field.ANY) -> Node:
        return Words((chance.choice(of.telling),), field)

    start = chance.randrange(len(of.title))
    phrase = Words(tuple(of.title[start : start + chance.choice((2, 2, 2, 3))]))
    category = InCategory(chance.choice(of.categories))
    archive = InCategory(f"{category.name.partition('.')[0]}.*")
    kinds: tuple[Callable[[], Node], ...] = (
        lambda: all_of([word(), word()]),
        lambda: all_of([word(), word(), word()]),
        lambda: phrase,
        lambda: all_of([phrase, category]),
        lambda: all_of([word(), category]),
        lambda: all_of([any_of([word(), phrase]), category]),
        lambda: all_of([word(), word(), none_of(Words((chance.choice(of.abstract),)))]),
        lambda: Words(chance.choice(of.authors), Field.AUTHOR),
        lambda: any_of([topic, phrase]),
        lambda: all_of([word(), any_of([word(), word(), topic]), none_of(archive)]),
        lambda: all_of([word(Field.TITLE), Words((chance.choice(of.telling)[:5],), prefix=True)]),
    )
    return chance.choices(kinds, _SHARES)[0]()
