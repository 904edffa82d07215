"""Searching and completing titles: what is found, and in which order."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.papers import Author
from bot.domain.parsing import QueryError, parse_query
from bot.domain.patience import Patience
from bot.domain.ranking import Order
from bot.interfaces import Storage
from storage import effort, searching, sql
from storage.readers import Turn
from tests.storage.kinds import KINDS
from tests.storage.shelf import NOW, number, paper, put, titles

YANN = Author(family="LeCun", given="Yann A.")
SHELF = (
    paper("Attention Is All You Need", "arxiv:1706.03762", authors="Vaswani Shazeer", categories=("cs.CL", "cs.LG")),
    paper("Deep Residual Learning", "arxiv:1512.03385", abstract="Networks that learn residual functions, as deep."),
    paper(
        "Gradient-Based Learning",
        "arxiv:2",
        authors=(Author(family="LeCun", given="Y."),),
        categories=("cs.CV",),
        sources=("hf_daily",),
        published_at=None,
    ),
    paper("A Path Towards Autonomy", "arxiv:3", authors=(YANN, Author(family="Tran")), published_at=NOW),
    paper(
        "Yann and LeCun",
        "arxiv:4",
        authors=(Author(family="Yann"), Author(family="LeCun", given="Bob")),
        code_url="https://code.example/x",
    ),
    paper("On the Residue of Graphs", "arxiv:2401.00005", abstract="Deep: a residual graph.", categories=("math.IT",)),
    paper("深度学习综述", "arxiv:6", abstract="Straße, naïve Bayes; x² and C++."),
)


FINDS = {
    "attention need": ["Attention Is All You Need"],
    "residual": ["Deep Residual Learning", "On the Residue of Graphs"],
    "deep learning": ["Deep Residual Learning"],
    "residues graph": ["On the Residue of Graphs"],
    '"deep residual"': ["Deep Residual Learning"],
    '"residual deep"': [],
    "gradient-based": ["Gradient-Based Learning"],
    "autonom*": ["A Path Towards Autonomy"],
    "title:deep": ["Deep Residual Learning"],
    "abstract:deep": ["Deep Residual Learning", "On the Residue of Graphs"],
    "vaswani attention": ["Attention Is All You Need"],
    "author:attention": [],
    "author:lecun -author:yann": ["Gradient-Based Learning"],
    'author:"Yann LeCun"': ["A Path Towards Autonomy", "Gradient-Based Learning"],
    'author:"LeCun, Yann"': ["A Path Towards Autonomy", "Gradient-Based Learning"],
    'author:"Y. LeCun"': ["A Path Towards Autonomy", "Gradient-Based Learning"],
    'author:"LeCun Y"': ["A Path Towards Autonomy", "Gradient-Based Learning"],
    'author:"Bob LeCun"': ["Yann and LeCun"],
    '"yann lecun"': ["A Path Towards Autonomy", "Gradient-Based Learning"],
    "trans": [],
    "trans*": [],
    "cat:cs.CL": ["Attention Is All You Need"],
    "cat:cs.*": ["Attention Is All You Need", "Gradient-Based Learning", "On the Residue of Graphs"],
    "cat:cs.IT OR cat:math": ["On the Residue of Graphs"],
    "(attention OR gradient) cat:cs.CV": ["Gradient-Based Learning"],
    "category is arxiv": [],
    "深度 strasse": ["深度学习综述"],
    "学度": [],
    "NAIVE x2 c++": ["深度学习综述"],
    "https://arxiv.org/abs/1512.03385v1": ["Deep Residual Learning"],
    "id:2606.99999": [],
    "attention id:2401.00005 OR id:1706.03762v3": ["Attention Is All You Need"],
    "residual -https://arxiv.org/abs/1512.03385": ["On the Residue of Graphs"],
    "after:7d": ["A Path Towards Autonomy"],
    "residual before:2026-05-02 after:2026-05": ["Deep Residual Learning", "On the Residue of Graphs"],
    "attention OR after:7d": ["Attention Is All You Need", "A Path Towards Autonomy"],
    "author:lecun -after:7d": ["Gradient-Based Learning", "Yann and LeCun"],
    "author:lecun before:1m": [],
    "source:hf OR has:code": ["Gradient-Based Learning", "Yann and LeCun"],
    '"the"': ["On the Residue of Graphs"],
}


async def test_what_queries_find(storage: Storage) -> None:
    await put(storage, *SHELF)
    found = {query: await storage.search_papers(parse_query(query), now=NOW, limit=50) for query in FINDS}
    by_query = {query: sorted(each.paper.title for each in some.papers) for query, some in found.items()}
    assert by_query == {query: sorted(told) for query, told in FINDS.items()}
    assert all(some.exact and some.total == len(some.papers) for some in found.values())


async def test_a_revised_paper_is_found_by_its_new_words_only(storage: Storage) -> None:
    await put(storage, paper("Old heading", "arxiv:1", categories=("cs.CL",)))
    await put(storage, paper("New banner", "arxiv:1", abstract="Fresh words.", upvotes=50))
    assert await titles(storage, "heading") == await titles(storage, "thing") == []
    assert await titles(storage, "banner fresh cat:cs.CL") == ["New banner"]
    assert [each.paper.title for each in await storage.suggest_papers("ban", limit=5)] == ["New banner"]
    assert await storage.suggest_papers("hea", limit=5) == []


async def test_a_match_that_bm25_has_no_number_for_is_found(storage: Storage) -> None:
    await put(
        storage,
        paper("Deep", "doi:10.1000/x", abstract="One abstract of ten words, which makes twelve terms together."),
    )
    assert await titles(storage, "id:10.1000/x OR absent") == ["Deep"]


async def test_titles_weigh_more_and_the_newer_of_equals_comes_first(storage: Storage) -> None:
    early, late = (paper(f"Graphs {each}", f"arxiv:{each}") for each in ("one", "two"))
    mention = paper("Something else", "arxiv:3", abstract="Graphs, graphs and graphs.")
    await put(storage, early, late, mention)
    assert await number(storage, "arxiv:one") < await number(storage, "arxiv:two")
    assert await titles(storage, "graph") == ["Graphs two", "Graphs one", "Something else"]
    assert await titles(storage, "graph", limit=1, offset=1) == ["Graphs one"]


async def test_of_many_matches_titles_that_hold_every_word_come_first(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "RERANKED", 3)
    monkeypatch.setattr(searching, "SCORED_FIRST", 3)
    mentions = [paper(f"Note {n}", f"arxiv:m{n}", abstract="Deep graphs, deep graphs.") for n in range(4)]
    titled = [paper(f"Deep Graphs {n}", f"arxiv:t{n}") for n in range(2)]
    await put(storage, titled[0], *mentions, titled[1])
    for query in ("deep graph", "deep gr*"):
        found = [title for start in range(6) for title in await titles(storage, query, limit=1, offset=start)]
        assert found[:2] == ["Deep Graphs 1", "Deep Graphs 0"]
        assert sorted(found) == sorted(each.title for each in (*mentions, *titled))


async def test_pages_hold_every_match_once(storage: Storage) -> None:
    await put(storage, *(paper(f"Graph number {each}", f"arxiv:{each}") for each in range(230)))
    seen = [title for start in range(0, 240, 7) for title in await titles(storage, "graph", limit=7, offset=start)]
    assert len(seen) == len(set(seen)) == 230


HALF_TYPED = {
    "att": "Attention Is All You Need",
    "attention is all y": "Attention Is All You Need",
    "need attention": "Attention Is All You Need",
    "learn": "Gradient-Based Learning",
    "深度学": "深度学习综述",
    "gradient-b": "Gradient-Based Learning",
}


async def test_a_title_of_many_words_is_completed_whatever_newer_ones_share_with_it(storage: Storage) -> None:
    old, common = datetime(2020, 1, 1, tzinfo=UTC), "Deep Graph Learning Networks"
    newer = [paper(f"{common} {number}", f"arxiv:2605.{number:05}") for number in range(320)]
    await put(storage, paper(f"{common} of the Snow", "arxiv:2001.00001", published_at=old), *newer)
    for typed in ("deep graph learning networks of s", "deep graph learning networks of the snow"):
        found = await storage.suggest_papers(typed, limit=3)
        assert [each.paper.title for each in found] == [f"{common} of the Snow"]


async def test_a_rare_word_finds_an_old_title_and_a_vague_end_any_that_fits(storage: Storage) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    newer = [paper(f"A Universe of Graph Transformers {number}", f"arxiv:2605.{number:05}") for number in range(320)]
    await put(storage, paper("A Univalent Graph of Zebras", "arxiv:2001.00001", published_at=old), *newer)
    for typed in ("zebras gr", "a unival", "a zeb", "graph z", "unival", "of a graph ze"):
        found = await storage.suggest_papers(typed, limit=3)
        assert [each.paper.title for each in found] == ["A Univalent Graph of Zebras"], typed


async def test_one_who_is_late_gives_the_newest_that_fit_and_goes_on_where_none_does(storage: Storage) -> None:
    old, late = datetime(2020, 1, 1, tzinfo=UTC), Patience(60, enough=0)
    newer = [paper(f"Graphs and Trees {number}", f"arxiv:2605.{number:05}") for number in range(320)]
    await put(storage, paper("Graphs of Zebras", "arxiv:2001.00001", published_at=old), *newer)
    found = await storage.suggest_papers("graphs and tr", limit=3, within=late)
    assert [each.paper.title for each in found] == [f"Graphs and Trees {number}" for number in (319, 318, 317)]
    for typed in ("graphs z", "graphs of ze", "graphs of zebras"):
        found = await storage.suggest_papers(typed, limit=3, within=late)
        assert [each.paper.title for each in found] == ["Graphs of Zebras"], typed
    assert not late.is_over()


@pytest.mark.parametrize("typed", ["graphs trees of roads", "graphs trees r", "trees graphs of oce", "roa"])
async def test_when_time_ends_what_was_found_by_then_is_offered(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """After however many statements: once titles that fit are read, some are offered."""
    seas = [paper(f"Graphs and Trees of Oceans {each}", f"arxiv:2604.{each:05}") for each in range(50)]
    roads = [paper(f"Graphs and Trees of Roads {each}", f"arxiv:2605.{each:05}") for each in range(295)]
    await put(storage, *seas, *roads)
    bounded, statements, ends_after = Turn._bounded, 0, 0

    def counted(self: Turn) -> Any:
        nonlocal statements
        statements += 1
        if statements > ends_after and self._ends_at is not None:  # else it has been said that time does not count
            self.hurry()
        return bounded(self)

    monkeypatch.setattr(Turn, "_bounded", counted)
    found = list[int]()
    for ends_after in range(40):
        statements = 0
        found.append(len(await storage.suggest_papers(typed, limit=5)))
        if statements <= ends_after:
            break
    assert found == sorted(found)
    assert found[-1] == 5


async def test_half_typed_titles_are_completed(storage: Storage) -> None:
    await put(storage, *SHELF)
    found = {typed: await storage.suggest_papers(typed, limit=3) for typed in HALF_TYPED}
    assert {typed: some[0].paper.title for typed, some in found.items()} == HALF_TYPED
    assert all(len(some) <= 3 for some in found.values())


async def test_nothing_typed_offers_the_best_known_and_then_the_newest(storage: Storage) -> None:
    await put(storage, paper("Loved", "arxiv:1", upvotes=90), paper("Liked", "arxiv:2", upvotes=3))
    await put(storage, *(paper(f"New {each}", f"arxiv:n{each}") for each in range(3)))
    found = [each.paper.title for each in await storage.suggest_papers(" …", limit=4)]
    assert found == ["Loved", "Liked", "New 2", "New 1"]


async def test_a_well_known_paper_is_offered_though_many_newer_ones_match(storage: Storage) -> None:
    await put(storage, paper("Diffusion Classics", "arxiv:0", upvotes=500))
    await put(storage, *(paper(f"Diffusion Variant {each}", f"arxiv:v{each}") for each in range(250)))
    assert (await storage.suggest_papers("diffusion", limit=5))[0].paper.title == "Diffusion Classics"


@pytest.mark.parametrize("order", Order)
async def test_a_search_that_takes_too_long_gives_what_it_found_and_says_so(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    def endless(turn: Turn, *_: object) -> list[object]:
        return turn.fetch("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")

    await put(storage, *(paper(f"Graph number {each}", f"arxiv:{each}") for each in range(230)), SHELF[0])
    monkeypatch.setattr(searching, "count_matches", endless)
    monkeypatch.setattr(sql, "SEARCH_SECONDS", 0.2)
    found = await storage.search_papers(parse_query("graph"), now=NOW, limit=5, order=order)
    assert (len(found.papers), found.exact, found.in_time) == (5, False, False)
    assert 5 <= found.total < 230
    monkeypatch.undo()
    assert await asyncio.gather(*(titles(storage, "attention") for _ in range(9))) == [[SHELF[0].title]] * 9


async def test_a_search_that_finds_nothing_in_time_says_so(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    await put(storage, *SHELF)
    monkeypatch.setattr(sql, "SEARCH_SECONDS", 0.0)
    found = await storage.search_papers(parse_query("attention"), now=NOW, limit=5)
    assert (found.papers, found.total, found.exact, found.in_time) == ((), 0, False, False)


@pytest.mark.parametrize("order", Order)
async def test_what_merges_too_many_words_is_asked_for_once(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    await put(storage, *SHELF)
    usual = await storage.search_papers(parse_query("a -graph"), now=NOW, limit=50, order=order)
    monkeypatch.setattr(effort, "_ONCE", -1)
    found = await storage.search_papers(parse_query("a -graph"), now=NOW, limit=50, order=order)
    assert (found.total, found.exact) == (usual.total, True)
    assert {each.id for each in found.papers} == {each.id for each in usual.papers}


@pytest.mark.parametrize(
    "query", ["deep", "dee*", "deep OR resid*", '"deep residual"', "deep -graph", "graph after:2020"]
)
async def test_of_a_library_too_large_to_see_whole_the_newest_and_best_known_are_seen(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    await put(storage, *SHELF)
    exact = await storage.search_papers(parse_query(query), now=NOW, limit=50)
    monkeypatch.setattr(effort, "WHOLE", dict.fromkeys(KINDS, 0))
    monkeypatch.setattr(effort, "_COUNTED", -1)
    found = await storage.search_papers(parse_query(query), now=NOW, limit=50)
    assert {each.id for each in found.papers} == {each.id for each in exact.papers}
    assert found.total == exact.total


@pytest.mark.parametrize("query", ['"alpha beta"', "alpha -gamma", "alpha", "alph* beta"])
async def test_a_classic_behind_many_newer_ones_is_seen_in_the_largest_library(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    long_ago = datetime(2015, 1, 1, tzinfo=UTC)
    classic = paper("Alpha beta classics", "arxiv:1501.00001", published_at=long_ago, upvotes=5_000)
    newer = [
        paper(f"{'Alpha beta' if each % 9 == 0 else 'Beta of alpha'} {each}", f"arxiv:{each}") for each in range(360)
    ]
    await put(storage, classic, *newer)
    monkeypatch.setattr(effort, "WHOLE", dict.fromkeys(KINDS, 0))
    monkeypatch.setattr(effort, "_COUNTED", -1)
    monkeypatch.setattr(effort.Effort, "share_read", 0.6)
    assert (await titles(storage, query))[0] == "Alpha beta classics"


async def test_papers_whose_first_author_is_named_come_first_of_many(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "RERANKED", 3)
    cited = paper("Graphs of old", "arxiv:1", authors="Oord")
    others = [paper(f"Graphs {n}", f"arxiv:x{n}", authors="Chen Oord") for n in range(9)]
    await put(storage, cited, *others)
    assert (await titles(storage, "oord graph"))[0] == "Graphs of old"


async def test_no_text_is_too_hostile(storage: Storage) -> None:
    await put(storage, *SHELF)
    chance = random.Random(7)
    for text in (hostile(chance) for _ in range(200)):
        await storage.suggest_papers(text, limit=3)
        try:
            query = parse_query(text)
        except QueryError:
            continue
        found = await storage.search_papers(query, now=NOW, limit=3)
        assert len(found.papers) == min(3, found.total)


def hostile(chance: random.Random) -> str:
    signs = ('"', "'", "*", "(", ")", "-", ":", "{", "}", "^", "\x00", "\ud800", "\u202e", "%", ";--", "‖", " ", " ")
    names = ("deep", "学习", "NEAR(", "AND", "OR", "title", "rowid", "paper_index", "·category·cs", "a*", "ﷺ", "é")
    return "".join(chance.choice(signs + names) for _ in range(chance.randrange(1, 20)))
