"""What the index knows of its own words: counts, exact and estimated, spellings, and what stands in for many words."""

import pytest

from bot.domain.conditions import condition
from bot.domain.parsing import parse_query
from storage import commonness, spellings
from storage.commonness import Commonness
from storage.dialects import vocabulary
from storage.dialects.conditions import where
from storage.dialects.finding import among_the_newest, newest_matches
from storage.dialects.vocabulary import (
    commonest_beginning,
    count_in_titles,
    count_indexed,
    count_terms,
    pages_beginning,
    pages_read,
)
from storage.readers import Turn
from storage.spellings import Spellings
from storage.sql import SqlStorage
from tests.storage.shelf import NOW, paper, put

PAPERS = [
    paper(
        f"Graph {'learning' if each % 3 else 'learners'} {each}", f"arxiv:{each}", authors="Kipf" if each % 2 else "Ng"
    )
    for each in range(300)
]


async def test_the_index_knows_how_many_papers_it_holds(storage: SqlStorage) -> None:
    assert await storage._database.ask(count_indexed, within=5) == 0
    await put(storage, *PAPERS)
    assert await storage._database.ask(count_indexed, within=5) == 300
    await put(storage, *PAPERS[:7])
    assert await storage._database.ask(count_indexed, within=5) == 300


async def test_terms_are_counted_and_estimated_where_many_hold_them(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(storage, *PAPERS)

    def counted(turn: Turn) -> dict[str, int]:
        return count_terms(turn, ["graph", "learn", "7", "absent"])

    assert await storage._database.ask(counted, within=5) == {"graph": 300, "learn": 200, "7": 1}
    monkeypatch.setattr(vocabulary, "COUNTED", 100)
    found = await storage._database.ask(counted, within=5)
    assert found["learn"] >= 100
    assert found["7"] == 1


async def test_words_of_titles_are_counted_and_estimated_where_many_hold_them(
    storage: SqlStorage, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(storage, *PAPERS)

    def counted(turn: Turn) -> dict[str, int]:
        return count_in_titles(turn, ["graph", "learners", "7", "absent"])

    found = await storage._database.ask(counted, within=5)
    assert (found["graph"], found["learners"], found["7"], "absent" in found) == (300, 100, 1, False)
    if kind == "sqlite":  # the other never estimates from the newest
        monkeypatch.setattr(vocabulary, "_COUNTED_IN_TITLES", 50)
        monkeypatch.setattr(vocabulary, "_SAMPLED", 30)
        found = await storage._database.ask(counted, within=5)
        assert found["graph"] > found["learners"] >= 50 > found["7"] == 1
    assert await storage._database.ask(lambda turn: Commonness().in_titles(turn, ["7"]), within=5) == {"7": 1}


async def test_pages_are_few_in_a_small_library(storage: SqlStorage) -> None:
    await put(storage, *PAPERS)
    pages = await storage._database.ask(lambda turn: pages_read(turn, ["graph", "absent"]), within=5)
    assert 1 <= sum(pages.values()) <= 20
    assert 1 <= await storage._database.ask(lambda turn: pages_beginning(turn, "gr"), within=5) <= 20


async def test_the_commonest_words_stand_for_all_that_begin_alike(storage: SqlStorage) -> None:
    await put(storage, *PAPERS)
    found = await storage._database.ask(lambda turn: commonest_beginning(turn, "lear", 5), within=5)
    assert found == ["learning", "learners"]


async def test_what_common_terms_count_is_remembered_until_the_library_has_grown(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commonness, "_COMMON", 100)
    await put(storage, *PAPERS)
    common = Commonness()

    async def count() -> dict[str, int]:
        return await storage._database.ask(lambda turn: common.counts(turn, ["graph", "7"]), within=5)

    assert await count() == {"graph": 300, "7": 1}
    await put(storage, paper("Graph 7 again", "arxiv:a"))
    assert await count() == {"graph": 300, "7": 2}
    await put(storage, *(paper(f"Graph {each} more", f"arxiv:m{each}") for each in range(100)))
    assert (await count())["graph"] == 401


MISTYPED = {
    "learnign": "learning",
    "earning": "learning",
    "elarning": "learning",
    "learnerz": "learners",
    "grpah": "graph",
    "kpif": "kipf",
}


async def test_words_of_titles_and_first_authors_are_found_by_what_they_were_mistyped_as(
    storage: SqlStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(storage, *PAPERS)
    known = Spellings(storage._database)
    await known.refresh()
    assert {typed: known.near(typed)[0] for typed in MISTYPED} == MISTYPED
    await put(storage, *(paper(f"Zebras {each}", f"arxiv:z{each}") for each in range(20)))
    assert known.near("zebrs") == []
    await known.refresh()
    assert known.near("zebrs") == ["zebras"]
    monkeypatch.setattr(spellings, "_MANY", 10)
    await put(storage, *(paper(f"Okapis {each}", f"arxiv:o{each}") for each in range(20)), paper("Yaks", "arxiv:y"))
    await known.refresh()
    assert (known.near("okapi"), known.near("yak")) == (["okapis"], [])


@pytest.mark.parametrize(
    ("query", "share", "held"),
    [
        ("graph", 1.0, 300),
        ("graph", 0.498, 150),
        ("graph", 0.0, 1),
        ('"graph learners"', 0.498, 50),
        ('"learners graph"', 0.498, 0),
        ("title:graph -title:learners", 0.498, 100),
        ("author:kipf after:2020-01-01", 0.498, 75),
    ],
)
async def test_a_search_among_the_newest_finds_those_and_no_others(
    storage: SqlStorage, query: str, share: float, held: int
) -> None:
    await put(storage, *PAPERS)

    def among(turn: Turn) -> tuple[list[int], list[int]]:
        asked = where(turn, condition(parse_query(query).root), NOW.date())
        some = newest_matches(turn, among_the_newest(turn, asked, share), 1_000)
        return some, newest_matches(turn, asked, 1_000)

    some, every = await storage._database.ask(among, within=5)
    assert len(some) == held
    assert some == every[:held]
