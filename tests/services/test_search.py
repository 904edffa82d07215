"""The search service: pages, marks, snippets, and suggestions that find what they promise."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.labels import LONGEST, units
from bot.domain.papers import Author
from bot.domain.parsing import QueryError
from bot.domain.patience import SEARCH_SECONDS, Patience
from bot.interfaces import Storage
from bot.services.search import Search
from storage import effort, readers, searching
from storage.database import Database
from tests.storage.kinds import KINDS, on_both
from tests.storage.shelf import clock, paper, put

PATIENT = 5.0
"""Seconds that a search may take where its time is not what is tested: a busy machine changes no answer."""
ODD_TITLES = (
    'NOT so "quoted" OR (half) title:quirky -odd',
    "athor:misspelt fields, everywhere",
    "A Very Long Title " * 8 + "that ends here",
    "学习" * 60,
    "1706.03762",
    "To be or not to be",
    "C++ & C# — 𝒜 study",
)


@pytest.fixture(params=["some", "very many"])
def beyond_sight(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few papers are more than are put in order, or more than can be seen."""
    for name in ("RERANKED", "CANDIDATES", "SCORED", "ENOUGH", "ENOUGH_SEEN"):
        monkeypatch.setattr(searching, name, 3)
    if request.param == "very many":
        monkeypatch.setattr(effort, "WHOLE", dict.fromkeys(KINDS, 0))
        monkeypatch.setattr(effort, "_COUNTED", -1)


class SlowClock:
    """A clock that goes on by `step` seconds each time somebody looks, as if everything took so long."""

    def __init__(self, step: float) -> None:
        self.now = 0.0
        self._step = step

    def monotonic(self) -> float:
        self.now += self._step
        return self.now


@on_both
@pytest.mark.usefixtures("beyond_sight")
@pytest.mark.parametrize("typed", ["the graph model", "The 'Graph' model?", '"The graph" model'])
async def test_the_paper_that_is_called_just_so_is_first_however_old_it_is(storage: Storage, typed: str) -> None:
    old = paper("The Graph Model", "arxiv:1401.0001", published_at=datetime(2014, 1, 1, tzinfo=UTC))
    newer = [paper(f"The Graph Model, Revisited {n}", f"arxiv:{n}") for n in range(30)]
    await put(storage, old, *newer, paper("The-Graph Models", "arxiv:other"))
    search = Search(storage, clock, seconds=PATIENT)
    assert (await search.search(typed, page=0)).hits[0].known.paper.title == old.title
    excluded = await search.search(f"{typed} -graph", page=0)
    assert not excluded.hits


@on_both
@pytest.mark.usefixtures("beyond_sight")
@pytest.mark.parametrize("typed", ["Kaiming He", "he, kaiming", "kaiming he residuals"])
async def test_the_papers_of_those_whose_name_is_typed_come_first(storage: Storage, typed: str) -> None:
    him, others = Author("He", "Kaiming"), [Author(f"Ann{n}", "Bob") for n in range(20)]
    said = "Kaiming and he start residuals, he says, as Kaiming does with residuals."
    theirs = paper("Some Residuals", "arxiv:1501.0001", authors=(*others, him), categories=("cs.CV",))
    newer = [paper(f"Starts {n}", f"arxiv:{n}", abstract=said, categories=("cs.CV",)) for n in range(30)]
    await put(storage, theirs, *newer, paper("More", "arxiv:a", authors=(Author("Kaiming", "Xu"), Author("He", "Li"))))
    first = (await Search(storage, clock, seconds=PATIENT).search(typed, page=0)).hits[0]
    assert (first.known.paper.title, first.named) == (theirs.title, (him,))


@on_both
@pytest.mark.usefixtures("beyond_sight")
@pytest.mark.parametrize(("said", "first"), [(5, "Some Residuals"), (30, "Starts 29")])
async def test_a_word_alone_is_a_name_where_more_papers_are_by_such_people_than_say_it(
    storage: Storage, said: int, first: str
) -> None:
    theirs = paper("Some Residuals", "arxiv:1501.0001", authors=(Author("He", "Kaiming"),), categories=("cs.CV",))
    told = [f"And he says so, {n}." if n >= 30 - said else "It says nothing." for n in range(30)]
    newer = [paper(f"Starts {n}", f"arxiv:{n}", abstract=each, categories=("cs.CV",)) for n, each in enumerate(told)]
    others = [paper(f"More {n}", f"arxiv:a{n}", authors=(Author("He", "Li"),)) for n in range(9)]
    await put(storage, *others, theirs, *newer)
    found = await Search(storage, clock, seconds=PATIENT).search("he cat:cs.CV", page=0)
    assert found.hits[0].known.paper.title == first


@on_both
@pytest.mark.usefixtures("beyond_sight")
async def test_nor_do_titles_that_are_written_in_one_word_hide_it(storage: Storage) -> None:
    old = paper("Pre Training Graph", "arxiv:1401.0001", published_at=datetime(2014, 1, 1, tzinfo=UTC))
    joined = [paper("Pretraining Graph", f"arxiv:j{n}", abstract=f"The {n}.", authors=f"A{n} B{n}") for n in range(8)]
    newer = [paper(f"Graph Pre Training {n}", f"arxiv:{n}") for n in range(30)]
    await put(storage, old, *joined, *newer)
    page = await Search(storage, clock, seconds=PATIENT).search("pre training graph", page=0)
    assert old.title in [hit.known.paper.title for hit in page.hits]


@on_both
@pytest.mark.parametrize("titled", range(2, 9))
@pytest.mark.parametrize("known", [0, 3])
async def test_pages_hold_every_match_once_however_many_have_the_words_in_their_title(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, titled: int, known: int
) -> None:
    monkeypatch.setattr(searching, "RERANKED", 6)
    monkeypatch.setattr(searching, "SCORED_FIRST", 10)
    votes = {n: 100 + n for n in range(known)}
    called = [paper("Graph Model", "arxiv:1401.0001")]
    others = [paper(f"Graph Model {n}", f"arxiv:t{n}", upvotes=votes.get(n)) for n in range(titled)]
    mentions = [paper(f"Number {n}", f"arxiv:m{n}", abstract="Of a graph and its model.") for n in range(20)]
    await put(storage, *called, *others, *mentions)
    search = Search(storage, clock, seconds=PATIENT)
    pages = [await search.search("graph model", page=page, page_size=3) for page in range(20)]
    seen = [hit.known.id for page in pages[: pages[0].pages] for hit in page.hits]
    assert len(seen) == len({*seen}) == pages[0].total == 1 + titled + 20


async def test_a_page_tells_where_it_stands_and_why_each_paper_is_there(storage: Storage) -> None:
    filler = "Nothing about it is said here at all, for many a word. " * 6
    await put(storage, *(paper(f"Graph {n}", f"arxiv:{n}", abstract=f"{filler} A graph! {filler}") for n in range(12)))
    page = await Search(storage, clock).search("  Graphs -tree ", page=1)
    assert (page.query, page.total, page.page, page.pages, page.exact) == ("graphs -tree", 12, 1, 3, True)
    assert [hit.number for hit in page.hits] == [6, 7, 8, 9, 10]
    hit = page.hits[0]
    assert [hit.known.paper.title[start:end] for start, end in hit.title_spans] == ["Graph"]
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.spans] == ["graph"]
    assert "A graph!" in hit.snippet.text


@pytest.mark.parametrize(("asked", "given"), [(-1, 0), (2, 2), (3, 2), (10**18, 2)])
async def test_a_page_that_is_not_there_becomes_the_nearest(storage: Storage, asked: int, given: int) -> None:
    await put(storage, *(paper(f"Graph {n}", f"arxiv:{n}") for n in range(12)))
    page = await Search(storage, clock).search("graph", page=asked)
    assert page.page == given
    assert len(page.hits) == (2 if given == 2 else 5)


async def test_nothing_found_is_one_empty_page(storage: Storage) -> None:
    page = await Search(storage, clock).search("nowhere", page=4)
    assert (page.hits, page.total, page.page, page.pages) == ((), 0, 0, 0)
    assert page.library_is_empty
    await put(storage, paper("Attention", "arxiv:1"))
    assert not (await Search(storage, clock).search("nowhere", page=0)).library_is_empty


async def test_an_id_or_an_address_finds_its_paper(storage: Storage) -> None:
    await put(storage, paper("Attention", "arxiv:1706.03762", "doi:10.1000/x"))
    for text in ("1706.03762v3", "arXiv:1706.03762", "https://doi.org/10.1000/X", "https://arxiv.org/pdf/1706.03762"):
        page = await Search(storage, clock).search(text, page=0)
        assert [hit.known.paper.title for hit in page.hits] == ["Attention"]
        assert page.chosen == page.hits[0].known
    missing = await Search(storage, clock).search("2401.00001", page=0)
    assert (missing.total, str(missing.identifier), missing.chosen) == (0, "arxiv:2401.00001", None)


async def test_a_whole_title_names_its_paper_where_it_is_the_only_one(storage: Storage) -> None:
    await put(storage, paper("Deep Learning", "arxiv:1"), paper("Deep Learning for Graphs", "arxiv:2"))
    chosen = (await Search(storage, clock).search(" Deep  Learning", page=0)).chosen
    assert chosen is not None
    assert chosen.paper.title == "Deep Learning"
    assert (await Search(storage, clock).search("deep learning", page=0)).chosen is None
    await put(storage, paper("Deep Learning", "arxiv:3"))
    assert (await Search(storage, clock).search("Deep Learning", page=0)).chosen is None


@pytest.mark.parametrize("step", [0.001, 0.02, 0.1, 0.6])
@pytest.mark.parametrize("typed", ["roads netwroks molecuels", "raods", "roads over networks beside moss", "roads"])
async def test_all_that_one_search_asks_shares_its_time(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, typed: str, step: float
) -> None:
    await put(storage, *(paper(f"Roads {n} over networks", f"arxiv:{n}", abstract="Molecules.") for n in range(6)))
    search, clock_ = Search(storage, clock, seconds=SEARCH_SECONDS), SlowClock(step)
    usual = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    monkeypatch.setattr(readers, "time", clock_)
    page = await search.search(typed, page=0)
    assert clock_.now <= SEARCH_SECONDS + 12 * step  # each question that is left still looks whether time is over
    assert page.in_time or step > 0.001
    assert page.total == usual.total if page.in_time else page.total <= usual.total
    assert not page.in_time or step < 0.6


async def test_words_that_are_still_being_read_are_not_waited_for(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(storage, paper("Graph Convolutional Networks", "arxiv:1"))
    reading = asyncio.Event()
    ask = Database.ask

    async def held_up(database: Database, work: Any, *, within: Any) -> Any:
        if not isinstance(within, Patience):
            await reading.wait()
        return await ask(database, work, within=within)

    monkeypatch.setattr(Database, "ask", held_up)
    page = await Search(storage, clock, seconds=0.05).search("graph netwroks", page=0)
    assert (page.in_time, page.is_certain, page.total, page.instead) == (False, True, 0, None)
    reading.set()
    assert (await Search(storage, clock, seconds=PATIENT).search("graph netwroks", page=0)).instead == "graph networks"


async def test_what_is_no_query_is_told_so(storage: Storage) -> None:
    with pytest.raises(QueryError, match="Did you mean author:bengio"):
        await Search(storage, clock).search("athor:bengio", page=0)


async def test_suggestions_find_the_paper_they_name(storage: Storage) -> None:
    ids = ("arxiv:2401.00001", "doi:10.1000/y", "arxiv:2401.00002")
    named = [paper(title, identifier) for title, identifier in zip(ODD_TITLES, ids, strict=False)]
    await put(storage, *named, *(paper(title) for title in ODD_TITLES[3:]))
    search = Search(storage, clock, seconds=PATIENT)
    suggestions = await search.suggest("")
    assert len(suggestions) == len(ODD_TITLES)
    for suggestion in suggestions:
        assert units(suggestion.label) <= LONGEST
        assert 0 < units(suggestion.value) <= LONGEST
        found = (await search.search(suggestion.value, page=0)).hits[0].known.paper.title
        assert found[:20] == suggestion.label[:20] or suggestion.label.startswith(found)


async def test_suggestions_follow_what_is_typed(storage: Storage) -> None:
    await put(storage, paper("Attention Is All You Need", "arxiv:1706.03762"), paper("Something Else", "arxiv:1"))
    search = Search(storage, clock, seconds=PATIENT)
    assert [each.value for each in await search.suggest("attention is a")] == ["Attention Is All You Need"]
    assert [each.label for each in await search.suggest("1706.03762")] == ["Attention Is All You Need — 2026"]
    assert await search.suggest("zebra") == []
    assert len(await search.suggest("", limit=1)) == 1
