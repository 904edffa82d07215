"""Twenty days of four arXiv feeds, day by day on a virtual clock, through the real client, source, service and storage.

    python -m tests.benchmarks.replay [--days 20]

Prints what each day brought, and fails where a paper is new twice or never, or where asking again adds anything. Then
a busy day of 2,200 items is timed. Needs the builders' material beside the checkout.
"""

import argparse
import asyncio
import gc
import hashlib
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.ledger import FeedDay
from bot.domain.papers import Announcement
from bot.interfaces import Storage
from bot.services.ingest import Ingest
from bot.sources.arxiv_rss import ArxivRss, parse
from bot.sources.http import PoliteHttp
from storage import open_storage
from tests.benchmarks.measure import LoopLag, watched_loop
from tests.sources.pace import LocalPace
from tests.sources.servers import LocalServer, local_server, page, revalidated
from tests.sources.virtual_time import Hours

ARCHIVE = Path(__file__).parent.parent.parent.parent / "shared" / "corpus" / "rss_replay_2026-06.tar.xz"
ASKED_AT = timedelta(hours=12)
"""UTC: 08:00 in New York, eight hours after a day's batch is due."""

FEEDS = ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
Days = Mapping[date, Mapping[str, bytes]]


def recorded(archive: Path) -> Days:
    """What each feed held on each day."""
    names = {feed.lower().replace(".", "-"): feed for feed in FEEDS}
    days: dict[date, dict[str, bytes]] = defaultdict(dict)
    with tarfile.open(archive) as files:
        for member in sorted(files.getmembers(), key=lambda each: each.name):
            content = files.extractfile(member)
            if content is not None:
                stem = Path(member.name).stem
                days[date.fromisoformat(stem[:10])][names[stem[11:]]] = content.read()
    return days


def announced(days: Days) -> dict[str, date]:
    """The papers that the feeds call new, each with the first day that one did."""
    first: dict[str, date] = {}
    for day, feeds in days.items():
        for body in feeds.values():
            for paper in parse(body).found:
                if paper.announcement is Announcement.NEW:
                    first.setdefault(paper.ids[0], day)
    return first


@dataclass(slots=True, kw_only=True)
class Replayed:
    """What the days brought, one after the other."""

    new: dict[date, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    lag: LoopLag | None = None

    @property
    def total(self) -> int:
        return sum(self.new.values())


async def replayed(storage: Storage, days: Days, feeds: Sequence[str] = FEEDS) -> Replayed:
    """Ask every feed once a day, each day at the same hour."""
    done, hours = Replayed(), Hours()
    now = datetime.combine(min(days), datetime.min.time(), UTC)
    async with local_server(clock=hours.count) as server:
        http = PoliteHttp(
            pace=LocalPace(hours.count, hours.sleep),
            user_agent="Paperboy/replay",
            clock=lambda: now,
            trusted_hosts=frozenset({server.authority}),
            sleep=hours.sleep,
        )
        source = ArxivRss(feeds, base_url=server.url("/rss"))
        ingest = Ingest(storage, http, [source], clock=lambda: now)
        async with watched_loop() as done.lag:
            for day, bodies in days.items():
                now = datetime.combine(day, datetime.min.time(), UTC) + ASKED_AT
                _serve(server, bodies)
                reports = await ingest.run()
                done.new[day] = sum(each.new for each in reports)
                states = "  ".join(f"{each.feed} {each.day.state.value} {each.new}/{each.received}" for each in reports)
                done.lines.append(f"{day:%a %d}  new {done.new[day]:>5,}   {states}")
    return done


def _serve(server: LocalServer, bodies: Mapping[str, bytes]) -> None:
    for feed, body in bodies.items():
        server.on(f"/rss/{feed}", revalidated(body, etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"'))


async def accounts(storage: Storage) -> list[FeedDay]:
    return await storage.list_feed_days(since=date.min)


def busy_day(days: Days, items: int = 2_200) -> list[bytes]:
    """The feeds of the busiest day, as many whole items of them as make up this many."""
    busiest = max(days.values(), key=lambda feeds: sum(body.count(b"<item>") for body in feeds.values()))
    chosen, left = [], items
    for body in busiest.values():
        head, *pieces = body.split(b"<item>")
        kept = pieces[:left]
        left -= len(kept)
        tail = b"</channel></rss>"
        kept = [piece.partition(b"</item>")[0] + b"</item>" for piece in kept]
        chosen.append(b"<item>".join([head, *kept]) + tail)
    return chosen


async def timed_day(days: Days) -> tuple[float, LoopLag, int]:
    """Seconds to fetch, parse, merge and store a day of 2,200 items into a library that knows the days before."""
    hours = Hours()
    busiest = max(days, key=lambda day: sum(body.count(b"<item>") for body in days[day].values()))
    now = datetime.combine(busiest, datetime.min.time(), UTC) + ASKED_AT
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"sqlite:///{folder}/papers.db") as storage, local_server() as server:
            gc.freeze()  # as the bot does once it is ready
            await replayed(storage, {day: feeds for day, feeds in days.items() if day < busiest})
            names = list(FEEDS)
            for feed, body in zip(names, busy_day(days), strict=True):
                server.on(f"/rss/{feed}", page(body))
            http = PoliteHttp(
                pace=LocalPace(hours.count, hours.sleep),
                user_agent="Paperboy/replay",
                clock=lambda: now,
                trusted_hosts=frozenset({server.authority}),
                sleep=hours.sleep,
            )
            ingest = Ingest(storage, http, [ArxivRss(names, base_url=server.url("/rss"))], clock=lambda: now)
            await asyncio.sleep(0)
            async with watched_loop() as lag:
                began = time.perf_counter()
                reports = await ingest.run()
                took = time.perf_counter() - began
            return took, lag, sum(each.received for each in reports)


async def main(archive: Path, most: int) -> int:
    days = dict(list(recorded(archive).items())[:most])
    wanted = announced(days)
    with tempfile.TemporaryDirectory() as folder:
        async with await open_storage(f"sqlite:///{folder}/papers.db") as storage:
            began = time.perf_counter()
            gc.freeze()
            first = await replayed(storage, days)
            took = time.perf_counter() - began
            print(*first.lines, sep="\n")
            print(f"{first.total:,} new of {len(wanted):,} announced, {took:.1f} s")
            before = await accounts(storage)
            second = await replayed(storage, days)
            after = await accounts(storage)
    states = Counter(each.state.value for each in before)
    print("feed days:", ", ".join(f"{count} {state}" for state, count in states.most_common()))
    same = [(each.received, each.new, each.state) for each in before] == [
        (each.received, each.new, each.state) for each in after
    ]
    print(f"again: {second.total} new, accounts {'the same' if same else 'changed'}")
    print(f"event loop lag: {first.lag}")
    if len(days) < 2:
        return 0
    seconds, lag, received = await timed_day(days)
    print(f"a day of {received:,} items: {seconds:.2f} s, event loop lag {lag}")
    return 0 if first.total == len(wanted) and not second.total and same else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    parser.add_argument("--days", type=int, default=20)
    asked = parser.parse_args()
    sys.exit(asyncio.run(main(asked.archive, asked.days)))
