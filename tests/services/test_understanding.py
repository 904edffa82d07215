"""What a text is understood to ask for: requests, titles, mistakes, half-typed words, and what else may be meant."""

import pytest

from bot.domain.papers import Author
from bot.domain.ranking import Order
from bot.interfaces import Storage
from bot.services.search import Search
from tests.services.test_search import PATIENT
from tests.storage.shelf import clock, paper, put


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


async def test_whole_words_are_no_beginnings_of_others(storage: Storage) -> None:
    await put(storage, paper("Graphics by Neuralgic Networking", "arxiv:1"), paper("Neural Graphs", "arxiv:2"))
    await put(storage, paper("Graph Networks", "arxiv:3"), paper("Neural Networks", "arxiv:4"))
    page = await Search(storage, clock, seconds=PATIENT).search("graph neural networks", page=0)
    assert (page.instead, page.whole) == (None, 0)
    assert "Graphics" not in page.hits[0].known.paper.title


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


async def test_so_are_its_later_pages(storage: Storage) -> None:
    shelf = [paper(f"Papers and Machines {n}", f"arxiv:{n}") for n in range(12)]
    theirs = [paper(f"Written {n}", f"arxiv:theirs{n}", authors=(Author("Machines", "Ann"),)) for n in range(12)]
    await put(storage, paper("Papers by Machines", "arxiv:title"), *shelf, *theirs)
    search = Search(storage, clock, seconds=PATIENT)
    pages = [await search.search("papers by machines", page=at) for at in range(3)]
    assert [(page.query, page.is_said) for page in pages] == [("papers machines", False)] * 3


async def test_a_word_that_two_were_joined_to_is_parted(storage: Storage) -> None:
    shelf = [paper(f"Batch Norm {n}", f"arxiv:{n}") for n in range(21)]
    await put(storage, *shelf, paper("A BatchNorm", "arxiv:other"))
    search = Search(storage, clock, seconds=PATIENT)
    assert (await search.search("batchnorm 7", page=0)).instead == '"batch norm" 7'
    assert (await search.search("BatchNorm", page=0)).perhaps == '"batch norm"'


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("graphneuralnetworks", '"graph neural networks"'),
        ("largegraphs chainofthought", '"large graphs" "chain of thought"'),
        ("graphxneuralnetworks", None),
        ("graphneuralnetworksgraphneuralnetworks", None),
    ],
)
async def test_so_is_one_that_three_were_joined_to(storage: Storage, typed: str, read: str | None) -> None:
    titles = ("Graph Neural Networks", "Large Graphs and Chain of Thought")
    await put(storage, *(paper(f"{title} {n}", f"arxiv:{title[0]}{n}") for title in titles for n in range(21)))
    page = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.instead, page.total) == (read, 21 if read else 0)


async def test_in_a_small_library_a_few_titles_tell_of_which_words_one_consists(storage: Storage) -> None:
    await put(storage, *(paper(f"Large Language Models {n}", f"arxiv:{n}") for n in range(3)))
    search = Search(storage, clock, seconds=PATIENT)
    for typed, read in {
        "languagemodels": '"language models"',
        "largelanguagemodels": '"large language models"',
    }.items():
        assert (await search.search(typed, page=0)).instead == read


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


async def test_where_they_wrote_nothing_on_it_all_their_papers_are_offered(storage: Storage) -> None:
    theirs = paper("Some Residuals", "arxiv:1501.0001", authors=(Author("He", "Kaiming"),))
    await put(storage, theirs, paper("Zebras", "arxiv:2"), paper("Looms Are Kaiming", "arxiv:3"))
    page = await Search(storage, clock, seconds=PATIENT).search("kaiming he zebras", page=0)
    assert ([hit.known.paper.title for hit in page.hits], page.instead) == ([theirs.title], 'author:"kaiming he"')
    page = await Search(storage, clock, seconds=PATIENT).search("kaiming he zebras -residuals", page=0)
    assert theirs.title not in [hit.known.paper.title for hit in page.hits]
