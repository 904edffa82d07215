"""Laws of which records become one paper: in any order, in any batches, once or twice, and nothing gets lost.

They hold where titles are wholly alike or wholly unlike. Of titles that are only alike, one may be like two others that
are not like each other; then who comes first decides.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.papers import Paper
from bot.interfaces import Put, PutOutcome
from storage import open_storage
from storage.schema import papers
from storage.sql import SqlStorage
from tests.empty import empty_database
from tests.storage.shelf import NOW, paper

SLOW = settings(max_examples=15, deadline=None, phases=[Phase.generate])  # each try opens databases: too slow to shrink
WORDS = ("alpha", "bravo", "carol", "delta", "eagle", "fargo", "gamma", "hotel", "india", "jolly", "kilos", "lemon")


@st.composite
def one_paper(draw: st.DrawFn, name: int) -> list[Paper]:
    """Records of one paper by its own people: some of its ids each, and one of its few titles."""
    ids = draw(st.lists(st.sampled_from([f"arxiv:{name}", f"doi:{name}"]), min_size=0, max_size=2, unique=True))
    titles = [f"{WORDS[3 * name + each]} of {WORDS[3 * name]}s number{name}{each}" for each in range(2)]
    records = []
    for _ in range(draw(st.integers(1, 4))):
        some = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
        told: dict[str, Any] = {"version": draw(st.sampled_from([None, 1, 2])), "authors": f"Author{name} Other{name}"}
        records.append(paper(draw(st.sampled_from(titles)), *some, **told))
    return records


@st.composite
def shelves(draw: st.DrawFn) -> tuple[list[Paper], list[Paper]]:
    """Records of a few papers, and the same in another order."""
    records = [each for name in range(draw(st.integers(1, 3))) for each in draw(one_paper(name))]
    return draw(st.permutations(records)), draw(st.permutations(records))


def groups(records: Sequence[Paper]) -> set[frozenset[int]]:
    """Which of these records are one paper: those that an id, or a title of the same people, links over any others."""
    found: list[set[int]] = []
    for place, each in enumerate(records):
        linked = [group for group in found if any(_linked(each, records[other]) for other in group)]
        found = [group for group in found if group not in linked] + [{place}.union(*linked)]
    return set(map(frozenset, found))


def _linked(one: Paper, other: Paper) -> bool:
    return bool({*one.ids} & {*other.ids}) or (one.title == other.title and one.authors == other.authors)


@SLOW
@given(shelves(), st.integers(1, 5))
def test_which_records_are_one_does_not_depend_on_their_order(
    tmp_path_factory: pytest.TempPathFactory, shelf: tuple[list[Paper], list[Paper]], size: int
) -> None:
    for records in shelf:
        put, kept = asyncio.run(shelf_of(tmp_path_factory, records, size))
        became: dict[int, set[int]] = {}
        for place, each in enumerate(put):
            became.setdefault(each, set()).add(place)
        assert set(map(frozenset, became.values())) == groups(records)
        assert len(kept) == len(became)


anything = st.builds(
    lambda title, ids, authors, **told: paper(title, *ids, authors=authors, **told),
    st.sampled_from(["Alpha bravo carol", "Alpha bravo carol delta", "alpha-bravo CAROL", "Eagle fargo", "Gamma"]),
    st.sets(st.sampled_from(["arxiv:1", "arxiv:2", "arxiv:3", "doi:x", "doi:y", "doi:z"]), max_size=3).map(sorted),
    st.sampled_from(["", "Ada", "Bob", "Ada Bob"]),
    version=st.sampled_from([None, 1, 2]),
    sources=st.sampled_from([("arxiv",), ("crossref",), ()]),
    withdrawn=st.booleans(),
)


@SLOW
@given(st.lists(anything, max_size=8), st.integers(1, 4))
def test_nothing_known_is_lost_and_no_two_arxiv_papers_are_one(
    tmp_path_factory: pytest.TempPathFactory, records: list[Paper], size: int
) -> None:
    put, kept = asyncio.run(shelf_of(tmp_path_factory, records, size))
    assert set(put) == kept.keys()
    for number, record in zip(put, records, strict=True):
        known = kept[number]
        assert {*record.ids} <= {*known.ids}
        assert {*record.sources} <= {*known.sources}
        assert (known.version or 0) >= (record.version or 0)
        assert known.withdrawn or not record.withdrawn or (known.version or 0) > (record.version or 0)
    for each in kept.values():
        assert len([one for one in each.ids if one.scheme == "arxiv"]) <= 1 or _told_so(each, records)


def _told_so(known: Paper, records: Sequence[Paper]) -> bool:
    """Whether a record itself names two arXiv ids of this paper."""
    return any(
        len([one for one in each.ids if one.scheme == "arxiv"]) > 1 for each in records if {*each.ids} & {*known.ids}
    )


@SLOW
@given(st.lists(anything, max_size=6))
def test_what_was_put_is_known(tmp_path_factory: pytest.TempPathFactory, records: list[Paper]) -> None:
    async def twice() -> None:
        async with await open_storage(empty_database(tmp_path_factory.mktemp("shelf") / "papers.db")) as storage:
            first = [await one(storage, each) for each in records]
            again = [await one(storage, each) for each in records]
            # Without an id a paper goes by its authors, and later records may have named others.
            added = [record for record, each in zip(records, again, strict=True) if each.outcome is PutOutcome.ADDED]
            assert [record for record in added if record.ids] == []
            for each in first:
                assert await storage.get_papers([each.paper_id]), "an old number answers, whatever it was joined to"

    asyncio.run(twice())


async def one(storage: SqlStorage, record: Paper) -> Put:
    async with storage.write() as transaction:
        [put] = await transaction.put_papers([prepare(record)], now=NOW)
        return put


async def shelf_of(
    folders: pytest.TempPathFactory, records: Sequence[Paper], size: int
) -> tuple[list[int], dict[int, Paper]]:
    """The number of the paper that each record is in the end, and every paper there is."""
    put: list[int] = []
    async with await open_storage(empty_database(folders.mktemp("shelf") / "papers.db")) as storage:
        for start in range(0, len(records), size):
            async with storage.write() as transaction:
                some = [prepare(each) for each in records[start : start + size]]
                put += [each.paper_id for each in await transaction.put_papers(some, now=NOW)]
        async with storage._database.read() as connection:
            numbers = (await connection.execute(papers.select())).scalars().all()
        kept = {each.id: each.paper for each in await storage.get_papers(numbers)}
        for each in records:
            for identifier in each.ids:
                found = await storage.find_paper(identifier)
                assert found is not None, identifier
        return [each.id for each in await storage.get_papers(put)], kept
