"""Why a query matches a paper, or which part of it failed; never another verdict than the matcher's."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.explaining import Explanation, explain
from bot.domain.identifiers import ExternalId
from bot.domain.matching import Matcher
from bot.domain.papers import Author, Paper
from bot.domain.parsing import parse_query
from bot.domain.query import And, Node, Not, Query
from tests.benchmarks.why import compared
from tests.domain.query_trees import NOW, papers, queries
from tests.real import real_papers, real_queries

PAPER = prepare(
    Paper(
        title="Graph-Neural Networks: a survey of LLMs",
        abstract="We train networks, deep learning at Müller's scale.",
        authors=(Author(family="LeCun", given="Yann"), Author(family="Tran")),
        categories=("cs.LG", "math.IT"),
        ids=(ExternalId("arxiv", "2606.00001"),),
        sources=("arxiv_rss", "hf_daily"),
        published_at=datetime(2026, 3, 30, tzinfo=UTC),
    )
)


def why(text: str) -> Explanation:
    return explain(parse_query(text), PAPER, now=NOW)


@pytest.mark.parametrize(
    ("text", "met_by"),
    [
        ("graph network", ("Graph", "Networks")),
        ('"graph neural network"', ("Graph-Neural Networks",)),
        ("title:llm", ("LLMs",)),
        ("deep-learn* muller", ("deep learning", "Müller")),
        ('author:"y. lecun"', ("Yann LeCun",)),
        ("lecun OR survey", ("Yann LeCun", "survey")),
        ("nowhere OR abstract:networks", ("networks",)),
        ("graph graph* -nowhere", ("Graph",)),
        ("survey cat:cs.LG cat:cs.IT cat:math.*", ("survey", "cs.LG", "math.IT")),
        ("id:2606.00001 after:7d source:huggingface", ("2606.00001", "published 2026-03-30", "hf_daily")),
    ],
)
def test_what_met_a_query_is_told_as_it_is_written(text: str, met_by: tuple[str, ...]) -> None:
    assert why(text).met_by == met_by


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("graph cat:cs.CL", ["needs cat:cs.CL, the paper is in cs.LG, math.IT"]),
        ("graph -survey", ["-survey: the title holds 'survey'"]),
        ("graph -(survey deep)", ["-(survey deep): the title holds 'survey'; the abstract holds 'deep'"]),
        ("graph -author:tran -cat:cs.LG", ["-author:tran: Tran is an author", "-cat:cs.LG: the paper is in cs.LG"]),
        ("graph -source:arxiv", ["-source:arxiv: the paper came from arxiv_rss"]),
        ("trees OR birds", ["neither 'trees' nor 'birds'"]),
        ("trees OR (graph birds)", ["neither 'trees' nor 'graph birds' ('birds' is not in it)"]),
        ('trees OR birds OR "a bird"', ["none of 'trees', 'birds', \"a bird\""]),
        ('trees "neural graph"', ["'trees' is not in it", '"neural graph" is not in it']),
        ("title:deep abstract:graph", ["'deep' is not in the title", "'graph' is not in the abstract"]),
        ('author:"yann tran"', ['no author is "yann tran"']),
        ("after:0d", ["needs after:0d, which was 2026-03-31, and it was published 2026-03-30"]),
        ("before:2026-03", ["needs before:2026-03, it was published 2026-03-30"]),
        ("has:code", ["needs has:code, no link to code is known"]),
        ("id:2606.00002", ["needs id:2606.00002, the paper is 2606.00001"]),
        ("source:biorxiv", ["needs source:biorxiv, the paper came from arxiv_rss, hf_daily"]),
    ],
)
def test_each_part_that_failed_is_told(text: str, told: list[str]) -> None:
    assert [each.told for each in why(text).failures] == told


def test_what_is_not_known_of_a_paper_is_said() -> None:
    bare = prepare(Paper(title="Looms"))
    told = explain(parse_query("graph after:2020 cat:cs.CL"), bare, now=NOW)
    assert [each.told for each in told.failures] == [
        "'graph' is not in it; its abstract is not known",
        "needs after:2020, its date is not known",
        "needs cat:cs.CL, the paper is in no category",
    ]


@given(papers, st.lists(queries, min_size=1, max_size=8))
def test_its_verdict_is_the_matchers_and_its_failures_are_why(paper: Paper, asked: list[Query]) -> None:
    prepared, matcher = prepare(paper), Matcher(asked)
    masks = matcher.masks([prepared], now=NOW)
    for query in asked:
        explained = explain(query, prepared, now=NOW)
        assert explained.is_matched == bool(masks[matcher.add(query)])
        assert bool(explained.met_by) == explained.is_matched
        for failure in explained.failures:
            unwanted = isinstance(failure.part, Not)
            part = failure.part.part if isinstance(failure.part, Not) else failure.part
            assert explain(Query(part), prepared, now=NOW).is_matched == unwanted
        rest = _without(query.root, [each.part for each in explained.failures])
        assert rest is None or explain(Query(rest), prepared, now=NOW).is_matched


def _without(node: Node, failed: list[Node]) -> Node | None:
    """What is left of a query when the parts that failed are taken out; None where that is nothing that can stand."""
    if node in failed:
        return None
    if not isinstance(node, And):
        return node
    left = tuple(kept for each in node.parts if (kept := _without(each, failed)) is not None)
    if all(isinstance(each, Not) for each in left):
        return None
    return And(left) if len(left) > 1 else left[0]


def test_its_verdict_is_the_matchers_for_real_papers_and_topics() -> None:
    some = real_papers(2_000, every=50)[-60:]
    done = compared(some, real_queries(some, 80, Random(3)), now=NOW)
    assert done.pairs == 60 * len({*real_queries(some, 80, Random(3))})
    assert done.matched > 0
    assert not done.wrong
