"""Putting is the same in one batch and one by one, in one process and after a restart."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.analysis import prepare
from bot.domain.papers import Paper
from bot.interfaces import PutOutcome
from storage import open_storage
from storage.schema import papers
from tests.empty import empty_database
from tests.storage.shelf import NOW, paper

records = st.builds(
    lambda title, ids, authors, version, upvotes: paper(title, *ids, authors=authors, version=version, upvotes=upvotes),
    st.sampled_from(["One title", "one-title!", "Another", "Third"]),
    st.sets(st.sampled_from(["arxiv:1", "arxiv:2", "doi:x", "doi:y"]), max_size=2).map(sorted),
    st.sampled_from(["", "Ada", "Bob", "Ada Bob"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, 1, 30]),
)


@settings(max_examples=12, deadline=None, phases=[Phase.generate])  # each try opens databases: too slow to shrink
@given(st.lists(records, max_size=9), st.integers(1, 9))
def test_how_records_are_cut_into_batches_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, found: list[Paper], size: int
) -> None:
    folder = tmp_path_factory.mktemp("shelf")
    together = asyncio.run(shelf_of(empty_database(folder / "together.db"), [found]))
    cut = [found[start : start + size] for start in range(0, len(found), size)]
    apart = asyncio.run(shelf_of(empty_database(folder / "apart.db"), cut))
    assert together == apart


async def shelf_of(url: str, batches: Sequence[Sequence[Paper]]) -> tuple[list[tuple[PutOutcome, Paper]], list[str]]:
    """What came of each record and which paper it is in the end, and every paper there is.

    Each batch finds the database newly opened. Numbers do not count: one of a batch may be spared.
    """
    put = []
    for batch in batches:
        async with await open_storage(url) as storage, storage.write() as transaction:
            put += await transaction.put_papers([prepare(each) for each in batch], now=NOW)
    async with await open_storage(url) as storage:
        async with storage._database.read() as connection:
            numbers = (await connection.execute(papers.select().order_by(papers.c.id))).scalars().all()
        [*known] = await storage.get_papers([each.paper_id for each in put])
        became = [(each.outcome, one.paper) for each, one in zip(put, known, strict=True)]
        return became, sorted(repr(each.paper) for each in await storage.get_papers(numbers))
