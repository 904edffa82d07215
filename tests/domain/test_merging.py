"""Two records of one paper become one, and nothing that was known is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.merging import merge
from bot.domain.papers import Author, DateKind, ExternalId, Paper

ADA, BOB, EVE = Author(family="Lovelace", given="Ada"), Author(family="B"), Author(family="E")
DAY = datetime(2024, 1, 5, tzinfo=UTC)


def merged(known: dict[str, Any], new: dict[str, Any]) -> Paper:
    return merge(Paper(**{"title": "A", **known}), Paper(**{"title": "A", **new}))


def test_a_revision_revises() -> None:
    paper = merged(
        {"title": "Old", "abstract": "old", "authors": (ADA, BOB), "version": 1, "comment": "old"},
        {"title": "New", "abstract": "new", "authors": (ADA,), "version": 2},
    )
    assert (paper.title, paper.abstract, paper.authors, paper.version) == ("New", "new", (ADA,), 2)
    assert paper.comment == "old"
    assert merged({"abstract": "old", "updated_at": DAY}, {"abstract": "new", "updated_at": DAY}).abstract == "new"


def test_an_older_version_only_fills_in() -> None:
    paper = merged(
        {"title": "New", "abstract": "", "version": 3},
        {"title": "Old", "abstract": "old", "version": 2, "comment": "5 pages", "authors": (ADA,)},
    )
    assert (paper.title, paper.abstract, paper.comment, paper.authors) == ("New", "old", "5 pages", (ADA,))
    assert paper.version == 3
    earlier = {"title": "Old", "updated_at": DAY - timedelta(days=1)}
    assert merged({"title": "New", "updated_at": DAY}, earlier).title == "New"


def test_an_emptier_record_takes_nothing_away() -> None:
    known = Paper(title="A Full Title", abstract="all of it", authors=(ADA, BOB), upvotes=5, code_url="https://c")
    assert merge(known, Paper(title="A Full…", abstract="all...", authors=(ADA,))) == known
    assert merged({"title": "A Full..."}, {"title": "A Full Title", "version": 1}).title == "A Full Title"


def test_the_nearest_date_wins() -> None:
    month, later = {"published_at": DAY, "published_kind": DateKind.MONTH}, DAY + timedelta(days=9)
    submitted = {"published_at": later, "published_kind": DateKind.SUBMITTED}
    assert merged(month, submitted).published_at == merged(submitted, month).published_at == later
    assert merged({**month, "published_at": later}, month).published_at == DAY
    assert merged(month, {"published_kind": DateKind.SUBMITTED}).published_kind == DateKind.MONTH


def test_what_is_seen_in_two_places_is_known_from_both() -> None:
    paper = merged(
        {"ids": (ExternalId("doi", "10.1/x"),), "sources": ("hf",), "links": ("https://b", "https://a"), "upvotes": 9},
        {"ids": (ExternalId("arxiv", "1"),), "sources": ("arxiv",), "links": ("https://c", "https://a"), "upvotes": 4},
    )
    assert paper.ids == (ExternalId("arxiv", "1"), ExternalId("doi", "10.1/x"))
    assert paper.sources == ("arxiv", "hf")
    assert paper.links == ("https://b", "https://a", "https://c")
    assert paper.upvotes == 4


def test_a_paper_stays_withdrawn_until_a_greater_version_is_not() -> None:
    gone = {"version": 2, "withdrawn": True}
    assert merged({"version": 2}, gone).withdrawn
    assert merged(gone, {"version": 2, "updated_at": DAY}).withdrawn
    assert merged(gone, {"version": 1}).withdrawn
    assert merged(gone, {}).withdrawn
    assert not merged(gone, {"version": 3}).withdrawn
    assert not merged({"version": 3}, gone).withdrawn


def _some(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


def _one(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


DATES = _one(*(DAY + timedelta(days=days) for days in range(3)))
DATED = st.one_of(
    st.just((None, DateKind.UNKNOWN)), st.tuples(DATES.filter(lambda day: day is not None), st.sampled_from(DateKind))
)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    published_at, published_kind = draw(DATED)
    return Paper(
        title=draw(st.sampled_from(["A", "B", "A…", "C..."])),
        abstract=draw(st.sampled_from(["", "x", "y", "x…"])),
        authors=draw(_some(ADA, BOB, EVE)),
        categories=draw(_some("cs.LG", "cs.AI", "cs.CV")),
        ids=tuple(sorted(draw(_some(ExternalId("arxiv", "1"), ExternalId("doi", "2"), ExternalId("doi", "3"))))),
        published_at=published_at,
        published_kind=published_kind,
        updated_at=draw(DATES),
        version=draw(_one(1, 2, 3)),
        comment=draw(_one("c", "d")),
        page_url=draw(_one("https://p", "https://q")),
        code_url=draw(_one("https://p", "https://q")),
        links=draw(_some("https://a", "https://b", "https://c")),
        sources=tuple(sorted(draw(_some("a", "b", "c")))),
        upvotes=draw(_one(0, 5)),
        withdrawn=draw(st.booleans()),
    )


NEARER = [DateKind.LISTED, DateKind.MONTH, DateKind.UNKNOWN, DateKind.ANNOUNCED, DateKind.SUBMITTED]


@given(papers(), papers())
def test_merging_is_done_once(known: Paper, new: Paper) -> None:
    assert merge(known, known) == known
    once = merge(known, new)
    assert merge(once, new) == once


@given(papers(), papers())
def test_merging_loses_nothing(known: Paper, new: Paper) -> None:
    paper = merge(known, new)
    for name in ("ids", "sources", "links", "categories"):
        assert {*getattr(known, name), *getattr(new, name)} == set(getattr(paper, name))
    for name in ("abstract", "comment", "page_url", "code_url", "version", "updated_at", "published_at", "upvotes"):
        assert getattr(paper, name) in (getattr(known, name), getattr(new, name))
        assert (getattr(paper, name) in (None, "")) == all(getattr(each, name) in (None, "") for each in (known, new))
    dated = [each.published_kind for each in (known, new) if each.published_at]
    assert paper.published_kind == max(dated, key=NEARER.index, default=DateKind.UNKNOWN)
