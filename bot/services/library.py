"""Looks papers up one at a time: by number, id or address, or by a title as people remember it."""

from collections.abc import Sequence

from bot.domain.analysis import STOP_WORDS, words
from bot.domain.identifiers import parse_identifier
from bot.domain.labels import LONGEST, cut_to_units, paper_label, units
from bot.domain.papers import KnownPaper, Paper
from bot.domain.query import Query, Words, any_of
from bot.domain.ranking import LONGEST_COMPARED, likeness
from bot.errors import UserError
from bot.interfaces import Storage
from bot.services.search import Suggestion, suggested_papers, words_within

_MOST_WORDS = 24
_COMPARED = 25
_NEAR = 88.0
"""How alike, of 100, two titles must be to be taken for one that was mistyped."""


class Library:
    """Knows the papers there are."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def require(self, paper_id: int) -> KnownPaper:
        """The paper with this number. Raises UserError where it is gone."""
        found = await self._storage.get_papers([paper_id])
        if not found:
            raise UserError("That paper is no longer in the library. Search for it again with /search.")
        return found[0]

    async def resolve(self, text: str) -> KnownPaper:
        """The one paper a person means by an id, an address, or a title, whole, begun or slightly mistyped.

        Raises UserError, with the closest titles if there are any, where it is not clear.
        """
        identifier = parse_identifier(text)
        if identifier is not None:
            known = await self._storage.find_paper(identifier)
            if known is None:
                raise UserError(f"The paper {identifier} is not in the library. Try /search with words of its title.")
            return known
        typed = words(text[:LONGEST_COMPARED])[:_MOST_WORDS]
        if not typed:
            raise UserError("Type a paper's title, its arXiv id, its DOI or its address, such as: 1706.03762")
        continuing = await self._storage.suggest_papers(" ".join(typed), limit=_COMPARED)
        if len(continuing) == 1:
            return continuing[0]
        return _nearest(text, continuing or await self._alike(typed))

    async def suggest(self, text: str, limit: int = 25) -> list[Suggestion]:
        """Papers whose title continues what is being typed, each with a value that `resolve` takes for it."""
        return [
            Suggestion(label=paper_label(known.paper), value=_value_for(known.paper))
            for known in await suggested_papers(self._storage, text, limit)
        ]

    async def count(self) -> int:
        """How many papers there are."""
        return await self._storage.count_papers()

    async def _alike(self, typed: list[str]) -> Sequence[KnownPaper]:
        """Papers that share some of the words."""
        telling = [word for word in typed if word not in STOP_WORDS] or typed
        query = Query(any_of([Words((word,)) for word in telling]))
        return (await self._storage.search_papers(query, limit=_COMPARED)).papers


def _nearest(text: str, papers: Sequence[KnownPaper]) -> KnownPaper:
    """The paper whose title is nearly what was typed. Raises UserError where none is."""
    ranked = sorted(papers, key=lambda known: likeness(text, known.paper.title), reverse=True)
    if ranked and likeness(text, ranked[0].paper.title) >= _NEAR:
        return ranked[0]
    told = f"No paper has the title {cut_to_units(text.strip(), LONGEST)}."
    if not ranked:
        raise UserError(f"{told} Type fewer words of it, an arXiv id, a DOI or an address.")
    raise UserError(f"{told} Did you mean: {'; '.join(known.paper.title for known in ranked[:3])}?")


def _value_for(paper: Paper) -> str:
    for each in paper.ids:
        if units(each.value) <= LONGEST and parse_identifier(each.value) == each:
            return each.value
    return paper.title if units(paper.title) <= LONGEST else words_within(paper.title, LONGEST)
