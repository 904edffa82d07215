"""The short form of the ingest's fault run: a few kills, and two at once."""

from pathlib import Path

from tests.faults.arxiv_days import made_days
from tests.faults.ingesting import impolite, run, stage, undisturbed
from tests.faults.kept import differences, kept


async def test_ingests_that_are_killed_and_run_again_keep_what_one_undisturbed_keeps(tmp_path: Path) -> None:
    assert await run(tmp_path, 2, days=1, papers=30, tell=lambda _: None) >= 2


async def test_two_ingests_at_once_keep_what_one_keeps_and_ask_as_politely(tmp_path: Path) -> None:
    days = made_days(1, 30, seed=2)
    expected, _ = await undisturbed(tmp_path, days)
    async with stage(tmp_path, "two at once", days[0]) as both:
        both.begin(days[0])
        await both.finish(2)
        assert differences(kept(both.database), expected[0]) == []
        assert impolite(both.server) == []
        assert len(both.server.asked) > len(days[0].items)
