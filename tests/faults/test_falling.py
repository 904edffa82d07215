"""The whole bot on a PostgreSQL that falls without a word and stands again: it goes on by itself, and loses nothing."""

import asyncio
from pathlib import Path

from tests.faults.databases import OnServer, databases
from tests.lab import found_paper, opened_lab
from tests.storage.kinds import KINDS

_SOON = 20.0


async def test_the_bot_goes_on_where_its_server_falls(tmp_path: Path) -> None:
    with databases(KINDS[1], tmp_path) as made:
        database = made.new("papers")
        assert isinstance(database, OnServer)
        async with opened_lab(database.url) as lab:
            ada, papers = lab.person("ada", manage_channels=True), lab.channel("papers")
            preview = await ada.slash("topic follow", query="graphs", channel=papers)
            await ada.press(preview.message, "Follow in #papers")
            await lab.ingest(found_paper(title="Graphs at Scale", ids=("2606.00001",)))
            assert "Graphs at Scale" in (await papers.next_message(timeout=_SOON)).text
            await asyncio.to_thread(database.restart)
            found = await ada.slash("search", query="graphs")
            assert "Graphs at Scale" in found.message.text
            await lab.ingest(found_paper(title="Looms of Graphs", ids=("2606.00002",)))
            assert "Looms of Graphs" in (await papers.next_message(timeout=_SOON)).text
            posted = [each.text for each in papers.messages.values() if each.text.startswith("**New paper**")]
            assert len(posted) == 2, posted
