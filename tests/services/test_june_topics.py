"""Three days of June 2026 as two of arXiv's feeds really were, under topics as people really have them.

The whole of it, four feeds over twenty days: `python -m tests.benchmarks.promises`.
"""

from datetime import date

from storage.sql import SqlStorage
from tests.benchmarks.promises import promises
from tests.benchmarks.replay import recorded
from tests.shared import shared

FIRST, LAST = date(2026, 6, 4), date(2026, 6, 6)
FEEDS = ("cs.CL", "cs.CV")


async def test_the_preview_the_rehearsal_and_what_was_owed_agree(storage: SqlStorage) -> None:
    days = {
        day: {feed: body for feed, body in feeds.items() if feed in FEEDS}
        for day, feeds in recorded(shared("corpus/rss_replay_2026-06.tar.xz")).items()
        if FIRST <= day <= LAST
    }
    told = await promises(storage, days, feeds=FEEDS, topics=20)
    assert [each for each in told if not each.is_kept] == []
    assert sum(each.owed for each in told) > 200
