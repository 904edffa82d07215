"""Votes: once a person and server, counted for whatever number the paper has or had, and what gains them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.trends import Trend
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Storage
from storage.sql import SqlStorage
from tests.storage.shelf import NOW, number, paper, put

HERE, THERE = 1, 2


async def vote(storage: Storage, guild: int, paper_id: int, person: int, at: datetime = NOW) -> bool:
    async with storage.write() as transaction:
        return await transaction.toggle_vote(guild, paper_id, person, now=at)


async def test_a_second_vote_takes_the_first_back(storage: Storage) -> None:
    assert await vote(storage, HERE, 1, 5)
    assert await storage.count_votes([1, 2], guild_id=HERE) == {1: 1}
    assert not await vote(storage, HERE, 1, 5)
    assert await storage.count_votes([1], guild_id=HERE) == {}


@pytest.mark.parametrize("_", [0])
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([HERE, THERE]), st.integers(1, 3), st.integers(1, 4)), max_size=30))
async def test_votes_are_a_set_of_each_server(storage: SqlStorage, _: int, presses: list[tuple[int, int, int]]) -> None:
    kept: set[tuple[int, int, int]] = set()
    for each in presses:
        kept ^= {each}
        assert await vote(storage, *each) == (each in kept)
    for guild in (HERE, THERE):
        counts = {on: sum(1 for g, p, _ in kept if (g, p) == (guild, on)) for on in (1, 2, 3)}
        assert await storage.count_votes([1, 2, 3], guild_id=guild) == {on: n for on, n in counts.items() if n}
    for each in kept:
        await vote(storage, *each)


async def test_votes_of_papers_that_are_one_become_one_a_person(storage: Storage) -> None:
    authors = "Lovelace Babbage Somerville"
    await put(storage, paper("Looms that Weave Graphs", "doi:10.1/one", authors=authors))
    await put(storage, paper("Something Else Entirely", "arxiv:2401.00001", authors=authors))
    one, two = await number(storage, "doi:10.1/one"), await number(storage, "arxiv:2401.00001")
    for person, on in ((5, one), (6, one), (6, two)):
        await vote(storage, HERE, on, person)
    await put(storage, paper("Looms that Weave Graphs", "doi:10.1/one", "arxiv:2401.00001", authors=authors))
    assert await storage.count_papers() == 1
    left = await number(storage, "arxiv:2401.00001")
    assert await storage.count_votes([one, two], guild_id=HERE) == {one: 2, two: 2}
    gone = one + two - left
    assert not await vote(storage, HERE, gone, 5), "an old card takes the vote back"
    assert await storage.count_votes([left], guild_id=HERE) == {left: 1}


async def test_a_server_s_trends_are_its_own_and_of_their_time(storage: Storage) -> None:
    long_ago = NOW - timedelta(days=20)
    for guild, on, person, at in (
        (HERE, 1, 5, NOW),
        (HERE, 2, 5, NOW),
        (HERE, 2, 6, NOW),
        (HERE, 2, 7, long_ago),
        (HERE, 3, 5, long_ago),
        (THERE, 4, 5, NOW),
    ):
        await vote(storage, guild, on, person, at)
    week = await storage.trends_here(guild_id=HERE, since=NOW - timedelta(days=7), limit=9)
    assert week == [Trend(paper_id=2, gained=2, total=3), Trend(paper_id=1, gained=1, total=1)]
    assert [each.paper_id for each in await storage.trends_here(guild_id=HERE, since=long_ago, limit=2)] == [2, 1]


async def test_upvotes_everywhere_grow_from_what_they_were_before(storage: Storage) -> None:
    today = date(2026, 5, 22)
    old = datetime(2020, 1, 1, tzinfo=UTC)
    await put(
        storage,
        paper("Grows", "arxiv:2605.00001"),
        paper("New", "arxiv:2605.00002", published_at=datetime(2026, 5, 21, tzinfo=UTC)),
        paper("Old and first seen now", "arxiv:2605.00003", published_at=old),
        paper("Stands still", "arxiv:2605.00004"),
        paper("Not looked at lately", "arxiv:2605.00005"),
    )
    on = [await number(storage, f"arxiv:2605.0000{each}") for each in range(1, 6)]
    counts = [
        (1, -3, 100), (1, -1, 110), (1, 0, 150),
        (2, 0, 30),
        (3, -1, 900), (3, 0, 905),
        (4, -3, 50), (4, 0, 50),
        (5, -9, 10), (5, -8, 99),
    ]  # fmt: skip
    async with storage.write() as transaction:
        await transaction.put_upvotes(
            [
                UpvoteCount(paper_id=on[each - 1], on=today + timedelta(days=back), upvotes=many)
                for each, back, many in counts
            ]
        )
    told = await storage.trends_everywhere(since=today, limit=9)
    assert told == [
        Trend(paper_id=on[0], gained=40, total=150),
        Trend(paper_id=on[1], gained=30, total=30),
        Trend(paper_id=on[2], gained=5, total=905),
    ]
    two_days = await storage.trends_everywhere(since=today - timedelta(days=1), limit=9)
    assert [(each.paper_id, each.gained) for each in two_days] == [(on[0], 50), (on[1], 30), (on[2], 5)]
