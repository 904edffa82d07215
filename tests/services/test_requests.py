"""What requests in words are read as, those that name people too, and what is no request and stays as it is."""

from datetime import UTC, datetime

import pytest

from bot.domain.analysis import words
from bot.domain.papers import Author
from bot.interfaces import Storage
from bot.services.search import Search
from tests.services.test_search import PATIENT
from tests.storage.shelf import clock, paper, put


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


HINTON, BENGIO, YOUNG = Author("Hinton", "Geoffrey"), Author("Bengio", "Yoshua"), Author("Young", "Ann")


@pytest.fixture
async def people(storage: Storage) -> Storage:
    """A library of a few people."""
    old, new = datetime(2012, 3, 1, tzinfo=UTC), datetime(2016, 3, 1, tzinfo=UTC)
    await put(
        storage,
        paper("Deep Learning", "arxiv:1", authors=(BENGIO, HINTON), published_at=old),
        paper("Attention of Machines", "arxiv:2", authors=(BENGIO,), published_at=new),
        paper("Capsules", "arxiv:3", authors=(HINTON,), published_at=new),
        paper("Shapes", "arxiv:4", authors=(YOUNG,), abstract="Diagrams of young plants: Young diagrams, in short."),
    )
    return storage


NAMING = [
    ("what did bengio write about attention?", "attention author:bengio", "Attention of Machines"),
    ("hinton's papers on capsules", "capsules author:hinton", "Capsules"),
    ("bengio attention papers", "attention author:bengio", "Attention of Machines"),
    ("capsules hinton papers", "capsules author:hinton", "Capsules"),
    ("yoshua bengio 2016", 'author:"yoshua bengio" after:2016 before:2017', "Attention of Machines"),
    ("bengio 2011..2013", "author:bengio after:2011 before:2014", "Deep Learning"),
    ("what has bengio written on attention since 2015?", "attention after:2015 author:bengio", "Attention of Machines"),
    ("Geoffrey Hinton and Yoshua Bengio 2012", None, "Deep Learning"),
]


@pytest.mark.parametrize(("typed", "read", "first"), NAMING)
async def test_where_the_words_find_nothing_people_are_named_and_what_they_wrote_is_found(
    people: Storage, typed: str, read: str | None, first: str
) -> None:
    page = await Search(people, clock, seconds=PATIENT).search(typed, page=0)
    both = 'author:"geoffrey hinton" author:"yoshua bengio" after:2012 before:2013'
    assert (page.query, page.is_said, page.is_by_any, page.total) == (read or both, True, False, 1)
    assert page.hits[0].known.paper.title == first


@pytest.mark.parametrize(("typed", "read", "first"), NAMING[:-2])
async def test_where_the_words_find_papers_they_stay_and_what_people_wrote_is_offered(
    people: Storage, typed: str, read: str, first: str
) -> None:
    said = (
        "What did they write in papers on, and about, attention and capsules: Yoshua Bengio, Hinton, 2011, 2013, 2016."
    )
    await put(people, paper("Mentioned", "arxiv:5", abstract=said))
    search = Search(people, clock, seconds=PATIENT)
    page = await search.search(typed, page=0)
    assert (page.hits[0].known.paper.title, page.is_said, page.perhaps) == ("Mentioned", False, read)
    page = await search.search(read, page=0)
    assert (page.hits[0].known.paper.title, page.perhaps) == (first, None)


async def test_a_year_among_words_is_when_it_was_published_where_the_words_find_nothing(people: Storage) -> None:
    search = Search(people, clock, seconds=PATIENT)
    page = await search.search("bengio 2016 attention", page=0)
    assert [hit.known.paper.title for hit in page.hits] == ["Attention of Machines"]
    assert (page.query, page.is_said) == ("bengio attention after:2016 before:2017", True)
    page = await search.search("bengio 2003 attention", page=0)
    assert not page.is_said, "nothing is of that year, and the number may have been meant"
    page = await search.search("bengio attention 2003", page=0)
    assert [hit.known.paper.title for hit in page.hits] == ["Attention of Machines"]
    assert page.is_whenever
    await put(people, paper("Coins", "arxiv:c", categories=("cs.CL",), abstract="The 2003 coins of Rome."))
    page = await search.search("rome 2003 coins in cs.CL", page=0)
    assert (page.query, page.total) == ("rome 2003 coins cat:cs.CL", 1), "the number may have been meant"


async def test_a_title_with_its_year_is_that_paper(people: Storage) -> None:
    search = Search(people, clock, seconds=PATIENT)
    await put(
        people, paper("Attention of Deep Learning Machines", "arxiv:d", abstract="As of 2016 and 2012, capsules.")
    )
    for typed in ("attention of machines 2016", "Attention of Machines (2016)", "Attention of Machines, 2017"):
        page = await search.search(typed, page=0)
        assert page.chosen, typed
        assert page.chosen.paper.title == "Attention of Machines", typed
    assert (await search.search("attention of machines 2014", page=0)).chosen is None
    assert (await search.search("capsules 2016", page=0)).chosen is None, "one word is that of many"


async def test_several_people_are_offered_where_words_find_their_papers_anyway(people: Storage) -> None:
    search = Search(people, clock, seconds=PATIENT)
    for typed in ("hinton & bengio", "Hinton and Bengio"):
        page = await search.search(typed, page=0)
        assert (page.query, page.total, page.perhaps) == ("hinton bengio", 1, "author:hinton author:bengio"), typed
    await put(people, *(paper(f"Mentioned {n}", f"arxiv:m{n}", abstract="Bengio and Hinton.") for n in range(7)))
    assert (await search.search("hinton and bengio", page=0)).perhaps is None, "these words are no longer rather names"


async def test_what_is_offered_is_offered_once_and_not_beside_a_title(people: Storage) -> None:
    shelf = [paper(f"Ann {n}", f"arxiv:a{n}", authors=(BENGIO, HINTON)) for n in range(7)]
    await put(people, *shelf, paper("Hinton and Bengio", "arxiv:t"))
    search = Search(people, clock, seconds=PATIENT)
    assert (await search.search("Hinton, and Bengio", page=0)).perhaps is None
    assert (await search.search("bengio & hinton", page=0)).perhaps == "author:bengio author:hinton"
    assert (await search.search("bengio & hinton", page=1)).perhaps is None


STAYS = """snell's law papers; bell's theorem papers; aime papers; stanford papers; pearson papers; her papers;
does she work; team 2023; sun and moon; donaldson and thomas; alexander and jones; de rham papers; bao 2020;
lee yang zeros papers; bell 2014; newton's method papers; young diagrams papers; young 2012; attention papers;
mistral papers; attention and capsules; graphs, trees; hinton, geoffrey; hinton; does attention work;
moore's law paper"""


@pytest.mark.parametrize("typed", [" ".join(each.split()) for each in STAYS.split(";")])
async def test_words_that_find_papers_stay_whoever_is_called_so(storage: Storage, typed: str) -> None:
    called = [paper(f"A{n}", f"arxiv:{n}", authors=(Author(each),)) for n, each in enumerate(words(typed) * 3)]
    await put(storage, *called, paper("Said", "arxiv:said", abstract=f"Of all that: {typed}."))
    page = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.is_said, page.instead) == (False, None)
    assert "author:" not in page.query
    assert "Said" in [hit.known.paper.title for hit in page.hits]


@pytest.mark.parametrize(
    "typed",
    ["snell's law papers", "bell's theorem papers", "newton 2014", "stanford attention papers", "her attention papers"],
)
async def test_words_that_texts_hold_as_often_name_nobody_where_they_find_nothing(storage: Storage, typed: str) -> None:
    name, topic = words(typed)[:2]
    day = datetime(2014, 3, 1, tzinfo=UTC)
    theirs = paper(f"{topic} of Others", "arxiv:1", authors=(Author(name, "Ann"),), published_at=day)
    await put(storage, theirs, *(paper("Said", f"arxiv:s{n}", abstract=f"Of {name}.") for n in range(3)))
    page = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    assert "author:" not in page.query


async def test_what_people_call_a_paper_names_nobody(storage: Storage) -> None:
    await put(storage, *(paper(f"A{n}", f"arxiv:{n}", authors=(Author("Gail", "Ann"),)) for n in range(3)))
    search = Search(storage, clock, seconds=PATIENT)
    assert "author:" not in (await search.search("the gail paper", page=0)).query
    assert (await search.search("gail papers", page=0)).query == "author:gail"


@pytest.mark.on_both
async def test_what_no_paper_is_by_all_of_them_is_by_any(people: Storage) -> None:
    search = Search(people, clock, seconds=PATIENT)
    await put(people, paper("More Shapes", "arxiv:6", authors=(Author("Jung", "Ann"),)))
    for typed in ("hinton and jung", "papers by hinton and jung"):
        page = await search.search(typed, page=0)
        assert (page.query, page.is_by_any, page.total) == ("author:hinton OR author:jung", True, 3), typed
    for typed in ("hinton and jung 2016", "papers by hinton and jung from 2016"):
        page = await search.search(typed, page=0)
        read = "(author:hinton OR author:jung) after:2016 before:2017"
        assert (page.query, page.is_by_any, page.total) == (read, True, 1), typed
    page = await search.search("papers by hinton and nobody", page=0)
    assert (page.hits, page.is_by_any, page.is_said) == ((), False, True)


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
    page = await search.search("new papers on graphs", page=0)
    assert (page.query, page.total, page.is_said) == ("graphs after:1y", 10, True)


async def test_a_category_alone_is_read_as_one(storage: Storage) -> None:
    await put(storage, paper("Talk", "arxiv:1", categories=("cs.CL",)), paper("On CS CL", "arxiv:2"))
    page = await Search(storage, clock, seconds=PATIENT).search("CS.CL", page=0)
    assert (page.query, page.total, page.is_said) == ("cat:cs.CL", 1, True)


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
