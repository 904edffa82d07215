"""Understands what a text asks for, and finds it: what it says, what was meant, or what has the most to do with it."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.analysis import words
from bot.domain.forgiveness import (
    as_begun,
    as_typed,
    begun_like,
    doubtful,
    doubtful_names,
    last_begun,
    likeliest_name,
    loosened,
    renamed,
    respelt,
)
from bot.domain.papers import KnownPaper
from bot.domain.parsing import QueryError, parse_query
from bot.domain.patience import Patience
from bot.domain.query import Query, WithId, Words, any_of
from bot.domain.ranking import Order
from bot.domain.spoken import as_spoken
from bot.interfaces import Storage
from bot.searching_interfaces import Matches
from bot.services.second_thoughts import SecondThoughts

_SENTENCE = 3
"""From so many telling words on, a query is a sentence: few papers hold all of it, and the best often do not."""
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_SURE_OF = 2
"""Letters at the end of a family name without which others are looked for."""
_NAMES = 200
"""People among whom the one who was meant is looked for."""
_FEW = 10
"""Fewer papers than this are not all that somebody looks for who typed a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of what is found, in which order, and how long that may take."""

    order: Order
    now: datetime
    limit: int
    offset: int
    patience: Patience


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, and for which query: the one asked, or one that was meant or is freer; as SearchPage has them."""

    query: Query
    found: Matches
    instead: Query | None = None
    whole: int | None = None
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text asks for, and what that finds."""

    query: Query
    is_said: bool
    """Whether that is what the text says as a request, and not its words."""
    searched: Searched


class Understanding:
    """Searches one library for what people may mean."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def understood(self, text: str, wanted: Wanted) -> Understood:
        """The query that the text is, or what it says as a request in words; of a title, the query for its words.

        Raises QueryError, which says what to type instead, where the text is no query.
        """
        query = await self._as_title(text, wanted) or parse_query(text)
        if spoken := as_spoken(text):
            found = await self._strictly(query, replace(wanted, offset=0), words(text))
            if not found.total or (spoken.is_sure and chosen(query, text, found) is None):
                searched = await self.searched(spoken.query, words(text), wanted)
                if searched.found.total or (spoken.is_sure and not found.total):
                    return Understood(spoken.query, spoken.query != query, searched)
        return Understood(query, False, await self.searched(query, words(text), wanted))

    async def _as_title(self, text: str, wanted: Wanted) -> Query | None:
        """The query for the words of a text with an operator, "ATTENTION IS NOT ALL YOU NEED", that is a title here."""
        small = _OPERATOR.sub(lambda found: found[0].lower(), text)
        if small == text:
            return None
        with suppress(QueryError):
            plain = parse_query(small)
            called = await self._strictly(plain, replace(wanted, offset=0), words(text))
            if plain.is_plain and _is_called_so(called, words(text)):
                return plain
        return None

    async def searched(self, query: Query, typed: Sequence[str], wanted: Wanted) -> Searched:
        """What the query finds; where that is nothing, what it finds spelt otherwise, and else by some of its words.

        Where time is over, what was found until then.
        """
        found = await self._strictly(query, wanted, typed)
        if found.total >= _FEW or wanted.patience.is_over() or (found.total and wanted.order is not Order.RELEVANCE):
            return Searched(query, found, is_certain=found.in_time)
        return replace(await self._freely(query, typed, found, wanted), is_certain=found.in_time)

    async def _freely(self, query: Query, typed: Sequence[str], found: Matches, wanted: Wanted) -> Searched:
        """What is found otherwise where the query finds only this, or nothing."""
        patience, named = wanted.patience, found.named
        spellings = {} if found.total else await self._storage.likely_spellings(doubtful(query), within=patience)
        meant = respelt(query, spellings)
        if spellings:
            meant, found = await self._meant(query, spellings, wanted)
        if not found.total and (others := respelt(await self._renamed(query, patience), spellings)) != meant:
            meant, found = others, await self._strictly(others, wanted)
        if not found.total and named and (theirs := await self._by_some_of(named, wanted)):
            return theirs
        if not found.total:
            meant, found = await self._begun(query, meant, found, wanted)
        instead = meant if meant != query and found.total else None
        strictly = Searched(meant if instead else query, found, instead=instead)
        loose = loosened(meant, [spellings.get(word, word) for word in typed])
        if loose is None or found.total >= _FEW or (found.total and len(loose.words) < _SENTENCE):
            return strictly
        whole = found
        if wanted.offset or wanted.limit < found.total:
            whole = await self._strictly(meant, replace(wanted, limit=_FEW, offset=0))
        if patience.is_over():
            return strictly
        first = [known.id for known in whole.papers]
        some = await self._storage.search_loosely(
            loose, now=wanted.now, first=first, limit=wanted.limit, offset=wanted.offset, within=patience
        )
        if some.total == len(first) or _is_called_so(whole, typed):
            return strictly
        freed = Query(any_of([Words((word,)) for word in loose.words]))
        some = replace(some, named=found.named)
        return Searched(freed, some, instead=meant if meant != query else None, whole=len(first))

    async def perhaps(self, query: Query, typed: Sequence[str], searched: Searched, wanted: Wanted) -> str | None:
        """What else may have been meant, to be typed; None where it is what was searched for."""
        if wanted.patience.is_over():
            return None
        thoughts = SecondThoughts(self._storage, wanted.now, wanted.patience)
        few = searched.found.total if searched.whole is None else searched.whole
        if few and not searched.instead and not wanted.offset:
            holding = [known.paper for known in searched.found.papers[:few]]
            if meant := await thoughts.on_names(query, typed, holding):
                return meant
        if searched.whole == 0 and not searched.instead and (meant := await thoughts.on_titles(query, typed)):
            return meant
        respelt = await thoughts.on_spelling(searched.instead or query, few) if few < _FEW else None
        return as_typed(query, respelt, typed) if respelt else None

    async def _meant(self, query: Query, spellings: Mapping[str, str], wanted: Wanted) -> tuple[Query, Matches]:
        """What is found with words spelt otherwise; but the last one as it begins, where commoner words begin so."""
        word = last_begun(query)
        if word in spellings and await self._storage.begins_commoner(word, spellings[word], within=wanted.patience):
            others = {each: spelling for each, spelling in spellings.items() if each != word}
            begun = as_begun(respelt(query, others))[0]
            if (found := await self._strictly(begun, wanted)).total:
                return begun, found
        meant = respelt(query, spellings)
        return meant, await self._strictly(meant, wanted)

    async def _by_some_of(self, named: Query, wanted: Wanted) -> Searched | None:
        """What the first of these people wrote who wrote anything."""
        for each in named.sought():
            only = Query(each)
            if (theirs := await self._strictly(only, wanted)).total:
                return Searched(only, theirs, instead=only)
        return None

    async def _begun(self, query: Query, meant: Query, found: Matches, wanted: Wanted) -> tuple[Query, Matches]:
        """What is found where words are only begun, of a query that finds nothing; what there is already, else."""
        for others in as_begun(query):
            if wanted.patience.is_over():
                break
            if (begun := await self._strictly(others, wanted)).total:
                return others, begun
        return meant, found

    async def begun_like(self, query: Query, wanted: Wanted) -> str:
        """The longest beginning of one of the words that finds any paper, with a star."""
        for sought in query.sought():
            for begun in begun_like(sought):
                if wanted.patience.is_over():
                    return ""
                if (await self._strictly(Query(begun), replace(wanted, limit=1, offset=0))).total:
                    return str(begun)
        return ""

    async def _renamed(self, query: Query, patience: Patience) -> Query:
        """The query with its authors called as people are called whom it may mean."""
        for named in doubtful_names(query):
            family = named.words[-1]
            for begun in dict.fromkeys((family, family[:-_SURE_OF] or family)):
                names = await self._storage.suggest_authors(begun, limit=_NAMES, within=patience)
                if meant := likeliest_name(named.words, names):
                    query = renamed(query, named, meant)
                    break
        return query

    async def _strictly(self, query: Query, wanted: Wanted, called: Sequence[str] = ()) -> Matches:
        return await self._storage.search_papers(
            query,
            now=wanted.now,
            limit=wanted.limit,
            offset=wanted.offset,
            order=wanted.order,
            called=called,
            within=wanted.patience,
        )


def _is_called_so(found: Matches, typed: Sequence[str]) -> bool:
    """Whether one of these papers has just these words as its title."""
    return any(words(known.paper.title) == list(typed) for known in found.papers)


def chosen(query: Query, text: str, found: Matches) -> KnownPaper | None:
    """The one paper found that the text names, by its id or letter by letter by its title; None where it names none."""
    title = " ".join(text.split())
    titled = [known for known in found.papers if " ".join(known.paper.title.split()) == title]
    candidates = found.papers if isinstance(query.root, WithId) else titled
    return candidates[0] if len(candidates) == 1 else None
