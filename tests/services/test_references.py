"""References, initials and citations, as they are searched for."""

from datetime import UTC, datetime

import pytest

from bot.domain.analysis import STOP_WORDS, words
from bot.domain.papers import Author
from bot.interfaces import Storage
from bot.services.library import Library
from bot.services.search import Search
from tests.services.test_search import PATIENT
from tests.storage.shelf import clock, paper, put

TITLE = "Deep Residual Learning for Image Recognition"
HE, REN, SU = Author("He", "Kaiming"), Author("Ren", "Shaoqing"), Author("Su", "Jun")


@pytest.fixture
async def shelf(storage: Storage) -> Storage:
    """A library in which a paper that is cited as of 2016 is of 2015."""
    await put(
        storage,
        paper(TITLE, "arxiv:1512.03385", authors=(HE, REN), published_at=datetime(2015, 12, 10, tzinfo=UTC)),
        paper("Faces", "arxiv:1601.00001", authors=(SU, HE), published_at=datetime(2016, 1, 1, tzinfo=UTC)),
        paper("Deep Learning", "arxiv:1001.00001", authors=(SU,), published_at=datetime(2010, 1, 1, tzinfo=UTC)),
        paper("Noise", "arxiv:2", abstract="He et al., in CVPR 2016, and Su (2003): y he, k he, in [12] 770–778 pp."),
    )
    return storage


@pytest.mark.parametrize(
    "typed",
    [
        f"He, K., Zhang, X., Ren, S., & Sun, J. (2016). {TITLE}. CVPR.",
        f"[12] K. He, X. Zhang, S. Ren, and J. Sun. {TITLE.lower()}. In CVPR, 2016.",
        f"K. He et al., “{TITLE},” in Proc. CVPR, 2016, pp. 770–778.",
        f"@inproceedings{{he2016, title = {{{{{TITLE}}}}}, year={{2016}}}}",
        f"{TITLE} (2016)",
        f"[1512.03385] {TITLE}",
        "[1512.03385] Another title than that",
        f"{TITLE} | Semantic Scholar",
        "arXiv:1512.03385v1 [cs.CV] 10 Dec 2015",
        f"He et al. 2016 {TITLE.lower()}",
        f"K. He, X. Zhang, and J. Sun. {TITLE}. arXiv, 2015.",
        f"@article{{he2016, author={{{'He, Kaiming and ' * 20}}}, title={{{TITLE}}}, journal={{A very long name}}}}",
    ],
)
async def test_the_paper_a_reference_is_of_is_the_one_shown(shelf: Storage, typed: str) -> None:
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert page.chosen is not None
    assert page.chosen.paper.title == TITLE


async def test_a_reference_names_a_paper_wherever_one_is_asked_for(shelf: Storage) -> None:
    known = await Library(shelf, clock).resolve(f"He, K., Zhang, X. (2016). {TITLE}. In CVPR.")
    assert known.paper.title == TITLE


async def test_a_short_title_of_another_time_is_not_taken_for_the_one_cited(shelf: Storage) -> None:
    search = Search(shelf, clock, seconds=PATIENT)
    page = await search.search("LeCun, Y., Bengio, Y. & Hinton, G. Deep learning. Nature 521 (2015)", page=0)
    assert page.chosen is None
    page = await search.search("LeCun, Y., Bengio, Y. & Hinton, G. Deep learning. Nature 521 (2010)", page=0)
    assert page.chosen is not None


@pytest.mark.parametrize(
    "typed",
    [
        "H.E.S.S. observations of gamma rays 2015",
        "in the U.S. Federal Government 2015",
        "U.S. elections. forecasting models 2015",
        "The George B. Moody Challenge. What now? 2015",
        "growth of E. coli. A study (2015)",
    ],
)
async def test_words_with_a_capital_and_a_year_lose_none_of_them(storage: Storage, typed: str) -> None:
    await put(storage, paper(typed, "arxiv:1", abstract="2015"), paper("Gamma growth of the models 2015", "arxiv:2"))
    page = await Search(storage, clock, seconds=PATIENT).search(f"{typed} cs", page=0)
    assert set(words(typed)) - STOP_WORDS - {"2015"} <= set(words(page.query))


@pytest.mark.parametrize("typed", ["Rich and Poor since 2010", "Rich and Poor 2010", "Rich & Poor (2010)"])
async def test_words_in_capitals_that_find_papers_are_no_people(shelf: Storage, typed: str) -> None:
    said = paper("Said of rich and poor 2010", "arxiv:s", published_at=datetime(2010, 3, 1, tzinfo=UTC))
    people = [Author(name) for name in ("Rich", "Poor") * 4]
    theirs = [paper(f"{each.family} {n}", f"arxiv:t{n}", authors=(each,)) for n, each in enumerate(people)]
    await put(shelf, said, *theirs)
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert page.hits[0].known.paper.title == "Said of rich and poor 2010"
    assert "author:" not in page.query


async def test_a_title_that_is_begun_is_found_with_the_year_it_was_printed_in(shelf: Storage) -> None:
    for typed in ("Deep Residual (2016)", "Deep Residual (2019)", "deep residual, 2016"):
        page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
        assert (page.hits[0].known.paper.title, page.is_said) == (TITLE, True), typed


async def test_a_time_alone_shows_nothing_older(shelf: Storage) -> None:
    await put(shelf, paper("Papers of this week and today", "arxiv:w", published_at=datetime(2010, 3, 1, tzinfo=UTC)))
    for typed in ("papers this week", "papers today"):
        page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
        assert (page.hits, page.is_said) == ((), True), typed


async def test_words_beside_a_citation_are_looked_for_within_it(shelf: Storage) -> None:
    search = Search(shelf, clock, seconds=PATIENT)
    for typed in ("He et al. (2016) residual learning", "residual learning (He et al., 2016)"):
        page = await search.search(typed, page=0)
        assert (page.query, page.total) == ("residual learning author:he after:2015 before:2017", 1), typed
    page = await search.search("He et al. (2016) on noise of nothing", page=0)
    assert "author:he" not in page.query, "a citation that finds nothing is no request"


async def test_only_who_is_cited_with_a_year_or_two_comes_first_as_first_author(shelf: Storage) -> None:
    search = Search(shelf, clock, seconds=PATIENT)
    for typed in ("author:he after:2015", "author:he", "author:he after:2010 before:2020"):
        page = await search.search(typed, page=0)
        assert [hit.known.paper.title for hit in page.hits] == ["Faces", TITLE], typed


async def test_of_a_reference_that_is_not_here_only_the_title_is_looked_for(storage: Storage) -> None:
    titles = [f"Fast Residual Networks for Faces {n}" for n in range(4)]
    await put(storage, *(paper(title, f"arxiv:{n}") for n, title in enumerate(titles)), paper("CVPR", "arxiv:9"))
    search = Search(storage, clock, seconds=PATIENT)
    page = await search.search("Su, J., Ren, S. (2016). Residual networks for faces. In CVPR.", page=0)
    assert (page.query, page.is_said, page.total) == ("residual networks faces", True, 4)
    remembered = await search.search(page.written, page=0)
    assert (remembered.query, remembered.hits) == (page.query, page.hits)


async def test_what_is_cited_may_be_of_the_year_before_where_the_words_find_nothing_too(storage: Storage) -> None:
    days = (datetime(2015, 12, 10, tzinfo=UTC), datetime(2016, 5, 1, tzinfo=UTC))
    await put(storage, *(paper(f"A{n}", f"arxiv:{n}", authors=(HE,), published_at=day) for n, day in enumerate(days)))
    page = await Search(storage, clock, seconds=PATIENT).search("He et al., 2016", page=0)
    assert (page.query, page.total) == ("author:he after:2015 before:2017", 2)


@pytest.mark.parametrize("typed", ["he2016deep", r"\cite{he2016deep}", "he2015deep"])
async def test_the_key_of_a_reference_finds_its_paper(shelf: Storage, typed: str) -> None:
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert [hit.known.paper.title for hit in page.hits] == [TITLE]
    assert (await Library(shelf, clock).resolve(typed)).paper.title == TITLE


@pytest.mark.on_both
@pytest.mark.parametrize("typed", ["He et al. 2016", "He et al., 2016", "(He et al., 2016)", "he et al 2016"])
async def test_what_is_cited_by_its_first_author_and_year_comes_first(shelf: Storage, typed: str) -> None:
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.query, page.is_said) == ("author:he after:2015 before:2017", True)
    assert [hit.known.paper.title for hit in page.hits] == [TITLE, "Faces"]


@pytest.mark.parametrize("typed", ["He & Ren 2016", "He and Ren, 2016", "He & Ren (2016)", "(He & Ren, 2016)"])
async def test_two_who_are_cited_may_have_written_it_the_year_before(shelf: Storage, typed: str) -> None:
    await put(shelf, paper("Said", "arxiv:m", abstract="As He and Ren (2016) say, he and ren 2016."))
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.query, page.total) == ("author:he author:ren after:2015 before:2017", 1)


@pytest.mark.parametrize(
    "typed",
    [
        "please read https://arxiv.org/abs/1512.03385 before thursday",
        "[this](https://arxiv.org/abs/1512.03385)",
        "resnet 1512.03385",
        "what of arXiv:1512.03385v2?",
    ],
)
async def test_an_id_among_other_words_is_what_was_meant_where_these_find_nothing(shelf: Storage, typed: str) -> None:
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert page.chosen is not None
    assert page.chosen.paper.title == TITLE
    assert (await Library(shelf, clock).resolve(typed)).paper.title == TITLE


async def test_several_ids_among_other_words_are_all_shown(shelf: Storage) -> None:
    page = await Search(shelf, clock, seconds=PATIENT).search("read 1512.03385 and 1601.00001 please", page=0)
    assert {hit.known.paper.title for hit in page.hits} == {TITLE, "Faces"}
    page = await Search(shelf, clock, seconds=PATIENT).search("noise 2405.99999", page=0)
    assert page.total == 0, "an id that is not here is not left out"
    many = " ".join(["please read them all:", *["arXiv:1512.03385 and arXiv:1601.00001"] * 20])
    assert (await Search(shelf, clock, seconds=PATIENT).search(many, page=0)).total == 2


@pytest.mark.parametrize(
    "typed",
    [
        "author:hinton id:1512.03385",
        "cat:cs.CV 1512.03385",
        "ti:noise 1512.03385",
        '1512.03385 "attention"',
        "1512.03385 after:1m",
        "NOT id:1512.03385 zzzqqq",
        "faces NOT 1512.03385 zzzqqq",
        "zzzqqq -residual 1512.03385",
    ],
)
async def test_an_id_beside_what_a_query_says_is_not_all_that_was_meant(shelf: Storage, typed: str) -> None:
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert page.chosen is None
    assert TITLE not in [hit.known.paper.title for hit in page.hits]


async def test_a_given_name_in_short_or_mistyped_is_that_of_somebody_called_almost_so(shelf: Storage) -> None:
    others = [Author("Ren", "Shaobo"), Author("Ren", "Mia")]
    await put(shelf, *(paper(f"More {n}", f"arxiv:m{n}", authors=(others[n % 2],)) for n in range(4)))
    for typed in ("Shaoq Ren", "Shaoqing Rne", "Shoaqing Ren", "Chaoqing Ren"):
        page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
        assert [hit.known.paper.title for hit in page.hits] == [TITLE], typed
    page = await Search(shelf, clock, seconds=PATIENT).search("Sebastian Ren", page=0)
    assert "author:" not in page.query, "nobody is called almost so"
    page = await Search(shelf, clock, seconds=PATIENT).search("Shaoqing Ren", page=0)
    assert (page.query, page.perhaps) == ("shaoqing ren", None)
    known = await Library(shelf, clock).resolve("He et al., 2015")
    assert known.paper.title == TITLE


async def test_where_somebody_wrote_nothing_in_a_year_that_is_said_and_the_rest_shown(shelf: Storage) -> None:
    await put(shelf, *(paper(f"More {n}", f"arxiv:m{n}", authors=(REN,)) for n in range(3)))
    page = await Search(shelf, clock, seconds=PATIENT).search("ren 2003", page=0)
    assert (page.query, page.is_said, page.is_whenever, page.total) == ("author:ren", True, True, 4)
    page = await Search(shelf, clock, seconds=PATIENT).search("Ren et al., 2003", page=0)
    assert (page.query, page.is_whenever, page.total) == ("author:ren", True, 4)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("K. He", 'author:"k he"'),
        ("He, K.", 'author:"k he"'),
        ("K. He and S. Ren", 'author:"k he" author:"s ren"'),
        ("He, K. & Ren, S.", 'author:"k he" author:"s ren"'),
    ],
)
async def test_initials_name_people_though_the_words_find_papers(shelf: Storage, typed: str, read: str) -> None:
    await put(shelf, paper("Said", "arxiv:said", abstract=f"Of {typed} and more."))
    page = await Search(shelf, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.query, page.is_said) == (read, True)
    assert TITLE in [hit.known.paper.title for hit in page.hits]


@pytest.mark.parametrize("typed", ["E. coli", "C. elegans", "S. aureus", "U. net", "coli, E."])
async def test_initials_of_what_is_nobody_stay_words(storage: Storage, typed: str) -> None:
    await put(storage, paper(f"Growth of {typed}", "arxiv:1"), paper("Other", "arxiv:2", authors=(HE,)))
    page = await Search(storage, clock, seconds=PATIENT).search(typed, page=0)
    assert (page.is_said, page.total) == (False, 1)


async def test_the_most_upvoted_papers_come_first_where_they_are_asked_for(storage: Storage) -> None:
    await put(storage, *(paper(f"On Graphs {n}", f"arxiv:{n}", upvotes=(5, 90, 20)[n]) for n in range(3)))
    page = await Search(storage, clock, seconds=PATIENT).search("most cited papers on graphs", page=0)
    assert [hit.known.paper.title for hit in page.hits] == ["On Graphs 1", "On Graphs 2", "On Graphs 0"]
