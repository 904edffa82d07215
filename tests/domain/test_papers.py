"""What sources say becomes papers: readable, parsed, bounded."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import Author, DateKind, ExternalId, FoundPaper, NotAPaper, paper_from

DAY = datetime(2024, 1, 5, tzinfo=UTC)


def test_a_found_paper_becomes_a_paper() -> None:
    found = FoundPaper(
        title="  On\n$x^2$ ",
        abstract=r"We \emph{do} it. Code: https://github.com/ada/engine{here}.",
        authors=("Lovelace, Ada", 'Kurt G\\"odel', "", "ATLAS Collaboration"),
        categories=("math.IT", "cs.IT", "68T45", "CS.lg"),
        ids=("arXiv:2401.01234v3", "10.1000/X"),
        published_at=datetime(2024, 1, 5, 1, 2, 3, 999, tzinfo=timezone(timedelta(hours=1))),
        published_kind=DateKind.SUBMITTED,
        comment=r"5~pages, \url{https://ada.org}",
        page_url="https://arxiv.org/abs/2401.01234v3",
        pdf_url="https://else.org/a.pdf",
        source="hf+arxiv",
        upvotes=5,
    )
    paper = paper_from(found)
    assert paper.title == "On x²"
    assert paper.abstract == "We do it. Code: https://github.com/ada/engine."
    assert [each.name for each in paper.authors] == ["Ada Lovelace", "Kurt Gödel", "ATLAS Collaboration"]
    assert paper.authors[0] == Author(family="Lovelace", given="Ada")
    assert paper.categories == ("cs.IT", "cs.LG")
    assert paper.ids == (ExternalId("arxiv", "2401.01234"), ExternalId("doi", "10.1000/x"))
    assert (paper.id_in("doi"), paper.id_in("isbn")) == ("10.1000/x", None)
    assert paper.published_at == datetime(2024, 1, 5, 0, 2, 3, tzinfo=UTC)
    assert paper.version == 3
    assert paper.comment == "5 pages, https://ada.org"
    assert paper.page_url is None  # its arXiv id says it already
    assert paper.pdf_url == "https://else.org/a.pdf"
    assert paper.links == ("https://github.com/ada/engine", "https://ada.org")
    assert paper.code_url == "https://github.com/ada/engine"
    assert paper.sources == ("arxiv", "hf")
    assert paper.upvotes == 5


@pytest.mark.parametrize(
    ("given", "kind", "ids", "expected"),
    [
        (None, DateKind.UNKNOWN, ("2401.01234",), (datetime(2024, 1, 1, tzinfo=UTC), DateKind.MONTH)),
        (DAY, DateKind.LISTED, ("2401.01234",), (datetime(2024, 1, 1, tzinfo=UTC), DateKind.MONTH)),
        (DAY, DateKind.LISTED, (), (DAY, DateKind.LISTED)),
        (DAY, DateKind.ANNOUNCED, ("2401.01234",), (DAY, DateKind.ANNOUNCED)),
        (None, DateKind.SUBMITTED, ("10.1000/x",), (None, DateKind.UNKNOWN)),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), DateKind.SUBMITTED, (),
         (datetime(1900, 1, 1, tzinfo=UTC), DateKind.SUBMITTED)),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))), DateKind.SUBMITTED, (),
         (datetime(2100, 1, 1, tzinfo=UTC), DateKind.SUBMITTED)),
        (datetime(2024, 1, 5), DateKind.SUBMITTED, (), (DAY, DateKind.SUBMITTED)),  # noqa: DTZ001 (a source's slip)
    ],
)  # fmt: skip
def test_the_date_is_the_best_that_is_known(
    given: datetime | None, kind: DateKind, ids: tuple[str, ...], expected: tuple[datetime | None, DateKind]
) -> None:
    paper = paper_from(FoundPaper(title="A", ids=ids, published_at=given, published_kind=kind))
    assert (paper.published_at, paper.published_kind) == expected


@pytest.mark.parametrize("title", ["", " \n", "\u200b", "…", "$ $", "\ud800"])
def test_without_a_title_there_is_no_paper(title: str) -> None:
    with pytest.raises(NotAPaper, match="the title"):
        paper_from(FoundPaper(title=title, abstract="But an abstract."))


TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
FOUND = st.builds(
    FoundPaper,
    title=TEXT.map(lambda text: f"{text} title"),
    abstract=TEXT,
    authors=st.lists(TEXT, max_size=4).map(tuple),
    categories=st.lists(st.one_of(TEXT, st.just("cs.LG")), max_size=3).map(tuple),
    ids=st.lists(st.one_of(TEXT, st.just("2401.01234v2")), max_size=3).map(tuple),
    published_at=st.one_of(st.none(), st.datetimes(), st.datetimes(timezones=st.just(timezone(timedelta(hours=9))))),
    published_kind=st.sampled_from(DateKind),
    updated_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
    version=st.one_of(st.none(), st.integers()),
    comment=st.one_of(st.none(), TEXT),
    journal_ref=st.one_of(st.none(), TEXT),
    page_url=st.one_of(st.none(), TEXT, TEXT.map(lambda text: f"https://ada.org/{text}")),
    pdf_url=st.one_of(st.none(), TEXT),
    code_url=st.one_of(st.none(), TEXT),
    source=TEXT,
    upvotes=st.one_of(st.none(), st.integers()),
)


@given(FOUND)
def test_whatever_a_source_says_gives_a_sound_paper(found: FoundPaper) -> None:
    paper = paper_from(found)
    for name in [each.name for each in fields(paper)]:
        str(getattr(paper, name)).encode()  # what SQLite will be given
    for moment in (paper.published_at, paper.updated_at):
        assert moment is None or (moment.tzinfo is UTC and 1900 <= moment.year <= 2100)
    assert paper.ids == tuple(sorted(set(paper.ids)))
    assert paper.sources == tuple(sorted(set(paper.sources)))
    assert paper.version is None or 1 <= paper.version <= 999
    assert paper.upvotes is None or 0 <= paper.upvotes <= 10**9


def test_everything_is_bounded() -> None:
    huge: dict[str, Any] = {
        "title": "t " * 1_000_000,
        "abstract": "https://a.org/x " * 200_000,
        "authors": tuple(f"A{at} B" for at in range(20_000)),
        "categories": ("cs.LG", "cs.AI") * 10_000,
        "ids": tuple(f"10.1000/{at}" for at in range(10_000)),
        "comment": "c" * 1_000_000,
        "source": "+".join("s" * 1_000 for _ in range(1_000)),
        "page_url": "https://a.org/" + "x" * 1_000_000,
    }
    paper = paper_from(FoundPaper(**huge))
    assert (len(paper.title), len(paper.abstract), len(paper.authors)) == (1_000, 20_000, 5_000)
    assert (len(paper.ids), paper.categories, len(paper.links)) == (20, ("cs.LG", "cs.AI"), 1)
    assert paper.comment is not None
    assert (len(paper.comment), len(paper.sources), paper.page_url) == (2_000, 1, None)
