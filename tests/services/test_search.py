"""The search service: pages, marks, snippets, and suggestions that find what they promise."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.labels import LONGEST, units
from bot.domain.papers import Author
from bot.domain.parsing import QueryError
from bot.domain.patience import SEARCH_SECONDS, Patience
from bot.domain.ranking import Order
from bot.interfaces import Storage
from bot.services.search import Search
from storage import effort, open_storage, readers, searching
from storage.database import Database
from tests.empty import NewDatabase
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


@pytest.fixture
async def storage(new_database: NewDatabase) -> AsyncIterator[Storage]:
    async with await open_storage(new_database()) as opened:
        yield opened


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
@pytest.mark.parametrize("typed", ["Kaiming He", "he, kaiming", "kaiming he residuals", "He cat:cs.CV"])
async def test_the_papers_of_those_whose_name_is_typed_come_first(storage: Storage, typed: str) -> None:
    him, others = Author("He", "Kaiming"), [Author(f"Ann{n}", "Bob") for n in range(20)]
    said = "Kaiming and he start residuals, he says, as Kaiming does with residuals."
    theirs = paper("Some Residuals", "arxiv:1501.0001", authors=(*others, him), categories=("cs.CV",))
    newer = [paper(f"Starts {n}", f"arxiv:{n}", abstract=said, categories=("cs.CV",)) for n in range(30)]
    await put(storage, theirs, *newer, paper("More", "arxiv:a", authors=(Author("Kaiming", "Xu"), Author("He", "Li"))))
    first = (await Search(storage, clock, seconds=PATIENT).search(typed, page=0)).hits[0]
    assert (first.known.paper.title, first.named) == (theirs.title, (him,))


async def test_where_they_wrote_nothing_on_it_all_their_papers_are_offered(storage: Storage) -> None:
    theirs = paper("Some Residuals", "arxiv:1501.0001", authors=(Author("He", "Kaiming"),))
    await put(storage, theirs, paper("Zebras", "arxiv:2"), paper("Looms Are Kaiming", "arxiv:3"))
    page = await Search(storage, clock, seconds=PATIENT).search("kaiming he zebras", page=0)
    assert ([hit.known.paper.title for hit in page.hits], page.instead) == ([theirs.title], 'author:"kaiming he"')
    page = await Search(storage, clock, seconds=PATIENT).search("kaiming he zebras -residuals", page=0)
    assert theirs.title not in [hit.known.paper.title for hit in page.hits]


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


async def test_a_misspelt_word_is_read_as_it_was_meant(storage: Storage) -> None:
    await put(storage, paper("Graph Convolutional Networks", "arxiv:1", authors="Kipf"), paper("Diffusion", "arxiv:2"))
    search = Search(storage, clock, seconds=PATIENT)
    for typed in ("graph netwroks", "graph ntworks", "graph metworks", "rgaph networks", "graph networsk"):
        page = await search.search(typed, page=0)
        assert (page.instead, page.whole, page.total) == ("graph networks", None, 1)
        assert [hit.known.paper.title for hit in page.hits] == ["Graph Convolutional Networks"]
    assert (await search.search("graph -netwroks author:kipf", page=0)).instead is None
    assert (await search.search("diffusoin", page=0)).instead == "diffusion"
    assert (await search.search("author:kpif", page=0)).instead == "author:kipf"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("atten is al", "atten* al*"),
        ("attention nee", "attention nee*"),
        ("atten", "atten*"),
        ("author:vasw atten", "author:vasw* atten*"),
        ("atten -graph", "atten* -graph"),
        ('"is all you" atten', '"is all you" atten*'),
    ],
)
async def test_what_is_half_typed_is_found_where_nothing_else_is(storage: Storage, typed: str, read: str) -> None:
    vaswani = (Author(family="Vaswani", given="Ashish"),)
    await put(
        storage, paper("Attention Is All You Need", "arxiv:1706.03762", authors=vaswani), paper("Graphs", "arxiv:1")
    )
    page = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    assert [hit.known.paper.title for hit in page.hits] == ["Attention Is All You Need"]
    assert (page.instead, page.whole, page.total) == (read, None, 1)
    nothing = await Search(storage, clock, seconds=PATIENT).search("atten zebras", page=0)
    assert (nothing.hits, nothing.instead) == ((), None)


@pytest.mark.on_both
async def test_a_last_word_that_commoner_words_begin_with_is_begun_and_not_misspelt(storage: Storage) -> None:
    titles = [*(f"Transformers {each}" for each in range(9)), "Transformers of Graphs", "Transfer of Graphs"]
    titles += [
        "Art of Transfer",
        *(f"Articles on Transformers {each}" for each in range(3)),
        "Graphs",
        "Trees of Graphs",
    ]
    await put(storage, *(paper(title, f"arxiv:{at}") for at, title in enumerate(titles)))
    search = Search(storage, clock, seconds=PATIENT)
    for typed, read in {
        "transfor": "transfor*",
        "graph transfor": "graph transfor*",
        "transfor graph": "transfer graph",
        '"graph transfor"': '"graph transfer"',
        "art transfor": "art transfer",
    }.items():
        assert (await search.search(typed, page=0)).instead == read, typed
    pages = [await search.search("transfor", page=page, order=order) for order in Order for page in range(3)]
    assert {(page.instead, page.total) for page in pages} == {("transfor*", 13)}


@pytest.mark.on_both
async def test_a_mistake_of_one_paper_does_not_hide_what_was_meant(storage: Storage) -> None:
    hinton, hintn = (Author("Hinton", "Geoffrey"),), (Author("Hintn", "Geoffrey"),)
    shelf = [paper(f"Large Language Model {n}", f"arxiv:{n}", authors=hinton) for n in range(40)]
    await put(storage, *shelf, paper("A Large Languge Model", "arxiv:wrong", authors=hintn))
    search = Search(storage, clock, seconds=PATIENT)
    for typed, meant in {
        "languge": "language",
        "large languge model": "large language model",
        "author:hintn": "author:hinton",
        'author:"geoffrey hintn"': 'author:"geoffrey hinton"',
        "languge -model": None,
        "large language model": None,
        "languge author:kipf": None,
    }.items():
        page = await search.search(typed, page=0)
        assert page.perhaps == meant, typed
        assert page.instead is None
        assert meant is None or page.hits[0].known.paper.title == "A Large Languge Model"
    page = await search.search("languge zebra model", page=0)
    assert (page.instead, page.whole) == ("language zebra model", 0), "nor where no paper has the other words"


@pytest.mark.parametrize(
    ("typed", "read", "said"),
    [
        ("papers by Hinton", "author:hinton", "Kept by a Name"),
        (
            "show me recent papers from 2026 on graph networks",
            "graph networks after:2026 before:2027",
            "Graph Networks",
        ),
        ("who invented graph networks?", "graph networks", "Graph Networks"),
        ("Papers by Hintn", "author:hintn", "Kept by a Name"),
    ],
)
async def test_a_request_in_words_is_read_as_such(storage: Storage, typed: str, read: str, said: str) -> None:
    hinton, day = (Author("Hinton", "Geoffrey"),), datetime(2026, 3, 1, tzinfo=UTC)
    about = paper("Unnamed", "arxiv:2", abstract="Recent papers by people in our graph: networks of 2025 on show.")
    await put(
        storage,
        paper("Kept by a Name", "arxiv:1", authors=hinton),
        about,
        paper("Graph Networks", "arxiv:3", published_at=day),
    )
    page = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.query, page.is_said, page.hits[0].known.paper.title) == (read, True, said)


async def test_a_request_that_finds_nothing_is_not_looked_for_word_by_word(storage: Storage) -> None:
    await put(storage, paper("Papers from 2012", "arxiv:1", abstract="All about Hinton."), paper("Graphs", "arxiv:2"))
    page = await Search(storage, clock, seconds=PATIENT).search("papers by Hinton from 2003", page=0)
    assert (page.hits, page.query, page.is_said) == ((), "author:hinton after:2003 before:2004", True)


async def test_new_papers_are_those_of_the_last_year_where_there_are_enough(storage: Storage) -> None:
    old = [paper(f"Graphs {n}", f"arxiv:{n}", published_at=datetime(2015, 1, 1, tzinfo=UTC)) for n in range(9)]
    await put(storage, *old)
    search = Search(storage, clock, seconds=PATIENT)
    assert (await search.search("recent papers on graphs", page=0)).query == "graphs"
    await put(storage, *(paper(f"New Graphs {n}", f"arxiv:new{n}", published_at=clock()) for n in range(10)))
    page = await search.search("the latest papers on graphs", page=0)
    assert (page.query, page.total, page.is_said) == ("graphs after:1y", 10, True)


async def test_a_category_alone_is_read_as_one(storage: Storage) -> None:
    await put(storage, paper("Talk", "arxiv:1", categories=("cs.CL",)), paper("On CS CL", "arxiv:2"))
    page = await Search(storage, clock, seconds=PATIENT).search("CS.CL", page=0)
    assert (page.query, page.total, page.is_said) == ("cat:cs.CL", 1, True)


async def test_whole_words_are_no_beginnings_of_others(storage: Storage) -> None:
    await put(storage, paper("Graphics by Neuralgic Networking", "arxiv:1"), paper("Neural Graphs", "arxiv:2"))
    await put(storage, paper("Graph Networks", "arxiv:3"), paper("Neural Networks", "arxiv:4"))
    page = await Search(storage, clock, seconds=PATIENT).search("graph neural networks", page=0)
    assert (page.instead, page.whole) == (None, 0)
    assert "Graphics" not in page.hits[0].known.paper.title


async def test_what_was_found_by_the_words_stays_where_the_request_finds_nothing(storage: Storage) -> None:
    shelf = [paper(f"Doing {n}", f"arxiv:{n}", abstract="Papers about learning by doing.") for n in range(7)]
    await put(storage, *shelf, paper("Learning", "arxiv:other", authors=(Author("Doina", "A"),)))
    page = await Search(storage, clock, seconds=PATIENT).search("papers about learning by doing", page=0)
    assert (page.hits[0].known.paper.title, page.is_said, page.instead) == ("Doing 6", False, None)


async def test_pages_of_a_request_are_those_of_the_query_that_its_buttons_remember(storage: Storage) -> None:
    shelf = [paper(f"{'On ' if n % 3 else ''}Graph Networks {n}", f"arxiv:{n}") for n in range(40)]
    await put(storage, *shelf, paper("Old Papers on Graph Networks", "arxiv:other"))
    search = Search(storage, clock, seconds=PATIENT)
    page = await search.search("papers on graph networks", page=0)
    assert (page.query, page.written) == ("graph networks", "graph networks")
    for at in range(9):
        one, other = [await search.search(text, page=at) for text in ("papers on graph networks", page.written)]
        assert [hit.known.id for hit in one.hits] == [hit.known.id for hit in other.hits]


@pytest.mark.parametrize("typed", ["GRAPHS ARE NOT ALL WE HAVE", "Graphs Are NOT All We Have"])
async def test_a_title_with_an_operator_is_remembered_as_one(storage: Storage, typed: str) -> None:
    await put(storage, paper("Graphs Are NOT All We Have", "arxiv:1"), paper("GAN or VAE?", "arxiv:2"))
    search = Search(storage, clock, seconds=PATIENT)
    page = await search.search(typed, page=0)
    assert (page.total, page.written.lower()) == (1, "graphs are not all we have")
    assert "NOT" not in page.written
    either = await search.search("gan OR graphs", page=0)
    assert (either.total, either.written) == (2, "gan OR graphs")


async def test_nor_is_a_choice_between_two_words_taken_for_a_title(storage: Storage) -> None:
    await put(storage, paper("GAN or VAE?", "arxiv:1"), paper("A GAN", "arxiv:2"), paper("A VAE", "arxiv:3"))
    search = Search(storage, clock, seconds=PATIENT)
    for typed in ("gan OR vae", "GAN OR VAE"):
        assert (await search.search(typed, page=0)).total == 3


async def test_a_title_that_reads_like_a_request_or_with_operators_is_a_title(storage: Storage) -> None:
    titles = ("Who Invented Graphs", "Papers by Machines", "ATTENTION IS NOT ALL OR NOTHING", "Graphs")
    await put(storage, *(paper(title, f"arxiv:{n}") for n, title in enumerate(titles)))
    search = Search(storage, clock, seconds=PATIENT)
    for title in titles:
        page = await search.search(title, page=0)
        assert page.chosen is not None, title
        assert (page.chosen.paper.title, page.is_said) == (title, False)
    small = await search.search("papers by machines", page=0)
    assert (small.hits[0].known.paper.title, small.is_said) == ("Papers by Machines", False)
    excluding = await search.search("attention NOT nothing", page=0)
    assert not excluding.hits


async def test_a_word_that_two_were_joined_to_is_parted(storage: Storage) -> None:
    shelf = [paper(f"Batch Norm {n}", f"arxiv:{n}") for n in range(21)]
    await put(storage, *shelf, paper("A BatchNorm", "arxiv:other"))
    search = Search(storage, clock, seconds=PATIENT)
    assert (await search.search("batchnorm 7", page=0)).instead == '"batch norm" 7'
    assert (await search.search("BatchNorm", page=0)).perhaps == '"batch norm"'


async def test_the_halves_of_a_parted_word_are_looked_for_where_no_paper_has_all(storage: Storage) -> None:
    shelf = [paper(f"Batch Norm {n}", f"arxiv:{n}") for n in range(22)]
    await put(storage, *shelf, paper("Zebras", "arxiv:other"))
    page = await Search(storage, clock, seconds=PATIENT).search("batchnorm zebras", page=0)
    assert page.whole == 0
    assert {hit.known.paper.title.split()[0] for hit in page.hits} == {"Batch", "Zebras"}


async def test_advice_on_a_star_finds_something(storage: Storage) -> None:
    await put(storage, paper("Batched Graphs", "arxiv:1"))
    search = Search(storage, clock, seconds=PATIENT)
    assert (await search.search("batchwise", page=0)).begun == "batch*"
    assert (await search.search("zebrawise", page=0)).begun == ""


async def test_what_is_typed_as_a_title_has_it_but_for_a_short_word_is_offered_as_it_has_it(storage: Storage) -> None:
    ned = [paper(f"Ned {n}", f"arxiv:{n}", abstract="All of this is about a tree.") for n in range(12)]
    await put(storage, *ned, paper("Attention Is All You Need", "arxiv:1706.03762"))
    page = await Search(storage, clock, seconds=PATIENT).search("attention is all you ned", page=0)
    assert (page.whole, page.perhaps) == (0, "attention is all you need")


async def test_words_are_put_right_that_a_few_papers_have_wrong_and_those_that_tell_nothing_stay(
    storage: Storage,
) -> None:
    shelf = [paper(f"Reinforcement Is All about Learning {n}", f"arxiv:{n}") for n in range(40)]
    await put(storage, *shelf, paper("Reinforcment Learning", "arxiv:a"))
    page = await Search(storage, clock, seconds=PATIENT).search("reinforcment is all about lerning", page=0)
    assert page.instead == "reinforcement is all about learning"


@pytest.mark.on_both
async def test_a_misspelt_word_that_somebody_is_called_like_is_told_by_the_words_around_it(storage: Storage) -> None:
    yu, abstract = (Author("Yu", "Fisher"),), "All the attention that networks need."
    shelf = [paper(f"Networks {n}", f"arxiv:{n}", abstract=abstract, authors=yu) for n in range(12)]
    await put(storage, *shelf, paper("Attention Is All You Need", "arxiv:1706.03762"))
    search = Search(storage, clock, seconds=PATIENT)
    for typed, meant in {
        "attention is all yu need": "attention is all you need",
        "Attention is all YU need!": "attention is all you need",
        "attention yu": None,
        "attention networks need yu": None,
        "attention all need author:yu": None,
    }.items():
        page = await search.search(typed, page=0)
        assert (page.total, page.instead, page.perhaps) == (12, None, meant), typed


async def test_a_misspelt_author_is_somebody(storage: Storage) -> None:
    authors = (Author("Bottou", "Léon"), Author("LeCun", "Yann"))
    await put(storage, paper("Digits", "arxiv:1", authors=authors), paper("Lecture", "arxiv:2"))
    search = Search(storage, clock, seconds=PATIENT)
    for typed, meant in {"author:lecunn": "author:lecun", "digts author:LeCum": "digits author:lecun"}.items():
        page = await search.search(typed, page=0)
        assert [hit.known.paper.title for hit in page.hits] == ["Digits"]
        assert page.instead == meant
    for typed in ('author:"Yan LeCunn"', 'author:"LeCum, Yann" digits', 'digits OR author:"Yan Lecun" -other'):
        page = await search.search(typed, page=0)
        assert [hit.known.paper.title for hit in page.hits] == ["Digits"]
        assert page.instead is None if "OR" in typed else 'author:"yann lecun"' in (page.instead or "")
    for typed in ('author:"Otto Leccun"', "author:lekumm", "author:lecun zebra"):
        page = await search.search(typed, page=0)
        assert (page.total, page.instead) == (0, None)


async def test_a_sentence_finds_papers_that_have_some_of_its_words(storage: Storage) -> None:
    titles = ("Graph Networks for Molecules", "Networks of Roads", "Cooking with Gas", "Roads of Old")
    await put(storage, *(paper(title, f"arxiv:{n}", categories=("cs.LG",)) for n, title in enumerate(titles)))
    search = Search(storage, clock, seconds=PATIENT)
    page = await search.search("Which networks are there for molecules and roads?", page=0)
    assert (page.whole, page.exact) == (0, False)
    found = [hit.known.paper.title for hit in page.hits]
    assert sorted(found) == sorted((titles[0], titles[1], titles[3]))
    assert (await search.search("networks molecules roads cat:cs.CL", page=0)).hits == ()
    assert (await search.search("networks molecules roads -graph", page=0)).total == 2


async def test_the_few_papers_with_all_the_words_come_before_those_with_some(storage: Storage) -> None:
    shelf = [paper(f"Roads {n}", f"arxiv:{n}", abstract="Networks of roads, and more roads.") for n in range(6)]
    await put(storage, paper("A Thing", "arxiv:all", abstract="Molecules beside roads in networks."), *shelf)
    search = Search(storage, clock, seconds=PATIENT)
    pages = [await search.search("roads networks molecules", page=number) for number in (0, 1)]
    assert [page.whole for page in pages] == [1, 1]
    found = [hit.known.paper.title for page in pages for hit in page.hits]
    assert found[0] == "A Thing"
    assert len(set(found)) == len(found) == pages[0].total == 7


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
