"""Finds the stored papers that new ones may be, by title and authors, and keeps the words that this takes.

It looks at a few papers for each new one, never at all of them, and leaves the decision to the domain.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PreparedPaper
from bot.domain.flat import authors_of, ids_of
from bot.domain.identifiers import ExternalId
from bot.domain.lookalikes import MOST_HOLDERS, MOST_OF_ONE_TITLE, MOST_TOGETHER, common_threes, shortlist, sought_words
from bot.domain.sameness import SAME, Signature, are_one, heading, title_likeness
from storage.dialects.titles import (
    Numbers,
    Titled,
    any_apart,
    papers_named,
    titled,
    titles_holding,
    titles_holding_all,
    titles_holding_apart,
)
from storage.schema import title_words

_REMOVE_WORD = delete(title_words).where(
    title_words.c.word == bindparam("its_word"), title_words.c.paper_id == bindparam("number")
)

_MOST_REMEMBERED = 10_000
"""Words whose holders are remembered, of some 130 numbers each."""

Words = tuple[str, ...]


class Holders:
    """The papers that hold a word, by their numbers as they are written: making numbers of all would take longer.

    They are taken apart only where somebody goes through them. Thousands of sets of them would keep Python's search for
    garbage busy for 40 ms.
    """

    __slots__ = ("_count", "_numbers")

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers or ""
        self._count = self._numbers.count(",") + 1 if numbers else 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(_parted(self._numbers))

    def __contains__(self, number: object) -> bool:
        return number in _parted(self._numbers)


class Sought(NamedTuple):
    """A paper that is looked for, and its ids."""

    new: PreparedPaper
    ids: tuple[ExternalId, ...]


class Lookalikes:
    """Finds what new papers may be. It remembers which titles hold a word: use it only while nothing is written."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._held: dict[bool, dict[str, Holders]] = {False: {}, True: {}}
        self._any_apart: bool | None = None

    async def find(self, sought: Sequence[Sought]) -> list[dict[int, bool]]:
        """For each of these the papers it may be, by number, and whether they go, or went, by its very title.

        Papers with titles that are only alike are found where none has the very title; for a paper with an arXiv id
        among those without one alone.
        """
        found: list[dict[int, bool]] = [{} for _ in sought]
        for apart in (False, True):
            places = [place for place, each in enumerate(sought) if each.new.flat.is_at_arxiv is apart]
            for equal, look in ((True, self._named), (False, self._alike)):
                places = [place for place in places if not found[place]]
                some = [sought[place] for place in places]
                for place, numbers in zip(places, await self._same(some, await look(some, apart), equal), strict=True):
                    found[place] = dict.fromkeys(numbers, equal)
        return found

    async def _named(self, sought: Sequence[Sought], apart: bool) -> list[list[int]]:
        """The papers that have each one's title."""
        if not sought:
            return []
        keys = [each.new.title_key for each in sought]
        rows = await papers_named(self._connection, keys, MOST_OF_ONE_TITLE, apart=apart)
        return [[*map(int, _parted(named)), *map(int, _parted(once))] for named, once in rows]

    async def _alike(self, sought: Sequence[Sought], apart: bool) -> list[list[int]]:
        """The few papers that each one's title is worth comparing with. In a thread: it goes through many numbers."""
        if not sought or (apart and not await self._is_any_apart()):
            return [[] for _ in sought]
        telling = [sought_words(each.new.terms.title_words) for each in sought]
        held = self._held[apart]
        if len(held) > _MOST_REMEMBERED:
            held.clear()
        words = sorted({word for some in telling for word in some if word not in held})
        holding = titles_holding_apart if apart else titles_holding
        numbers = await holding(self._connection, words, MOST_HOLDERS)
        lists, threes = await asyncio.to_thread(_shortlists, telling, dict(zip(words, numbers, strict=True)), held)
        if threes and not apart:
            more = await titles_holding_all(self._connection, list(threes.values()), MOST_TOGETHER)
            for place, some in zip(threes, more, strict=True):
                lists[place] += map(int, _parted(some))
        return lists

    async def _is_any_apart(self) -> bool:
        if self._any_apart is None:
            self._any_apart = await any_apart(self._connection)
        return self._any_apart

    async def _same(self, sought: Sequence[Sought], numbers: Sequence[Sequence[int]], equal: bool) -> list[list[int]]:
        """Those of these papers that each is, as far as ids leave it open. In a thread: texts are compared."""
        wanted = {each for some in numbers for each in some}
        if not wanted:
            return [[] for _ in sought]
        papers = {each.number: each for each in await titled(self._connection, wanted)}
        return await asyncio.to_thread(
            lambda: [
                _same(each, [papers[number] for number in dict.fromkeys(some)], equal=equal)
                for each, some in zip(sought, numbers, strict=True)
            ]
        )


def words_apart(paper: PreparedPaper) -> frozenset[str]:
    """The words a paper's title is found by where it has no arXiv id; none where it has one."""
    return frozenset() if paper.flat.is_at_arxiv else frozenset(sought_words(paper.terms.title_words))


async def add_words(connection: AsyncConnection, words: Iterable[tuple[int, Collection[str]]]) -> None:
    """Let each of these papers be found by these words of its title."""
    rows = [{"word": word, "paper_id": number} for number, some in words for word in some]
    if rows:
        await connection.execute(title_words.insert(), rows)


async def remove_words(connection: AsyncConnection, words: Iterable[tuple[int, Collection[str]]]) -> None:
    """Let none of these papers be found by these words any more."""
    rows = [{"its_word": word, "number": number} for number, some in words for word in some]
    if rows:
        await connection.execute(_REMOVE_WORD, rows)


def _shortlists(
    telling: Sequence[Words], numbers: dict[str, Numbers], held: dict[str, Holders]
) -> tuple[list[list[int]], dict[int, list[Words]]]:
    """The papers worth comparing with each title, and by its place what to look for beside, where these are not all.

    `numbers` join what is `held` of the words.
    """
    held.update({word: Holders(some) for word, some in numbers.items()})
    threes = ((place, common_threes(words, held)) for place, words in enumerate(telling))
    return [[*map(int, shortlist(words, held))] for words in telling], {place: some for place, some in threes if some}


def _same(sought: Sought, papers: Sequence[Titled], *, equal: bool) -> list[int]:
    """The numbers of those of these papers that this one is."""
    named = heading(sought.new.flat.title)
    signature = Signature(sought.ids, authors_of(sought.new.flat.authors))
    found = []
    for each in papers:
        likeness = SAME if equal else title_likeness(named, heading(each.title))
        if likeness and are_one(likeness, signature, Signature(ids_of(each.ids), authors_of(each.authors))):
            found.append(each.number)
    return found


def _parted(numbers: Numbers) -> list[str]:
    return numbers.split(",") if numbers else []
