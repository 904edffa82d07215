"""A process that puts papers; the tests of opening start several at once and kill some."""

import asyncio
from multiprocessing.connection import Connection

from storage import open_storage
from tests.storage.shelf import paper, put


def put_batches(url: str, who: str, batches: int, told: Connection) -> None:
    """Put so many batches of twenty papers, and tell of each once it is in."""
    asyncio.run(_put_batches(url, who, batches, told))


async def _put_batches(url: str, who: str, batches: int, told: Connection) -> None:
    async with await open_storage(url) as storage:
        for batch in range(batches):
            names = [f"{who}.{batch}.{each}" for each in range(20)]
            await put(storage, *(paper(f"Paper {name}", f"arxiv:{name}") for name in names))
            told.send(batch)
