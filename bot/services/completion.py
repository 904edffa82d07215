"""Completes what a person types as a query: titles, people, categories and fields, the likeliest first."""

from bot.domain.analysis import name_terms
from bot.domain.completing import (
    Completion,
    UnderWay,
    authors_named,
    field_names,
    field_values,
    leaves_out,
    name_under_way,
    named_categories,
    under_way,
)
from bot.domain.forgiveness import likeliest_name
from bot.domain.patience import SEARCH_SECONDS, TYPING_SECONDS, Patience
from bot.interfaces import Storage
from bot.services.search import Search, Suggestion

_LIMIT = 25
_TITLES_FIRST = 3
"""Titles that stand before fields and categories, so that whoever types a title is not kept from it."""

_NAME_WORDS = 3
_SHORTEST_MISTYPED = 6
"""Letters of a family name from which on it may be mistyped."""
_MISTYPED = 2
"""Letters at its end without which others are looked for; else it is by the first few."""
_BEGUN = 4
_MOST_ALIKE = 200
_NAMES = 10
"""People who are offered where hardly a title continues what is typed."""


class Completions:
    """Offers what may be picked while a query is typed."""

    def __init__(self, storage: Storage, search: Search, *, seconds: float = TYPING_SECONDS) -> None:
        """After so many seconds no more is looked for than was found; the little that must be is."""
        self._seconds = seconds
        self._storage = storage
        self._search = search

    async def suggest(self, text: str) -> list[Suggestion]:
        """What the text may become: each label begins with the value that is then typed, or names a paper."""
        typed, patience = under_way(text), Patience(SEARCH_SECONDS, enough=self._seconds)
        if typed is None:
            titles = await self._titles(text, patience)
            others = list(map(_suggestion, [*field_names(text), *named_categories(text)]))
            said = name_under_way(text)
            if said is not None:
                others[:0] = await self._called(said, patience, is_surely_one=True)
            elif len(titles) < _TITLES_FIRST and not leaves_out(text) and len(text.split()) <= _NAME_WORDS:
                others += await self._names(text, patience)
            found = [*titles[:_TITLES_FIRST], *others, *titles[_TITLES_FIRST:]][:_LIMIT]
            return found or await self._respelt(text, patience)
        if typed.is_title and not typed.head:
            return await self._titles(typed.value, patience)
        if typed.is_author:
            names = await self._storage.suggest_authors(typed.value, limit=_LIMIT, within=patience)
            found = list(map(_suggestion, authors_named(typed, names)))
        else:
            found = list(map(_suggestion, field_values(typed)))
        return found[:_LIMIT] or await self._titles(text, patience)

    async def _titles(self, text: str, patience: Patience) -> list[Suggestion]:
        """Titles that go on like this; none where something is left out, which they would hold."""
        return [] if leaves_out(text) else await self._search.suggest(text, _LIMIT, within=patience)

    async def _respelt(self, text: str, patience: Patience) -> list[Suggestion]:
        """Titles that go on like what was meant and people called almost so, where nothing goes on like this."""
        if leaves_out(text) or patience.is_over():
            return []
        titles = await self._search.suggest_respelt(text, _LIMIT, within=patience)
        names = await self._names_like(text, patience)
        return [*titles[:_TITLES_FIRST], *names, *titles[_TITLES_FIRST:]][:_LIMIT]

    async def _names_like(self, text: str, patience: Patience) -> list[Suggestion]:
        """People called almost so."""
        name = name_terms(text)
        if patience.is_over() or not 0 < len(name) <= _NAME_WORDS or len(name[-1]) < _SHORTEST_MISTYPED:
            return []
        for begun in (name[-1][:-_MISTYPED], name[-1][:_BEGUN]):
            alike = await self._storage.suggest_authors(begun, limit=_MOST_ALIKE, within=patience)
            if meant := likeliest_name(name, alike):
                return await self._names(" ".join(meant), patience)
        return []

    async def _names(self, text: str, patience: Patience) -> list[Suggestion]:
        """People whose name is being typed without saying so."""
        typed = under_way(f'author:"{text}')
        return await self._called(typed, patience, is_surely_one=False) if typed else []

    async def _called(self, typed: UnderWay, patience: Patience, *, is_surely_one: bool) -> list[Suggestion]:
        """People whose name this may become."""
        if patience.is_over():
            return []
        names = await self._storage.suggest_authors(
            typed.value, limit=_NAMES, is_surely_one=is_surely_one, within=patience
        )
        return list(map(_suggestion, authors_named(typed, names)))


def _suggestion(each: Completion) -> Suggestion:
    return Suggestion(label=each.label, value=each.value)
