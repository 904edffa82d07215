"""Queries and papers for hypothesis: any tree the parser could make, and papers from the same few words and days."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.days import Ago
from bot.domain.identifiers import ExternalId
from bot.domain.papers import Author, Paper
from bot.domain.query import (
    Feature,
    Field,
    FromSource,
    Having,
    InCategory,
    Node,
    Published,
    Query,
    Side,
    WithId,
    Words,
    all_of,
    any_of,
    none_of,
)

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)

_WORDS = (
    "deep",
    "deeper",
    "graphs",
    "graph",
    "learning",
    "of",
    "trans",
    "transformer",
    "tran",
    "resume",
    "学",
    "x2",
    "llms",
)
_FAMILIES = ("Tran", "van Deep", "LeCun")
_GIVEN = ("", "Y.", "Yann", "Yann A.")
_CATEGORIES = ("cs.LG", "cs.IT", "math.IT", "hep-th")
_IDS = tuple(
    ExternalId(*each.split(":", 1))
    for each in (
        "arxiv:1706.03762",
        "arxiv:hep-th/9901001",
        "doi:10.1000/a.b",
        "doi:10.1000/a-b",
        "doi:10.1016/s(97)x",
    )
)
_SOURCES = ("arxiv_rss", "arxiv", "hf_daily", "A Feed's Name", "???")
_MOMENTS = (
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 2, 28, 12, tzinfo=UTC),
    datetime(2026, 3, 24, tzinfo=UTC),
    datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2100, 1, 1, tzinfo=UTC),
)

_names = st.builds(Author, family=st.sampled_from(_FAMILIES), given=st.sampled_from(_GIVEN))
_texts = st.lists(st.sampled_from((*_WORDS, "Résumé", "LLM", "of-the", "学习")), max_size=8).map(" ".join)

papers = st.builds(
    Paper,
    title=st.tuples(st.sampled_from(_WORDS), _texts).map(" ".join),
    abstract=_texts,
    authors=st.lists(_names, max_size=3).map(tuple),
    categories=st.lists(st.sampled_from(_CATEGORIES), max_size=2, unique=True).map(tuple),
    ids=st.lists(st.sampled_from(_IDS), max_size=2, unique=True).map(lambda ids: tuple(sorted(ids))),
    published_at=st.none() | st.sampled_from(_MOMENTS),
    code_url=st.sampled_from((None, "https://code.example/x")),
    sources=st.lists(st.sampled_from(_SOURCES), max_size=2, unique=True).map(lambda each: tuple(sorted(each))),
    upvotes=st.sampled_from((None, 1, 50)),
)

_phrases = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(tuple)
_name_words = st.sampled_from(
    (("yann", "lecun"), ("lecun", "yann"), ("y", "lecun"), ("lecun",), ("tran",), ("y",), ("yann", "van", "deep"))
)
_words = st.builds(Words, _phrases, st.sampled_from(Field), st.just(False))
_beginnings = st.builds(
    lambda words, begun, field: Words((*words[:-1], begun), field, prefix=True),
    _phrases,
    st.sampled_from(("tr", "gr", "dee", "graphs", "le", "re", "llms")),
    st.sampled_from(Field),
)
_days = st.one_of(
    st.sampled_from([moment.date() + timedelta(days=shift) for moment in _MOMENTS for shift in (0, 1)]),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.builds(Ago, st.integers(0, 9999), st.sampled_from("dmy")),
    st.builds(Ago, st.sampled_from((0, 1, 7, 8, 31)), st.just("d")),
)
_published = st.builds(Published, st.sampled_from(Side), _days)
_leaves: st.SearchStrategy[Node] = st.one_of(
    _words,
    _words,
    _beginnings,
    st.builds(Words, _name_words, st.sampled_from((Field.AUTHOR, Field.ANY))),
    st.builds(InCategory, st.sampled_from(("cs.*", "cs.LG", "cs.IT", "hep-th", "math.*"))),
    st.builds(WithId, st.sampled_from(_IDS)),
    st.builds(FromSource, st.sampled_from((("arxiv",), ("huggingface",), ("a", "feed"), ("feed",), ("arxiv", "rss")))),
    st.just(Having(Feature.CODE)),
    _published,
    _published,
)


def _without(wanted: list[Node], unwanted: list[Node]) -> Node:
    return all_of([*wanted, *map(none_of, unwanted)])


nodes: st.SearchStrategy[Node] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        st.builds(_without, st.lists(inner, min_size=1, max_size=2), st.lists(inner, min_size=1, max_size=2)),
    ),
    max_leaves=8,
)
queries = nodes.map(Query)
