"""The driver of SQLite: what becomes of a connection that nobody waits for."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from storage.dialects.one_turn import connected


def threads() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if "connection_worker" in each.name}


async def test_who_is_cancelled_while_a_file_is_opened_leaves_no_thread(tmp_path: Path) -> None:
    before = threads()
    for _ in range(20):
        opening = asyncio.create_task(connected(tmp_path / "papers.db", patience=1))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert threads() == before


async def test_what_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    before = threads()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await connected(tmp_path / "missing" / "papers.db", patience=1)
    assert threads() == before
