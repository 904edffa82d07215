"""The short form of `tests.faults.copying`: a copy that is killed in the middle is finished by the next one."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from storage import open_storage
from tests.command_line import begun_paperboy, paperboy
from tests.empty import empty_database
from tests.everything import fill_everything
from tests.faults.copying import differences


async def _fill(url: str) -> None:
    async with await open_storage(url) as storage:
        await fill_everything(storage._database, {"papers": 100, "external_ids": 3_000}, others=9)


def _is_begun(path: Path) -> bool:
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        return opened.execute("SELECT 1 FROM meta WHERE key = 'copy'").fetchone() is not None
    return False


def test_a_copy_that_is_killed_is_finished_by_the_next_one(tmp_path: Path) -> None:
    first, last = tmp_path / "first.db", tmp_path / "last.db"
    asyncio.run(_fill(empty_database(first)))
    words = ("copy", f"sqlite:///{first}", f"sqlite:///{last}", "--json")
    with begun_paperboy(tmp_path, *words) as process:
        while not _is_begun(last):
            assert process.is_alive()
            time.sleep(0.002)
        process.kill()
        process.join()
    assert _is_begun(last)
    refused = paperboy(tmp_path, "search", "graph", PAPERBOY_DATABASE_URL=f"sqlite:///{last}")
    assert "is an unfinished copy of" in refused.stderr
    done = paperboy(tmp_path, *words)
    assert json.loads(done.stdout)["was_begun"], done.stderr
    assert differences(first, last) == []
