"""A week of June 2026 as two of arXiv's feeds really were, day by day: late, repeated under a new date, and empty.

The whole of it, four feeds over twenty days: `python -m tests.benchmarks.replay`.
"""

from datetime import date

from bot.domain.ledger import FeedState
from bot.interfaces import Storage
from tests.benchmarks.replay import accounts, announced, recorded, replayed
from tests.shared import shared

FIRST, LAST = date(2026, 6, 4), date(2026, 6, 8)
FEEDS = ("cs.CL", "cs.CV")


async def test_each_paper_is_new_once_and_every_day_is_told_truly(storage: Storage) -> None:
    days = {
        day: {feed: body for feed, body in feeds.items() if feed in FEEDS}
        for day, feeds in recorded(shared("corpus/rss_replay_2026-06.tar.xz")).items()
        if FIRST <= day <= LAST
    }
    done = await replayed(storage, days, FEEDS)
    assert done.total == len(announced(days))
    assert [count > 0 for count in done.new.values()] == [True, False, True, False, True], "Friday's came on Saturday"
    kept = await accounts(storage)
    states = {(each.feed, each.day.day): each.state for each in kept}
    for feed in FEEDS:
        by_day = [states[feed, day] for day in range(FIRST.day, LAST.day + 1)]
        assert by_day == [FeedState.FRESH, FeedState.FRESH, FeedState.WEEKEND, FeedState.WEEKEND, FeedState.FRESH]
    again = await replayed(storage, dict(list(days.items())[-3:]), FEEDS)
    assert again.total == 0
    assert [(each.day, each.state, each.received, each.new) for each in await accounts(storage)] == [
        (each.day, each.state, each.received, each.new) for each in kept
    ]
