"""Puts papers: finds which known paper each one is, merges, and writes what changed with its terms in one go."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.analysis import PaperTerms, PreparedPaper, prepare
from bot.domain.flat import moment
from bot.domain.papers import KnownPaper
from bot.interfaces import Put, PutOutcome
from storage.changes import add_changes
from storage.dialects.text_index import add_terms, remove_terms
from storage.drafts import Draft, Drafts
from storage.joining import join
from storage.numbering import day_of, new_numbers
from storage.papers import AT_ONCE, add_ids, add_rows, add_titles, change_rows, chunks, find_numbers, get_papers
from storage.sameness import Lookalikes, Sought, add_words, remove_words, words_apart

_WRITTEN_AT_ONCE = 1_000
"""Making rows takes a few microseconds a paper."""
_MERGED_AT_ONCE = 50
"""Papers compared with what is known of them, which takes far longer than adding, between two turns of the loop."""


async def put_papers(connection: AsyncConnection, papers: Sequence[PreparedPaper], *, now: datetime) -> list[Put]:
    """Add, revise or leave each paper inside the caller's transaction; what became of each, in order."""
    drafts, lookalikes = Drafts(), Lookalikes(connection)
    put: list[tuple[PutOutcome, Draft]] = []
    for batch in chunks(papers, AT_ONCE):
        some = [Sought(each, each.flat.external_ids()) for each in batch]
        stored = await _load(connection, drafts, lookalikes, some)
        for few in chunks(list(zip(some, stored, strict=True)), _MERGED_AT_ONCE):
            put.extend(drafts.put(new, ids, found) for (new, ids), found in few)
            await asyncio.sleep(0)
    written = list(drafts)
    await _write_new(connection, [draft for draft in written if draft.known is None], now)
    await _write_changed(connection, [draft for draft in written if draft.known])
    for draft in [each for each in written if each.absorbed]:
        await join(connection, draft.number, draft.absorbed)
    for claims in chunks(drafts.claimed, AT_ONCE):
        await add_ids(connection, [(identifier, draft.number) for identifier, draft in claims])
    await add_titles(connection, [(each.number, *title) for each in written for title in each.other_titles.items()])
    await add_changes(connection, [(draft.number, change) for draft in written for change in draft.changes], now)
    told: list[Put] = []
    for batched in chunks(put, _WRITTEN_AT_ONCE):
        told += [Put(outcome=outcome, paper_id=draft.survivor.number) for outcome, draft in batched]
        await asyncio.sleep(0)
    return told


async def _load(
    connection: AsyncConnection, drafts: Drafts, lookalikes: Lookalikes, papers: Sequence[Sought]
) -> list[dict[int, bool]]:
    """Tell the drafts of all stored papers that these may be; for each of these, those it may be by its title."""
    numbers = await find_numbers(connection, drafts.unknown_ids(each for new in papers for each in new.ids))
    drafts.know(await get_papers(connection, drafts.unknown(numbers.values())), numbers)
    stored: list[dict[int, bool]] = [{} for _ in papers]
    titled = [place for place, each in enumerate(papers) if drafts.brings_title(*each)]
    found = await lookalikes.find([papers[place] for place in titled])
    drafts.know(await get_papers(connection, drafts.unknown(number for each in found for number in each)))
    for place, each in zip(titled, found, strict=True):
        stored[place] = each
    return stored


async def _write_new(connection: AsyncConnection, drafts: list[Draft], now: datetime) -> None:
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
        await add_words(connection, [(number, words_apart(each)) for number, each in numbered])
        terms += [(number, each.terms) for number, each in numbered]
    await add_terms(connection, terms)


async def _write_changed(connection: AsyncConnection, drafts: list[Draft]) -> None:
    changed = [(draft.known, draft) for draft in drafts if draft.known and draft.known.paper != draft.paper]
    retold: list[tuple[int, PaperTerms, PaperTerms]] = []
    for some in chunks(changed, AT_ONCE):
        revised = await asyncio.to_thread(_analysed, some)  # long abstracts take milliseconds each
        await change_rows(connection, [(number, after.title_key, after.flat) for number, _, after in revised])
        words = [(number, words_apart(before), words_apart(after)) for number, before, after in revised]
        await remove_words(connection, [(number, before - after) for number, before, after in words])
        await add_words(connection, [(number, after - before) for number, before, after in words])
        both = ((number, before.terms, after.terms) for number, before, after in revised)
        retold += [(number, before, after) for number, before, after in both if before != after]
    await remove_terms(connection, [(number, before) for number, before, _ in retold])
    await add_terms(connection, [(number, after) for number, _, after in retold])


def _analysed(changed: Sequence[tuple[KnownPaper, Draft]]) -> list[tuple[int, PreparedPaper, PreparedPaper]]:
    """The number of each paper, and the paper as it was and as it is to be."""
    return [(known.id, prepare(known.paper), draft.prepare()) for known, draft in changed]
