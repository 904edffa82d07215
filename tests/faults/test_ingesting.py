"""The short form of the ingest's fault run: a few kills, and then two at once."""

from pathlib import Path

from tests.faults.databases import Files
from tests.faults.ingesting import run


async def test_ingests_killed_and_run_again_two_at_once_keep_what_one_undisturbed_keeps(tmp_path: Path) -> None:
    told: list[str] = []
    assert await run(Files(tmp_path), 2, days=1, papers=30, tell=told.append) >= 2
    assert "whole=2" in told[1]
