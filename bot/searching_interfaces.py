"""What searching asks of a database: the papers a query means, what else may be meant, and what is half typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.forgiveness import Loose
from bot.domain.papers import KnownPaper
from bot.domain.patience import Patience
from bot.domain.query import Query, Words
from bot.domain.ranking import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """One page of a search: papers in order, and how many match."""

    papers: tuple[KnownPaper, ...]
    total: int
    """At least so many, where it is not exact."""
    exact: bool = True
    """Whether every match was seen."""
    in_time: bool = True
    """Whether the search ended by itself; else this is what was found before it was stopped."""
    named: Query | None = None
    """What finds the papers of those whose name the words are, where they may be one: theirs come first."""


class SearchingStorage(Protocol):
    """Finds papers, each answer in bounded time.

    All that is asked `within` the same patience takes no longer together than that allows, waiting for a turn aside;
    without one, each answer has its own.
    """

    async def search_papers(
        self,
        query: Query,
        *,
        now: datetime,
        limit: int,
        offset: int = 0,
        order: Order = Order.RELEVANCE,
        called: Sequence[str] = (),
        within: Patience | None = None,
    ) -> Matches:
        """The papers a query matches, in this order; spans back from now are counted from its day in UTC.

        Any query a parser can make gives an answer, and exactly the papers that `matching` finds match. `called` are
        the words that the query was typed with, in order: where it is plain, papers with that title are among the most
        relevant, however many others match.
        """
        ...

    def begin_reading_spellings(self) -> None:
        """Read how words are spelt here, so that whoever misspells one does not wait for it."""
        ...

    async def likely_spellings(self, words: Sequence[str], *, within: Patience | None = None) -> Mapping[str, str]:
        """What each of these words, folded, may have been meant to be; those left out that are right.

        None where time was over before.
        """
        ...

    async def commoner_spellings(self, words: Sequence[str], *, within: Patience | None = None) -> Mapping[str, str]:
        """Of these words, folded, those that next to no paper holds, and the far commoner ones that may be meant.

        None where time was over before. Where all the words are common, it takes no longer than to count them.
        """
        ...

    async def begins_commoner(self, word: str, than: str, *, within: Patience | None = None) -> bool:
        """Whether a word that begins like this one, folded, stands in more titles than another; not where time is over
        before."""
        ...

    async def likely_names(self, names: Sequence[Words], *, within: Patience | None = None) -> list[Words]:
        """Those of these authors whose names surely are names here: the first or the last word is some first author's
        family name, and far more papers have each word as an author's name than in their title or abstract.

        None where time was over before.
        """
        ...

    async def search_loosely(
        self,
        loose: Loose,
        *,
        now: datetime,
        limit: int,
        offset: int = 0,
        first: Sequence[int] = (),
        within: Patience | None = None,
    ) -> Matches:
        """The papers numbered `first`, and then those that hold some of the words, the closest first: never exact."""
        ...

    async def suggest_papers(self, text: str, *, limit: int, within: Patience | None = None) -> list[KnownPaper]:
        """Papers whose title continues this half-typed text, best first; empty text: the best known."""
        ...

    async def suggest_authors(
        self, text: str, *, limit: int, is_surely_one: bool = True, within: Patience | None = None
    ) -> list[str]:
        """Names of people that a half-typed name may mean, those with the most papers first, as far as a look tells.

        For a text that may be none, nobody where its words are too common in papers to look them all through.
        """
        ...

    async def similar_papers(self, known: KnownPaper, *, limit: int) -> list[KnownPaper]:
        """The papers most like this one by the rare words they share, best first; none where nothing is alike."""
        ...
