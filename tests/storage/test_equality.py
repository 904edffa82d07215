"""The law of the query language, over papers and queries that are made up and over real ones."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.conditions import condition
from bot.domain.papers import Paper
from bot.domain.parsing import parse_query
from bot.domain.query import Query
from storage.dialects.conditions import fts5_where
from tests.domain.query_trees import NOW, papers, queries
from tests.real import real_papers, real_queries
from tests.storage.equality import Shelf, opened_shelf


@pytest.fixture
def shelf(empty: str) -> Iterator[Shelf]:
    with opened_shelf(empty) as opened:
        yield opened


def test_a_search_finds_exactly_what_the_matcher_says(shelf: Shelf) -> None:
    @settings(max_examples=12, deadline=None, phases=[Phase.generate])  # each try fills a database: too slow to shrink
    @given(st.lists(papers, min_size=1, max_size=12), st.lists(queries, min_size=1, max_size=20))
    def agrees(made_up: list[Paper], asked: list[Query]) -> None:
        assert shelf.disagreements(made_up, asked) == []

    agrees()


def test_it_does_so_for_real_papers(shelf: Shelf) -> None:
    chance = Random(5)
    some = chance.sample(real_papers(1_000), 60)
    assert shelf.disagreements(some, real_queries(some, 120, chance)) == []


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("graph -tree cat:cs.LG id:1706.03762 source:arxiv has:code", "paper_index WHERE paper_index MATCH ?"),
        (
            "graph -tree after:2026 -before:7d",
            "paper_index CROSS JOIN papers INDEXED BY papers_in_brief ON papers.id = paper_index.rowid "
            "WHERE paper_index MATCH ? "
            "AND ifnull(papers.published_at >= ?, 0) AND NOT ifnull(papers.published_at < ?, 0)",
        ),
        (
            "after:2026 -graph -tree",
            "papers INDEXED BY papers_in_brief WHERE (ifnull(papers.published_at >= ?, 0) "
            "AND NOT papers.id IN (SELECT rowid FROM paper_index WHERE paper_index MATCH ?))",
        ),
    ],
)
def test_words_are_one_match_whatever_stands_beside_them(written: str, source: str) -> None:
    assert fts5_where(condition(parse_query(written).root), NOW.date()).source == source
