"""The law of the query language: an engine finds exactly what the terms say, worked out here in the plainest way."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.analysis import PaperTerms, prepare
from bot.domain.conditions import AllOf, AnyOf, Condition, Has, condition
from bot.domain.papers import Author, Paper
from bot.domain.parsing import parse_query
from storage import open_storage
from storage.dialects import fts5

WORDS = ("deep", "deeper", "graphs", "graph", "learning", "of", "trans", "transformer", "Tran", "résumé", "学习", "x2")
papers = st.builds(
    lambda title, abstract, names, category: Paper(
        title=" ".join(title),
        abstract=" ".join(abstract),
        authors=tuple(Author(family=family, given=given) for family, given in names),
        categories=(category,),
    ),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5),
    st.lists(st.sampled_from(WORDS), max_size=8),
    st.lists(st.sampled_from([(a, b) for a in ("Tran", "van Deep", "LeCun") for b in ("", "Y.", "Yann")]), max_size=3),
    st.sampled_from(("cs.LG", "cs.IT", "math.IT")),
)
FORMS = ("tr*", "graph*", "graphs*", "deep-learning", '"of graph"', "title:graph", "abstract:deep", "author:tran")
NAMES = ('author:"Yann LeCun"', 'author:"y lecun"', "lecun", '"yann lecun"', "author:tr*", "cat:cs.*", "cat:math.IT")
parts = st.sampled_from(WORDS + FORMS + NAMES)
queries = st.recursive(
    parts,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: f"({' OR '.join(found)})"),
        st.tuples(parts, inner).map(lambda pair: f"{pair[0]} -({pair[1]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None, phases=[Phase.generate])  # each try opens a database: too slow to shrink
@given(st.lists(papers, min_size=1, max_size=12), st.lists(queries, min_size=1, max_size=12))
def test_the_index_finds_exactly_what_the_terms_say(
    tmp_path_factory: pytest.TempPathFactory, shelf: list[Paper], asked: list[str]
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('shelf')}/papers.db"
    prepared = [prepare(each).terms for each in shelf]
    expected = [[holds(terms, condition(parse_query(text).root)) for terms in prepared] for text in asked]
    assert asyncio.run(indexed(url, prepared, asked)) == expected


async def indexed(url: str, shelf: Sequence[PaperTerms], asked: Sequence[str]) -> list[list[bool]]:
    """For each query, which of the papers the text index finds."""
    async with await open_storage(url) as storage:
        async with storage._database.write() as connection:
            await fts5.add_terms(connection, enumerate(shelf))
        async with storage._database.read() as connection:
            found = [
                set(await fts5.newest_matches(connection, condition(parse_query(text).root), 100)) for text in asked
            ]
    return [[place in numbers for place in range(len(shelf))] for numbers in found]


def holds(terms: PaperTerms, asked: Condition) -> bool:
    """Whether these terms meet a condition, worked out in the plainest way."""
    match asked:
        case AllOf(parts, without):
            return all(holds(terms, part) for part in parts) and not any(holds(terms, part) for part in without)
        case AnyOf(parts):
            return any(holds(terms, part) for part in parts)
        case Has(columns, wanted, prefix):
            return any(stands_in(getattr(terms, column).split(), wanted, prefix) for column in columns)


def stands_in(text: list[str], wanted: tuple[str, ...], prefix: bool) -> bool:
    size = len(wanted)
    windows = (text[start : start + size] for start in range(len(text) - size + 1))
    *before, last = wanted
    return any(
        window[:-1] == before and (window[-1].startswith(last) if prefix else window[-1] == last) for window in windows
    )
