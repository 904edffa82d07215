"""Puts papers: finds which known paper each one is, merges, and writes what changed with its terms in one go."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PaperTerms, PreparedPaper, prepare, title_key
from bot.domain.flat import moment
from bot.domain.identifiers import ExternalId
from bot.domain.merging import merge
from bot.domain.papers import KnownPaper, Paper
from bot.domain.sameness import may_share_id, may_share_title
from bot.interfaces import Put, PutOutcome
from storage.dialects.fts5 import add_terms, remove_terms
from storage.numbering import day_of, new_numbers
from storage.papers import (
    AT_ONCE,
    add_ids,
    add_rows,
    change_rows,
    chunks,
    find_by_title,
    find_numbers,
    get_papers,
)

_WRITTEN_AT_ONCE = 1_000
"""Making rows takes a few microseconds a paper."""
_MERGED_AT_ONCE = 50
"""Papers compared with what is known of them, which takes far longer than adding, between two turns of the loop."""


class _Draft:
    """One paper on its way in: what storage holds of it, if anything, and what it is to hold."""

    def __init__(self, title_key: int, newness: tuple[bool, int], *, known: KnownPaper | None = None) -> None:
        self.known = known
        self.title_key = title_key
        self.newness = newness
        """Greater is newer: every paper of this batch after every known one."""
        self.number = known.id if known else 0
        """Its number in storage, once it is written."""
        self._paper = known.paper if known else None
        self._prepared: PreparedPaper | None = None

    @classmethod
    def of(cls, new: PreparedPaper, newness: tuple[bool, int]) -> Self:
        draft = cls(new.title_key, newness)
        draft._prepared = new
        return draft

    @property
    def paper(self) -> Paper:
        """What it is to hold; a new paper is unfolded only once somebody asks."""
        if self._paper is None:
            self._paper = self.prepare().paper
        return self._paper

    def become(self, paper: Paper) -> None:
        self._paper, self._prepared, self.title_key = paper, None, title_key(paper.title)

    def prepare(self) -> PreparedPaper:
        return self._prepared or prepare(self.paper)


async def put_papers(connection: AsyncConnection, papers: Sequence[PreparedPaper], *, now: datetime) -> list[Put]:
    """Add, revise or leave each paper inside the caller's transaction; what became of each, in order."""
    drafts = _Drafts()
    put: list[tuple[PutOutcome, _Draft]] = []
    for some in chunks([(each, each.flat.external_ids()) for each in papers], AT_ONCE):
        await drafts.load(connection, some)
        for few in chunks(some, _MERGED_AT_ONCE):
            put.extend(drafts.put(new, ids) for new, ids in few)
            await asyncio.sleep(0)
    await _write_new(connection, [draft for draft in drafts.all if draft.known is None], now)
    await _write_changed(connection, [draft for draft in drafts.all if draft.known])
    for claims in chunks(list(drafts.claimed.items()), AT_ONCE):
        await add_ids(connection, [(identifier, draft.number) for identifier, draft in claims])
    return [Put(outcome=outcome, paper_id=draft.number) for outcome, draft in put]


class _Drafts:
    """Every paper that a batch may be about, by number, id and title key."""

    def __init__(self) -> None:
        self.all: list[_Draft] = []
        self._by_number: dict[int, _Draft] = {}
        self._by_id: dict[ExternalId, _Draft] = {}
        self._by_title: dict[int, list[_Draft]] = defaultdict(list)
        self.claimed: dict[ExternalId, _Draft] = {}
        """The ids that no paper had, each with the first that came with it: it stays theirs."""

    async def load(
        self, connection: AsyncConnection, papers: Sequence[tuple[PreparedPaper, tuple[ExternalId, ...]]]
    ) -> None:
        """Read the known papers that any of these, each with its ids, may be."""
        wanted = {each for _, ids in papers for each in ids} - self._by_id.keys()
        numbers = await find_numbers(connection, wanted)
        self._know(await get_papers(connection, sorted(set(numbers.values()) - self._by_number.keys())))
        for identifier, number in numbers.items():
            self._by_id.setdefault(identifier, self._by_number[number])
        named = [new.title_key for new, ids in papers if ids]
        self._know(await find_by_title(connection, named, without_ids=True))
        unnamed = [new.title_key for new, ids in papers if not ids]
        self._know(await find_by_title(connection, unnamed))

    def put(self, new: PreparedPaper, ids: tuple[ExternalId, ...]) -> tuple[PutOutcome, _Draft]:
        """Merge one paper, which has these ids, into the draft that it is, or make it one."""
        draft = self._same(new, ids)
        if draft is None:
            draft = _Draft.of(new, (True, len(self.all)))
            self._add(draft)
            self._claim(ids, draft)
            return PutOutcome.ADDED, draft
        self._claim(ids, draft)
        merged = merge(draft.paper, new.paper)
        if merged == draft.paper:
            return PutOutcome.UNCHANGED, draft
        draft.become(merged)
        self._find_by_title(draft)
        return PutOutcome.REVISED, draft

    def _same(self, new: PreparedPaper, ids: tuple[ExternalId, ...]) -> _Draft | None:
        """An arXiv id decides, then any other id; then the title, the newest first."""
        for identifier in sorted(ids, key=lambda each: each.scheme != "arxiv"):
            draft = self._by_id.get(identifier)
            if draft is not None and may_share_id(new.paper, draft.paper):
                return draft
        alike = (each for each in self._by_title.get(new.title_key, ()) if each.title_key == new.title_key)
        fitting = (each for each in alike if may_share_title(new.paper, each.paper))
        return max(fitting, key=lambda draft: draft.newness, default=None)

    def _know(self, known: Iterable[KnownPaper]) -> None:
        for each in known:
            if each.id not in self._by_number:
                draft = _Draft(title_key(each.paper.title), (False, each.id), known=each)
                self._by_number[each.id] = draft
                self._add(draft)

    def _add(self, draft: _Draft) -> None:
        self.all.append(draft)
        self._find_by_title(draft)

    def _claim(self, ids: Iterable[ExternalId], draft: _Draft) -> None:
        """Every id of a batch has been looked up, so one that leads nowhere is free."""
        for identifier in ids:
            if identifier not in self._by_id:
                self._by_id[identifier] = self.claimed[identifier] = draft

    def _find_by_title(self, draft: _Draft) -> None:
        if draft not in self._by_title[draft.title_key]:
            self._by_title[draft.title_key].append(draft)


async def _write_new(connection: AsyncConnection, drafts: list[_Draft], now: datetime) -> None:
    terms: list[tuple[int, PaperTerms]] = []
    for some in chunks(drafts, _WRITTEN_AT_ONCE):
        papers = [draft.prepare() for draft in some]
        published = (each.flat.published_at for each in papers)
        days = [day_of(now if each is None else moment(each), now.date()) for each in published]
        numbers = await new_numbers(connection, days)
        for draft, number in zip(some, numbers, strict=True):
            draft.number = number
        numbered = list(zip(numbers, papers, strict=True))
        await add_rows(connection, [(number, each.title_key, each.flat) for number, each in numbered], now)
        terms += [(number, each.terms) for number, each in numbered]
    await add_terms(connection, terms)


async def _write_changed(connection: AsyncConnection, drafts: list[_Draft]) -> None:
    changed = [(draft.known, draft) for draft in drafts if draft.known and draft.known.paper != draft.paper]
    old, new = [], []
    for some in chunks(changed, AT_ONCE):
        revised = await asyncio.to_thread(_analysed, some)  # long abstracts take milliseconds each
        await change_rows(connection, [(number, after.title_key, after.flat) for number, _, after in revised])
        for number, before, after in revised:
            if before.terms != after.terms:
                old.append((number, before.terms))
                new.append((number, after.terms))
    await remove_terms(connection, old)
    await add_terms(connection, new)


def _analysed(changed: Sequence[tuple[KnownPaper, _Draft]]) -> list[tuple[int, PreparedPaper, PreparedPaper]]:
    """The number of each paper, and the paper as it was and as it is to be."""
    return [(known.id, prepare(known.paper), draft.prepare()) for known, draft in changed]
