"""An empty database for a test, copied from one that each process makes once: to migrate a new one takes ten times as
long. What tests how databases are made and opened makes its own.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import open_storage

NewDatabase = Callable[[], str]
"""Makes an empty database, and tells its address."""


def empty_database(path: Path) -> str:
    """The address of an empty database at this path, whose folder is made where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_empty())
    return f"sqlite:///{path}"


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as another:  # an event loop may run in this thread
        path = Path(folder) / "empty.db"
        another.submit(asyncio.run, _made(f"sqlite:///{path}")).result()
        return path.read_bytes()


async def _made(url: str) -> None:
    await (await open_storage(url)).close()
