"""Twenty days of June 2026 as four of arXiv's feeds really were, under topics as people really have them.

    python -m tests.benchmarks.promises [--days 20] [--topics 60]

Fails where what a preview promises, what a rehearsal brings and what was owed are not the same, topic by topic. Papers
that came again, revised or listed elsewhere too, are told apart: previews and rehearsals read them as they are now.
Needs the builders' material beside the checkout.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from bot.domain.analysis import prepare
from bot.domain.deliveries import DeliveryKind
from bot.domain.explaining import Explainer
from bot.domain.papers import paper_from
from bot.domain.parsing import parse_query
from bot.domain.subscriptions import Subscription
from bot.services.previews import Previews
from bot.services.rehearsal import rehearse
from bot.sources.arxiv_rss import parse
from storage import open_storage
from storage.schema import deliveries, held_back
from storage.sql import SqlStorage
from tests.benchmarks.replay import ARCHIVE, FEEDS, Days, recorded, replayed
from tests.domain.test_rehearsing import check
from tests.domain.topics import chosen_posting, new_topic
from tests.real import real_papers, real_queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One topic: how many papers its preview promised, its rehearsal brought, and the pipeline took up for it."""

    topic: Subscription
    promised: int
    rehearsed: int
    owed: int
    since: int
    """By how many more papers match it now than did when they came, for they came again."""

    @property
    def is_kept(self) -> bool:
        return self.promised == self.rehearsed == self.owed + self.since


async def promises(storage: SqlStorage, days: Days, *, feeds: Sequence[str] = FEEDS, topics: int = 60) -> list[Promise]:
    """Let people follow so many topics, play the days through, and ask for every promise at the end of the last."""
    chance, last = Random(6), max(days)
    queries = list(dict.fromkeys(real_queries(real_papers(2_000, every=5), topics, chance)))
    for number, each in enumerate(queries):
        new = new_topic(str(each), channel=number // 2, posting=chosen_posting(chance))
        async with storage.write() as transaction:
            assert await transaction.add_subscription(new, most=50, now=datetime(2026, 5, 1, tzinfo=UTC))
    await replayed(storage, days, feeds)
    previews = Previews(storage, lambda: datetime.combine(last, time(23), UTC))
    promised = [await previews.count(each, "UTC") for each in queries]
    done = await rehearse(storage, first=last - timedelta(days=29), last=last)
    check(list(done.messages))
    owed, since = await _owed(storage, [each.topic for each in done.accounts], days)
    return [
        Promise(
            topic=each.topic,
            promised=count,
            rehearsed=each.matched,
            owed=owed[each.topic.id],
            since=since[each.topic.id],
        )
        for each, count in zip(done.accounts, promised, strict=True)
    ]


async def _owed(storage: SqlStorage, topics: Sequence[Subscription], days: Days) -> tuple[Counter[int], Counter[int]]:
    """How many papers each topic took up, and by how many more it would now."""
    async with storage._database.read() as connection:
        keys = await connection.scalars(select(deliveries.c.key).where(deliveries.c.kind == DeliveryKind.TOPIC))
        pairs = {(int(topic), int(paper)) for _, topic, paper in (each.split(":") for each in keys)}
        held = await connection.execute(select(held_back.c.subscription_id, held_back.c.paper_id))
        pairs |= {(topic, paper) for topic, paper in held}
    again, until = _again(days), datetime.combine(max(days) + timedelta(days=1), time(), UTC)
    arrived = await storage.list_arrivals(since=until - timedelta(days=30), until=until)
    at, since = {each.paper_id: each.at for each in arrived}, Counter[int]()
    for known in await storage.get_papers(sorted(at)):
        if again.isdisjoint(str(each) for each in known.paper.ids):
            continue
        explainer = Explainer(prepare(known.paper))
        for topic in topics:
            matches = explainer.explain(parse_query(topic.query), now=at[known.id]).is_matched
            since[topic.id] += matches - ((topic.id, known.id) in pairs)
    return Counter(topic for topic, _ in pairs), since


def _again(days: Days) -> frozenset[str]:
    """The ids of papers that came on more days than one: they may have been revised, or listed elsewhere too."""
    found = [
        {str(external) for paper in map(paper_from, found) for external in paper.ids}
        for feeds in days.values()
        if (found := [each for body in feeds.values() for each in parse(body).found])
    ]
    counts = Counter(each for some in found for each in some)
    return frozenset(each for each, count in counts.items() if count > 1)


async def main(days: int, topics: int) -> int:
    kept = dict(list(recorded(ARCHIVE).items())[:days])
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"sqlite:///{folder}/papers.db") as storage:
            told = await promises(storage, kept, topics=topics)
    broken = [each for each in told if not each.is_kept]
    print(f"{len(kept)} days, {len(told)} topics: {sum(each.promised for each in told):,} papers promised")
    print(f"{sum(abs(each.since) for each in told)} matches came or went because a paper came again, revised")
    for each in broken:
        print(f"BROKEN {each.topic.query}: {each}")
    return 1 if broken else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--topics", type=int, default=60)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.days, given.topics)))
