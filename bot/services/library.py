"""Looks papers up one at a time: by number, id or address, or by a title as people remember it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from bot.domain.analysis import STOP_WORDS, term, terms, words
from bot.domain.homes import Home
from bot.domain.identifiers import (
    ExternalId,
    find_identifiers,
    lists_ids,
    miscounted_id,
    miscounted_ids,
    parse_identifier,
)
from bot.domain.labels import LONGEST, cut_to_units, paper_label, units
from bot.domain.papers import KnownPaper, Paper
from bot.domain.patience import SEARCH_SECONDS, TYPING_SECONDS, Patience
from bot.domain.query import Query, Words, all_of
from bot.domain.query_fields import UNREADABLE_ADDRESS
from bot.domain.ranking import LONGEST_COMPARED, Order, likeness
from bot.domain.references import cited, ids_among, resembled
from bot.domain.spoken import as_spoken
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.findings import Wanted
from bot.services.referring import called_so, referred_paper, words_within
from bot.services.search import Suggestion, respelt_papers, suggested_papers
from bot.services.understanding import Understanding

NO_PAPERS = "I keep no papers yet. Whoever runs me adds some with: paperboy import FILE"

_MOST_WORDS = 24
_COMPARED = 25
_NEAR = 88.0
"""How alike, of 100, two titles must be to be taken for one that was mistyped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a running text names papers by: the first papers of those we keep, and the ids that nobody has."""

    papers: tuple[KnownPaper, ...]
    """In the order in which they are named."""
    known: int
    """How many papers are named that we keep, shown or not."""
    unknown: tuple[ExternalId, ...]
    mistyped: tuple[str, ...] = ()
    """What is wrong with what looks like an id and is none, a sentence each."""


class UnknownIdError(UserError):
    """An id that no paper has."""

    def __init__(self, text: str, identifier: ExternalId) -> None:
        super().__init__(f"I don't have {_shown(text)}. Check the number, or type words of its title.")
        self.identifier = identifier


class UnclearTitleError(UserError):
    """A title that is nobody's, and the papers that may be meant, the likeliest first."""

    def __init__(self, text: str, near: Sequence[KnownPaper], *, are_begun: bool = False) -> None:
        titles = "; ".join(known.paper.title for known in near[:3])
        super().__init__(f"No paper has the title {_shown(text)}. Did you mean: {titles}?")
        self.near = tuple(near)
        self.are_begun = are_begun
        """Whether every word that was typed stands in each of their titles."""
        self.are_all = len(near) < _COMPARED


class Library:
    """Knows the papers there are."""

    def __init__(self, storage: Storage, clock: Callable[[], datetime]) -> None:
        self._storage = storage
        self._understanding = Understanding(storage)
        self._clock = clock

    async def require(self, paper_id: int) -> KnownPaper:
        """The paper with this number. Raises UserError where it is gone."""
        found = await self._storage.get_papers([paper_id])
        if not found:
            raise UserError("That paper is no longer in the library. Search for it again with /search.")
        return found[0]

    async def homes(self, papers: Sequence[int], guild_id: int) -> Sequence[Home]:
        """Where these papers were posted in a server, the latest first."""
        return await self._storage.list_homes(papers, guild_id=guild_id)

    async def resolve(self, text: str) -> KnownPaper:
        """The one paper a person means by an id, an address, or a title, whole, begun or slightly mistyped, or by what
        people call it.

        Raises UserError where it is not clear: UnknownIdError for an id, UnclearTitleError where titles come close.
        """
        text = resembled(text) or text
        if lists_ids(text):
            raise UserError("Those are the ids of several papers. Name one of them; /search shows them all.")
        identifier = parse_identifier(text)
        if identifier is not None:
            known = await self._storage.find_paper(identifier)
            return known or await self._missing(UnknownIdError(text, identifier))
        if known := await self._referred_to(text):
            return known
        if miscounted := miscounted_id(text):
            raise UserError(miscounted)
        typed = words(text[:LONGEST_COMPARED])[:_MOST_WORDS]
        if not typed:
            raise UserError("Type a paper's title, its arXiv id, its DOI or its address, such as: 1706.03762")
        if "://" in text:
            raise UserError(UNREADABLE_ADDRESS)
        if called := await called_so(self._storage, text):
            return await self._storage.find_titled(text) or called
        continuing = await self._storage.suggest_papers(" ".join(typed), limit=_COMPARED)
        if len(continuing) == 1:
            return continuing[0]
        alike = _by_likeness(text, continuing or await self._alike(typed))
        if alike and likeness(text, alike[0].paper.title) >= _NEAR:
            return alike[0]
        if continuing:
            raise UnclearTitleError(text, continuing, are_begun=True)
        near = [known for known in alike if _shares_most(typed, known.paper.title)]
        return await self._missing(UnclearTitleError(text, near) if near else _no_title(text))

    async def find(self, text: str) -> KnownPaper | None:
        """The one paper that `resolve` tells; None where it is not clear which."""
        try:
            return await self.resolve(text)
        except UserError:
            return None

    async def _referred_to(self, text: str) -> KnownPaper | None:
        """The paper that a reference is of, whose id or address stands in a text, or that is cited by people and year.

        Raises UnclearTitleError where several are.
        """
        if known := await referred_paper(self._storage, text, cited(text)):
            return known
        numbers = await self._storage.find_numbers(ids_among(text))
        if len(set(numbers.values())) == 1:
            return next(iter(await self._storage.get_papers([*numbers.values()])), None)
        spoken = as_spoken(text)
        if spoken is None or not spoken.is_citation:
            return None
        within = Patience(SEARCH_SECONDS)
        found = await self._storage.search_papers(spoken.query, now=self._clock(), limit=_COMPARED, within=within)
        if 1 < found.total <= _COMPARED:
            raise UnclearTitleError(text, found.papers)
        return found.papers[0] if found.total == 1 else None

    async def named_in(self, text: str, *, limit: int) -> Named:
        """The papers that a text names by arXiv id, DOI or the address of either; `limit` of them are looked up."""
        ids = find_identifiers(text)
        numbers = await self._storage.find_numbers(ids)
        known = list(dict.fromkeys(numbers[each] for each in ids if each in numbers))
        return Named(
            papers=tuple(await self._storage.get_papers(known[:limit])),
            known=len(known),
            unknown=tuple(each for each in ids if each not in numbers),
            mistyped=tuple(miscounted_ids(text)),
        )

    async def _missing(self, error: UserError) -> NoReturn:
        raise error if await self._storage.count_papers() else UserError(NO_PAPERS)

    async def suggest(self, text: str, limit: int = 25) -> list[Suggestion]:
        """Papers whose title continues what is being typed, or what was meant, each with a value that `resolve` takes
        for it."""
        patience = Patience(SEARCH_SECONDS, enough=TYPING_SECONDS)
        papers = await suggested_papers(self._storage, text, limit, within=patience)
        papers = papers or await respelt_papers(self._storage, text, limit, within=patience)
        return [Suggestion(label=paper_label(known.paper), value=_value_for(known.paper)) for known in papers]

    async def count(self) -> int:
        """How many papers there are."""
        return await self._storage.count_papers()

    async def _alike(self, typed: list[str]) -> Sequence[KnownPaper]:
        """Papers that hold the words as they may be meant, or else some of them."""
        query = Query(all_of([Words((word,)) for word in _telling(typed)]))
        wanted = Wanted(
            order=Order.RELEVANCE, now=self._clock(), limit=_COMPARED, offset=0, patience=Patience(SEARCH_SECONDS)
        )
        return (await self._understanding.searched(query, typed, wanted)).found.papers


def _by_likeness(text: str, papers: Sequence[KnownPaper]) -> list[KnownPaper]:
    return sorted(papers, key=lambda known: likeness(text, known.paper.title), reverse=True)


def _shares_most(typed: Sequence[str], title: str) -> bool:
    """Whether more than half of the words that tell something stand in the title, in whatever form."""
    telling = {term(word) for word in _telling(typed)}
    return 2 * len(telling.intersection(terms(title))) > len(telling)


def _telling(typed: Sequence[str]) -> list[str]:
    return [word for word in typed if word not in STOP_WORDS] or list(typed)


def _no_title(text: str) -> UserError:
    words_of_it = "fewer words" if len(text.split()) > 1 else "another word"
    return UserError(
        f"No paper has the title {_shown(text)}. Type {words_of_it} of it, an arXiv id, a DOI or an address, "
        "or look for its words with /search."
    )


def _shown(text: str) -> str:
    return cut_to_units(text.strip(), LONGEST)


def _value_for(paper: Paper) -> str:
    for each in paper.ids:
        if units(each.value) <= LONGEST and parse_identifier(each.value) == each:
            return each.value
    return paper.title if units(paper.title) <= LONGEST else words_within(paper.title, LONGEST)
