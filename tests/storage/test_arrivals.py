"""Which papers arrived when, and that counting them agrees with what matching each on its day would have found."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.arrivals import quarter_of
from bot.domain.matching import Matcher
from bot.domain.papers import Paper
from bot.domain.parsing import parse_query
from bot.domain.query import Query
from bot.interfaces import Storage
from storage import open_storage
from storage.sql import SqlStorage
from tests.domain.query_trees import NOW as LATER
from tests.domain.query_trees import papers, queries
from tests.storage.equality import Shelf
from tests.storage.shelf import NOW, number, paper, put

A_DAY = timedelta(days=1)


async def arrived(storage: Storage, days: int = 30) -> dict[int, datetime]:
    found = await storage.list_arrivals(since=NOW - days * A_DAY, until=NOW + A_DAY)
    return {each.paper_id: each.at for each in found}


async def test_a_paper_arrives_when_it_is_first_seen_and_an_imported_one_when_it_was_published(
    storage: SqlStorage,
) -> None:
    await put(storage, paper("Seen", "arxiv:2605.00001", published_at=datetime(1999, 1, 1, tzinfo=UTC)))
    await put(storage, paper("Too early", "arxiv:2604.00001"), now=NOW - 31 * A_DAY)
    begun, published = NOW + timedelta(hours=1), NOW - 3 * A_DAY
    async with storage.write() as transaction:
        await transaction.add_import(begun)
        await transaction.add_import(begun)
    old, undated = (paper(each, published_at=when) for each, when in (("Old", NOW - 40 * A_DAY), ("Undated", None)))
    await put(storage, paper("Imported", "arxiv:2605.00002", published_at=published), old, undated, now=begun)
    await put(storage, paper("Crossed", "arxiv:2605.00003"))
    async with storage.write() as transaction:
        await transaction.add_unannounced([await number(storage, "arxiv:2605.00003")])
    seen, imported = [await number(storage, f"arxiv:2605.0000{each}") for each in (1, 2)]
    assert await arrived(storage) == {imported: published, seen: NOW}
    assert list(await arrived(storage)) == [imported, seen]
    every, asked = await storage.count_arrivals([None, parse_query("seen")], since=NOW - A_DAY, until=NOW + A_DAY)
    assert every == asked == {quarter_of(NOW): 1}


async def test_the_latest_arrival_is_told_whether_it_was_seen_or_imported(storage: SqlStorage) -> None:
    assert await storage.latest_arrival(before=NOW) is None
    begun, published = NOW - A_DAY, NOW - 900 * A_DAY
    async with storage.write() as transaction:
        await transaction.add_import(begun)
    dated = [paper(f"Old {each}", published_at=published - each * A_DAY) for each in range(3)]
    await put(storage, *dated, paper("Undated", published_at=None), now=begun)
    assert await storage.latest_arrival(before=NOW) == published
    assert await storage.latest_arrival(before=published) == published - A_DAY
    await put(storage, paper("Seen", published_at=NOW), now=NOW - 500 * A_DAY)
    assert await storage.latest_arrival(before=NOW) == NOW - 500 * A_DAY


async def test_a_span_back_from_now_is_counted_from_the_day_of_each_arrival(storage: SqlStorage) -> None:
    for ago in (20, 1):
        at = NOW - ago * A_DAY
        await put(storage, paper(f"Fresh {ago}", published_at=at - 2 * A_DAY), now=at)
        await put(storage, paper(f"Stale {ago}", published_at=at - 9 * A_DAY), now=at)
    for written, count in (
        ("fresh after:7d", 2),
        ("stale after:7d", 0),
        ("stale -after:7d", 2),
        ("stale before:7d", 2),
        ("after:7d", 2),
        ("after:7d -fresh", 0),
        ("-stale before:3d -after:1d", 0),
        ("before:7d -fresh -nothing", 2),
        ("stale OR after:7d", 4),
    ):
        (tally,) = await storage.count_arrivals([parse_query(written)], since=NOW - 30 * A_DAY, until=NOW)
        assert sum(tally.values()) == count, written
    asked, wider = parse_query("after:7d"), parse_query("fresh OR stale")
    found = await storage.try_out(
        asked, since=NOW - 30 * A_DAY, until=NOW, sample=9, further=lambda newest: [asked, wider] if newest else []
    )
    assert [each.paper.title for each in found.newest] == ["Fresh 1", "Fresh 20"]
    assert (sum(found.matched.values()), sum(found.arrived.values()), found.further) == (2, 4, [2, 4])


def test_what_is_counted_is_what_the_matcher_finds_on_the_day_of_arrival(tmp_path: Path) -> None:
    @settings(max_examples=8, deadline=None, phases=[Phase.generate])
    @given(
        st.lists(st.tuples(papers, st.integers(0, 40)), min_size=1, max_size=10),
        st.lists(queries, min_size=1, max_size=15),
    )
    def agrees(made_up: list[tuple[Paper, int]], asked: list[Query]) -> None:
        runner.run(_agrees(storage, made_up, asked))

    with asyncio.Runner() as runner:
        storage = runner.run(open_storage(f"sqlite:///{tmp_path}/papers.db"))
        try:
            agrees()
        finally:
            runner.run(storage.close())


async def _agrees(storage: SqlStorage, made_up: list[tuple[Paper, int]], asked: Sequence[Query]) -> None:
    await Shelf(storage, asyncio.Runner())._refill([], LATER)
    for each, ago in made_up:
        await put(storage, each, now=LATER - ago * A_DAY)
    since, until = LATER - 30 * A_DAY, LATER + A_DAY
    came = await storage.list_arrivals(since=since, until=until)
    known = await storage.get_papers([each.paper_id for each in came])
    matcher = Matcher(asked)
    expected = [Counter[int]() for _ in asked]
    for arrival, paper_known in zip(came, known, strict=True):
        masks = matcher.masks([prepare(paper_known.paper)], now=arrival.at)
        for place, query in enumerate(asked):
            expected[place][quarter_of(arrival.at)] += masks[matcher.add(query)]
    counted = await storage.count_arrivals(asked, since=since, until=until)
    assert [dict(each) for each in counted] == [dict(+each) for each in expected]
