"""What a write leaves behind when it is cancelled anywhere, and what closing waits for."""

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.analysis import PreparedPaper, prepare
from bot.domain.papers import paper_from
from storage import open_storage
from tests.lab import found_paper

NOW = datetime(2026, 5, 22, tzinfo=UTC)


def some_papers(count: int, batch: int) -> list[PreparedPaper]:
    return [prepare(paper_from(found_paper(title=f"Paper {each} of batch {batch}"))) for each in range(count)]


async def test_a_write_cancelled_anywhere_leaves_the_database_free(tmp_path: Path) -> None:
    chance = random.Random(1)
    async with await open_storage(f"sqlite:///{tmp_path}/papers.db") as storage:

        async def put(batch: int, count: int) -> None:
            async with storage.write() as transaction:
                await transaction.put_papers(some_papers(count, batch), now=NOW)

        for batch in range(40):
            cancelled = asyncio.create_task(put(batch, 50))
            await asyncio.sleep(chance.uniform(0, 0.02))
            cancelled.cancel()
            await asyncio.wait({cancelled})
            async with asyncio.timeout(5):
                await put(1000 + batch, 1)
        async with await open_storage(f"sqlite:///{tmp_path}/papers.db") as other, other.write() as transaction:
            await transaction.put_papers(some_papers(1, 5000), now=NOW)


async def test_closing_waits_for_the_write_that_is_open_and_lets_nothing_begin(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/papers.db"
    storage = await open_storage(url)
    async with storage.write() as transaction:
        closing = asyncio.create_task(storage.close())
        await asyncio.sleep(0)
        await transaction.put_papers(some_papers(1, 1), now=NOW)
        assert not closing.done()
    await closing
    with pytest.raises(RuntimeError, match="is closed"):
        await storage.count_papers()
    async with await open_storage(url) as again:
        assert await again.count_papers() == 1
