"""What else somebody may have meant whose search found papers: one query to offer. What was found stays as it is."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.analysis import words
from bot.domain.forgiveness import SENTENCE, beside, doubtful, mended, only_named, respelt
from bot.domain.named_requests import NamedRequest
from bot.domain.papers import Paper
from bot.domain.patience import Patience
from bot.domain.query import Query
from bot.domain.spoken import as_spoken, still_to_come
from bot.interfaces import Storage
from bot.services.naming import naming_people

_TITLES = 5
"""Titles that are looked through for the words around a mistake."""
_MOST_WORDS = 10
"""Words that are left out one after the other."""
_SHARE = 0.5
"""How much of the time that is left may be spent on what is only offered."""


class SecondThoughts:
    """Looks for what may have been meant, for one search, at this time and within its patience."""

    def __init__(self, storage: Storage, now: datetime, within: Patience) -> None:
        self._storage = storage
        self._now = now
        self._patience = Patience(_SHARE * within.left)

    async def on_spelling(self, query: Query, found: int) -> Query | None:
        """The query without mistakes that hardly any paper makes, where so more is found than these few papers."""
        spellings = await self._storage.commoner_spellings(doubtful(query), within=self._patience)
        if not spellings:
            return None
        meant = respelt(query, spellings)
        more = await self._storage.search_papers(meant, now=self._now, limit=1, within=self._patience)
        return meant if more.total > found else None

    async def on_topic(self, typed: str, query: Query) -> Query | None:
        """What somebody may mean whose channel is to follow this: a topic brings just what it says, and for years."""
        spoken = as_spoken(typed)
        is_said = spoken is not None and spoken.is_sure and not spoken.is_citation
        asked = still_to_come(spoken.query, self._now.astimezone(UTC).date()) if spoken and is_said else None
        return await self._spelt(asked or query) or asked

    async def _spelt(self, query: Query) -> Query | None:
        """The query without mistakes, where so more is found."""
        found = await self._storage.search_papers(query, now=self._now, limit=1, within=self._patience)
        if found.total:
            return await self.on_spelling(query, found.total)
        meant = respelt(query, await self._storage.likely_spellings(doubtful(query), within=self._patience))
        if meant == query:
            return None
        more = await self._storage.search_papers(meant, now=self._now, limit=1, within=self._patience)
        return meant if more.total else None

    async def on_names(self, query: Query, typed: Sequence[str], found: Sequence[Paper]) -> str | None:
        """What was typed as a title has it, with the word put right by which all that was found only names an author.

        How common words are does not tell: more people are called Yu than papers say "you".
        """
        at = only_named(query, typed, found)
        return None if at is None else await self._as_titled(typed, at)

    async def on_titles(self, query: Query, typed: Sequence[str]) -> str | None:
        """What was typed as a title has it that differs in a letter or two of one word, where no paper has all words:
        which of many short words was meant, only those around it tell."""
        if not query.is_plain or not SENTENCE <= len(typed) <= _MOST_WORDS:
            return None
        for at in reversed(range(len(typed))):
            if self._patience.is_over():
                break
            if meant := await self._as_titled(typed, at):
                return meant
        return None

    async def on_people(self, typed: str) -> str | None:
        """What finds the papers of people whom a text names without saying so, where its words find others."""
        for each in await naming_people(self._storage, typed, self._patience, wanted=_is_all_that_was_said):
            found = await self._storage.search_papers(each.query, now=self._now, limit=1, within=self._patience)
            if found.total:
                return str(each.query)
        return None

    async def _as_titled(self, typed: Sequence[str], at: int) -> str | None:
        titled = await self._storage.search_papers(
            beside(typed, at), now=self._now, limit=_TITLES, within=self._patience
        )
        for each in titled.papers:
            if meant := mended(typed, at, words(each.paper.title)):
                return " ".join(meant)
        return None


def _is_all_that_was_said(request: NamedRequest) -> bool:
    return not request.is_less and not request.mistyped
