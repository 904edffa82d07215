"""Puts papers: finds which known paper each one is, merges, and writes what changed with its terms in one go."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PreparedPaper, prepare, title_key
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
    paper_row,
)

_REVISED_AT_ONCE = 32
"""Revising analyses two texts a paper, so that fewer fit between two turns of the event loop."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Draft:
    """One paper on its way in: what storage holds of it, if anything, and what it is to hold."""

    known: KnownPaper | None
    paper: Paper
    title_key: int
    newness: tuple[bool, int]
    """Greater is newer: every paper of this batch after every known one."""
    prepared: PreparedPaper | None = None
    """The analysis of `paper`, where it is there already."""
    number: int = 0
    """Its number in storage, once it is written."""

    def prepare(self) -> PreparedPaper:
        return self.prepared or prepare(self.paper)


async def put_papers(connection: AsyncConnection, papers: Sequence[PreparedPaper], *, now: datetime) -> list[Put]:
    """Add, revise or leave each paper inside the caller's transaction; what became of each, in order."""
    drafts = _Drafts()
    put: list[tuple[PutOutcome, _Draft]] = []
    for some in chunks(papers, AT_ONCE):
        await drafts.load(connection, some)
        put.extend(drafts.put(each) for each in some)
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

    async def load(self, connection: AsyncConnection, papers: Sequence[PreparedPaper]) -> None:
        """Read the known papers that any of these may be."""
        ids = {each for new in papers for each in new.paper.ids} - self._by_id.keys()
        numbers = await find_numbers(connection, ids)
        self._know(await get_papers(connection, sorted(set(numbers.values()) - self._by_number.keys())))
        for identifier, number in numbers.items():
            self._by_id.setdefault(identifier, self._by_number[number])
        named = [new.title_key for new in papers if new.paper.ids]
        self._know(await find_by_title(connection, named, without_ids=True))
        unnamed = [new.title_key for new in papers if not new.paper.ids]
        self._know(await find_by_title(connection, unnamed))

    def put(self, new: PreparedPaper) -> tuple[PutOutcome, _Draft]:
        """Merge one paper into the draft that it is, or make it one."""
        draft = self._same(new)
        if draft is None:
            newness = (True, len(self.all))
            draft = _Draft(known=None, paper=new.paper, title_key=new.title_key, newness=newness, prepared=new)
            self._add(draft)
            self._claim(new.paper.ids, draft)
            return PutOutcome.ADDED, draft
        self._claim(new.paper.ids, draft)
        merged = merge(draft.paper, new.paper)
        if merged == draft.paper:
            return PutOutcome.UNCHANGED, draft
        draft.paper, draft.prepared, draft.title_key = merged, None, title_key(merged.title)
        self._find_by_title(draft)
        return PutOutcome.REVISED, draft

    def _same(self, new: PreparedPaper) -> _Draft | None:
        """An arXiv id decides, then any other id; then the title, the newest first."""
        for identifier in sorted(new.paper.ids, key=lambda each: each.scheme != "arxiv"):
            draft = self._by_id.get(identifier)
            if draft is not None and may_share_id(new.paper, draft.paper):
                return draft
        alike = (each for each in self._by_title.get(new.title_key, ()) if each.title_key == new.title_key)
        fitting = (each for each in alike if may_share_title(new.paper, each.paper))
        return max(fitting, key=lambda draft: draft.newness, default=None)

    def _know(self, known: Iterable[KnownPaper]) -> None:
        for each in known:
            if each.id not in self._by_number:
                newness = (False, each.id)
                key = title_key(each.paper.title)
                draft = _Draft(known=each, paper=each.paper, title_key=key, newness=newness, number=each.id)
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
    days = [day_of(draft.paper.published_at or now, now.date()) for draft in drafts]
    numbered = list(zip(await new_numbers(connection, days), drafts, strict=True))
    for some in chunks(numbered, AT_ONCE):
        await add_rows(connection, [paper_row(number, each.title_key, each.paper, now) for number, each in some])
        for number, each in some:
            each.number = number
    await add_terms(connection, [(number, draft.prepare().terms) for number, draft in numbered])


async def _write_changed(connection: AsyncConnection, drafts: list[_Draft]) -> None:
    changed = [(draft.known, draft) for draft in drafts if draft.known and draft.known.paper != draft.paper]
    old, new = [], []
    for some in chunks(changed, _REVISED_AT_ONCE):
        rows = [paper_row(known.id, draft.title_key, draft.paper, known.first_seen_at) for known, draft in some]
        await change_rows(connection, rows)
        for known, draft in some:
            before, after = prepare(known.paper).terms, draft.prepare().terms
            if before != after:
                old.append((known.id, before))
                new.append((known.id, after))
    await remove_terms(connection, old)
    await add_terms(connection, new)
