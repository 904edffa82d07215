"""Which records are one paper, whoever comes first, and what becomes of a paper that turns out to be another."""

import gc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.analysis import prepare
from bot.domain.papers import Paper
from bot.interfaces import PutOutcome, Storage
from storage import open_storage
from storage.sameness import Holders
from tests.storage.kinds import sqlite_alone
from tests.storage.shelf import NOW, number, paper, put, titles

ADDED, REVISED, UNCHANGED = PutOutcome.ADDED, PutOutcome.REVISED, PutOutcome.UNCHANGED
ONE, ALIKE = "Oracle-Efficient Online Learning and Auction Design", "Oracle-Efficient Learning and Auction Design"
DREAM, DREAMT = "DreamGen: Learning through Video World Models", "DreamGen: Learning with Neural Trajectories"


def by_ada(title: str, *ids: str, **told: Any) -> Paper:
    return paper(title, *ids, **{"authors": "Ada Bob", "abstract": "We study a thing at some length.", **told})


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        (by_ada(ONE, "arxiv:1"), by_ada(ALIKE), True),
        (by_ada(ONE, "arxiv:1"), by_ada(ALIKE, "doi:x"), True),
        (by_ada(ONE, "doi:x"), by_ada(ALIKE), True),
        (by_ada(ONE), by_ada(ALIKE), True),
        (by_ada(DREAM), by_ada(DREAMT, "arxiv:1"), True),
        (by_ada(ONE, "arxiv:1"), by_ada(ALIKE, "arxiv:2"), False),
        (by_ada(ONE, "arxiv:1", "doi:x"), by_ada(ALIKE, "doi:y"), False),
        (by_ada(ONE), paper(ALIKE, authors="Eve"), False),
        (by_ada(ONE), paper(ALIKE), False),
        (by_ada("Lattices and Rings, Part One: II"), by_ada("Lattices and Rings, Part One: III"), False),
        (by_ada("Attention", "arxiv:1"), by_ada("The Attention"), True),
    ],
)
@sqlite_alone  # what it asks the database is asked in the other tests too
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("turned", [True, False])
async def test_papers_with_titles_alike(
    storage: Storage, first: Paper, second: Paper, are_one: bool, together: bool, turned: bool
) -> None:
    records = (second, first) if turned else (first, second)
    for some in [records] if together else [[each] for each in records]:
        await put(storage, *some)
    assert await storage.count_papers() == (1 if are_one else 2)


async def test_the_likeliest_of_several_is_meant(storage: Storage) -> None:
    await put(
        storage, by_ada("Deep Networks for Graphs", "arxiv:1"), by_ada("Deep Networks for Long Graphs", "arxiv:2")
    )
    await put(storage, by_ada("Networks for Long Graphs", journal_ref="J."))
    known = (await storage.get_papers([await number(storage, "arxiv:2")]))[0]
    assert known.paper.journal_ref == "J."


async def test_a_paper_is_known_again_by_a_title_it_had(storage: Storage) -> None:
    await put(storage, by_ada("Sheaves over Curves", "arxiv:1", version=1))
    await put(storage, by_ada("Bundles in Low Dimension", "arxiv:1", version=2))
    await put(storage, by_ada("Early Thoughts on Stacks", "arxiv:1", version=1))
    found = [by_ada(each) for each in ("Sheaves over Curves", "Bundles in low dimension", "Early thoughts on stacks")]
    assert await put(storage, *found) == [UNCHANGED] * 3
    assert await storage.count_papers() == 1
    assert await titles(storage, "bundles OR sheaves") == ["Bundles in Low Dimension"]


async def test_many_papers_of_one_title(storage: Storage) -> None:
    some = [paper("Editorial", f"doi:{each}", authors=f"Author{each}") for each in range(60)]
    assert await put(storage, *some) == [ADDED] * 60
    assert await put(storage, paper("Editorial", authors="Author59")) == [UNCHANGED]
    assert await put(storage, paper("Editorial", authors="Nobody")) == [ADDED]


async def two_that_are_one(storage: Storage) -> tuple[int, int]:
    """The numbers of an arXiv paper and of the same paper as its publisher has it, before anybody knew."""
    early, late = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    preprint = by_ada("Sheaves over Curves", "arxiv:1", version=1, published_at=late)
    article = by_ada("Bundles in Low Dimension", "doi:x", "doi:z", published_at=early, journal_ref="J. 1")
    await put(storage, preprint, now=NOW)
    await put(storage, article, now=NOW - timedelta(days=1))
    return await number(storage, "arxiv:1"), await number(storage, "doi:x")


@pytest.mark.parametrize(
    "link",
    [
        by_ada("Sheaves over Curves", "arxiv:1", "doi:x"),
        by_ada("Bundles in low dimension", "arxiv:1", version=2),
        by_ada("Bundles in low Dimension", "arxiv:1", version=1),
    ],
)
async def test_two_stored_papers_become_one(storage: Storage, link: Paper) -> None:
    preprint, article = await two_that_are_one(storage)
    assert await put(storage, link) == [REVISED]
    assert await storage.count_papers() == 1
    both, same, again = await storage.get_papers([article, preprint, article])
    assert both == same == again
    assert both.id == preprint
    assert both.first_seen_at == NOW - timedelta(days=1)
    assert both.paper.journal_ref == "J. 1"
    assert {await number(storage, each) for each in ("arxiv:1", "doi:x", "doi:z")} == {preprint}
    for query in ("sheaves OR bundles", "author:ada"):
        assert len(await titles(storage, query)) == 1
    assert len(await storage.suggest_papers("", limit=9)) == 1
    assert (
        await put(storage, link, by_ada("Bundles in Low Dimension"), by_ada("Sheaves over Curves")) == [UNCHANGED] * 3
    )


async def test_an_id_makes_no_one_paper_of_two_with_other_people(storage: Storage) -> None:
    await put(storage, paper("Sheaves", "arxiv:1", authors="Ada"), paper("Proceedings", "doi:x", authors="Eve"))
    assert await put(storage, paper("Sheaves", "arxiv:1", "doi:x", authors="Ada")) == [REVISED]
    assert await storage.count_papers() == 2


async def test_papers_become_one_again_and_again(storage: Storage) -> None:
    await put(storage, *(by_ada(f"Title{each}", f"doi:{each}") for each in "abcd"))
    numbers = [await number(storage, f"doi:{each}") for each in "abcd"]
    for some in (("doi:c", "doi:d"), ("doi:a", "doi:b"), ("doi:b", "doi:d")):
        await put(storage, by_ada("Titles", *some))
    assert await storage.count_papers() == 1
    assert {each.id for each in await storage.get_papers(numbers)} == {numbers[0]}
    await put(storage, by_ada("Preprint", "arxiv:1"))
    await put(storage, by_ada("Preprint", "arxiv:1", "doi:c"))
    assert {each.id for each in await storage.get_papers(numbers)} == {await number(storage, "arxiv:1")}


async def test_a_number_given_up_is_given_to_nobody_else(storage: Storage) -> None:
    await put(storage, by_ada("Sheaves", "arxiv:1"), by_ada("Bundles", "doi:x"))
    gone = await number(storage, "doi:x")
    await put(storage, by_ada("Sheaves", "arxiv:1", "doi:x"))
    await put(storage, by_ada("Another thing", "arxiv:2"))
    assert await number(storage, "arxiv:2") > gone
    assert [each.paper.title for each in await storage.get_papers([gone])] == ["Sheaves"]


async def test_papers_join_within_one_batch_and_with_known_ones(storage: Storage) -> None:
    await put(storage, by_ada("Bundles", "doi:x"))
    known = await number(storage, "doi:x")
    async with storage.write() as transaction:
        records = [
            by_ada("Sheaves", "arxiv:1"),
            by_ada("Stacks", "doi:y"),
            by_ada("Rings", "arxiv:1", "doi:x", "doi:y"),
        ]
        found = await transaction.put_papers([prepare(each) for each in records], now=NOW)
    assert [each.outcome for each in found] == [ADDED, ADDED, REVISED]
    assert {each.paper_id for each in found} == {known}
    assert await storage.count_papers() == 1


async def test_what_a_joined_paper_leaves_is_rolled_back_with_the_rest(storage: Storage) -> None:
    preprint, article = await two_that_are_one(storage)

    async def fail() -> None:
        async with storage.write() as transaction:
            await transaction.put_papers([prepare(by_ada("Sheaves", "arxiv:1", "doi:x"))], now=NOW)
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await fail()
    assert [each.id for each in await storage.get_papers([preprint, article])] == [preprint, article]
    assert sorted(await titles(storage, "author:ada")) == ["Bundles in Low Dimension", "Sheaves over Curves"]


async def test_titles_are_found_alike_after_the_index_is_built_anew(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await open_storage(empty) as storage:
        await put(storage, by_ada(ONE, "doi:x"), by_ada("Old", "doi:y"))
        await put(storage, by_ada("New", "doi:y", version=2))
    monkeypatch.setattr("storage.indexing.index_version", lambda: "another")
    async with await open_storage(empty) as storage:
        assert await put(storage, by_ada(ALIKE, "arxiv:1"), by_ada("Old", "arxiv:2")) == [REVISED, REVISED]


@pytest.mark.parametrize(("numbers", "papers"), [(None, []), ("7", ["7"]), ("31,7", ["31", "7"])])
def test_the_holders_of_a_word_are_nothing_that_python_looks_through_for_garbage(
    numbers: str | None, papers: list[str]
) -> None:
    holders = Holders(numbers)
    assert (list(holders), len(holders), "7" in holders) == (papers, len(papers), "7" in papers)
    assert not [each for each in gc.get_referents(holders) if gc.is_tracked(each) and each is not Holders]
