"""Three days of June 2026 as two of arXiv's feeds really were, under topics as people really have them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.interfaces import Storage
from bot.services.previews import Previews
from bot.services.rehearsal import rehearse
from tests.benchmarks.replay import recorded, replayed
from tests.domain.test_rehearsing import check
from tests.domain.topics import chosen_posting, new_topic
from tests.real import real_papers, real_queries
from tests.services.test_rehearsal import follow
from tests.shared import shared

FIRST, LAST = date(2026, 6, 4), date(2026, 6, 6)
FEEDS = ("cs.CL", "cs.CV")
TOPICS = 60


async def test_the_preview_the_rehearsal_and_what_was_owed_agree(storage: Storage) -> None:
    days = {
        day: {feed: body for feed, body in feeds.items() if feed in FEEDS}
        for day, feeds in recorded(shared("corpus/rss_replay_2026-06.tar.xz")).items()
        if FIRST <= day <= LAST
    }
    chance = Random(6)
    queries = list(dict.fromkeys(real_queries(real_papers(2_000, every=50), TOPICS, chance)))
    followed = [
        new_topic(str(each), channel=at // 2, posting=chosen_posting(chance)) for at, each in enumerate(queries)
    ]
    topics = await follow(storage, *followed)
    await replayed(storage, days, FEEDS)
    previews = Previews(storage, lambda: datetime(2026, 6, 6, 23, tzinfo=UTC))
    promised = [await previews.count(each, "UTC") for each in queries]
    done = await rehearse(storage, first=LAST - timedelta(days=29), last=LAST)
    check(list(done.messages))
    owed = Counter[int]()
    since = datetime(2026, 6, 1, tzinfo=UTC)
    arrived = await storage.list_arrivals(since=since, until=since + timedelta(days=6))
    for paper in arrived:
        found = await storage.whereabouts(paper.paper_id, guild_id=1, topics=[each.id for each in topics])
        owed.update(each.id for each in topics if found.is_matched(each.id))
    for account, count in zip(done.accounts, promised, strict=True):
        assert count == account.matched == owed[account.topic.id], account.topic.query
    assert owed.total() > 500
    assert len(arrived) > 300
