"""The newest papers are the same ones, whether PostgreSQL is asked for all at once or span by span back in time."""

import random
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conditions import condition
from bot.domain.parsing import parse_query
from storage.dialects import gin_newest
from storage.dialects.conditions import where
from storage.dialects.finding import newest_matches
from storage.dialects.gin_blocks import blocks_between, blocks_of, spans_back
from storage.readers import Turn
from storage.sql import SqlStorage
from tests.storage.kinds import postgresql_alone
from tests.storage.shelf import NOW, paper, put

QUERIES = (
    "graph",
    "graph deep",
    "graph -deep",
    '"deep graph"',
    "dee*",
    "graph OR deep",
    "after:2024",
    "graph before:2020",
)
NUMBERS = st.integers(0, 50_000 << 16)


@given(NUMBERS, NUMBERS, st.lists(NUMBERS, max_size=20))
def test_blocks_hold_all_that_they_are_asked_for(one: int, other: int, papers: list[int]) -> None:
    first, end = sorted((one, other))
    asked = set(blocks_between(first, end).replace("'", "").split(" | "))
    assert len(asked) <= 60
    assert all(asked & set(blocks_of(each)) for each in (*papers, first, end - 1) if first <= each < end)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_spans_leave_nothing_out(newest: int, recent: int, lowest: int) -> None:
    spans = list(spans_back(newest, recent, lowest))
    if lowest > newest:
        assert spans == []
    else:
        assert spans[0][1] == newest + 1
        assert spans[-1][0] == lowest
        assert all(earlier[1] == later[0] for later, earlier in pairwise(spans))
        assert len(spans) <= 25


@postgresql_alone
async def test_span_by_span_the_same_are_found(storage: SqlStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, today = random.Random(1), NOW.date()
    papers = [
        paper(
            " ".join(chance.sample(["Graph", "Deep", "Net"], 2)) + f" {each}",
            f"arxiv:{each}",
            published_at=NOW - timedelta(days=int(chance.paretovariate(0.5)) % 20_000),
        )
        for each in range(120)
    ]
    await put(storage, *papers)
    asked = [condition(parse_query(each).root) for each in QUERIES]

    def found(turn: Turn, today: date = today) -> list[list[int]]:
        return [newest_matches(turn, where(turn, each, today), limit) for each in asked for limit in (1, 7, 50, 500)]

    at_once = await storage._database.ask(found, within=30)
    monkeypatch.setattr(gin_newest, "_MANY", -1)
    monkeypatch.setattr(gin_newest, "MOST", 1_000)
    monkeypatch.setattr(gin_newest, "_RECENT", 5)
    assert await storage._database.ask(found, within=30) == at_once
    assert any(at_once)
