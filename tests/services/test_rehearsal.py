"""Rehearsals of stored papers: they bring what previews promise and what following owes, and write nothing."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain.arranging import is_quiet
from bot.domain.deliveries import DeliveryKind, DeliveryState, Timing, topic_key
from bot.domain.digests import digest_key
from bot.domain.outcomes import Delivered, settle
from bot.domain.papers import FoundPaper, KnownPaper, paper_from
from bot.domain.parsing import parse_query
from bot.domain.posting import Cadence, Posting
from bot.domain.posts import post_from
from bot.domain.query import Query
from bot.domain.rehearsing import Rehearsed
from bot.domain.rhythms import Rhythm
from bot.domain.subscriptions import NewSubscription, Subscription
from bot.interfaces import Batch, Storage
from bot.services.digests import Digests
from bot.services.ingest import Ingest
from bot.services.previews import Previews
from bot.services.rehearsal import Played, rehearse, titles_of
from bot.services.why import Why
from storage import open_storage
from storage.schema import deliveries
from storage.sql import SqlStorage
from tests.domain.test_rehearsing import check
from tests.domain.topics import chosen_posting, new_topic
from tests.empty import empty_database
from tests.lab import found_paper
from tests.real import real_found, real_queries
from tests.storage.shelf import paper, put
from tests.supply import Clock, NoHttp, Supply

FIRST = date(2026, 6, 1)
A_DAY = timedelta(days=1)
WORDS = ("graph", "network", "deep", "learning", "diffusion", "model", "survey", "loom", "thread", "sparse")


async def follow(storage: Storage, *topics: NewSubscription) -> list[Subscription]:
    async with storage.write() as transaction:
        for each in topics:
            assert await transaction.add_subscription(each, most=50, now=datetime(2026, 5, 1, tzinfo=UTC))
    return await storage.list_subscriptions()


async def play(storage: Storage, days: int = 1, **only: int) -> Played:
    return await rehearse(storage, first=FIRST, last=FIRST + (days - 1) * A_DAY, **only)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(FIRST + day * A_DAY, time(hour, minute), UTC)


async def test_each_channel_is_told_what_it_would_get_and_when(storage: SqlStorage) -> None:
    await follow(
        storage,
        new_topic("graph", channel=1, posting=Posting(most_per_day=1)),
        new_topic("loom after:2d", channel=2, posting=Posting(cadence=Cadence.DAILY)),
    )
    graphs = [paper(f"Graph {number}", f"arxiv:2606.0000{number}") for number in (1, 2)]
    fresh, stale = (paper(f"{each} looms", published_at=at(0) - ago * A_DAY) for each, ago in (("New", 1), ("Old", 9)))
    await put(storage, *graphs, now=at(0, 8))
    await put(storage, fresh, stale, now=at(0, 10))
    await put(storage, paper("Graph of the day after", "arxiv:2606.00009"), now=at(1, 0))
    done = await play(storage, 1)
    titles = await titles_of(storage, done.messages)
    assert [(each.at, each.topic.channel_id, [titles[one] for one in each.papers]) for each in done.messages] == [
        (at(0, 8), 1, ["Graph 1"]),
        (at(0, 9), 1, ["Graph 2"]),
    ]
    assert [each.waiting for each in done.accounts] == [0, 1]
    assert done.papers == 4
    assert [each.topic.channel_id for each in (await play(storage, 2, channel_id=2)).messages] == [2]
    assert (await play(storage, 2, guild_id=5)).accounts == ()


async def test_a_topic_that_cannot_be_read_is_named_and_the_others_go_on(storage: SqlStorage) -> None:
    await follow(storage, new_topic("nowhere:graph", channel=1), new_topic("graph", channel=1))
    await put(storage, paper("Graph", "arxiv:2606.00001"), now=at(0, 8))
    done = await play(storage)
    assert [each.query for each in done.unreadable] == ["nowhere:graph"]
    assert len(done.messages) == 1


def made_up(chance: Random, number: int) -> FoundPaper:
    title = " ".join(chance.sample(WORDS, 3))
    return found_paper(
        title=f"{title} {number}",
        abstract=" ".join(chance.choices(WORDS, k=5)),
        authors=(f"{chance.choice(WORDS)} {chance.choice(WORDS)}",),
        categories=(chance.choice(("cs.LG", "cs.CL", "stat.ML")),),
        ids=(f"2606.{number:05}",),
        published_at=at(chance.randrange(-20, 30)),
    )


def asked(chance: Random, papers: Sequence[FoundPaper]) -> Query:
    words = chance.sample(WORDS, 2)
    shapes = (
        "{0}", "{0} {1}", "{0} OR {1}", "{0} -{1}", '"{0} {1}"', "title:{0}", "cat:cs.*", "{0} after:7d",
        "cat:cs.LG -{1}", "author:{0}", "({0} OR {1}) cat:stat.ML", f"id:{chance.choice(papers).ids[0]}",
    )  # fmt: skip
    return parse_query(chance.choice(shapes).format(*words))


async def replayed(
    storage: Storage, batches: Mapping[datetime, Sequence[FoundPaper]], *, with_digests: bool = False
) -> None:
    """Let a source bring each batch at its time; digests are looked after every six hours, for a week longer.

    What is owed is there at once.
    """
    clock = Clock()
    shelf = [[Batch(found=tuple(found))] for found in batches.values()]
    ingest = Ingest(storage, NoHttp(), [Supply({"days": shelf}, rhythm=Rhythm.STEADY)], clock=clock)
    digests = Digests(storage, clock)
    looks = {at(0) + timedelta(hours=6 * each) for each in range(4 * 38)} if with_digests else set[datetime]()
    for clock.now in sorted(looks | batches.keys()):
        while clock.now in looks and await digests.run_due():
            await post_all(storage, clock.now)
        if clock.now in batches:
            await ingest.run()
            await post_all(storage, clock.now)


async def post_all(storage: Storage, now: datetime) -> None:
    """Post whatever is owed."""
    while claims := await storage.claim_deliveries(now=now, timing=Timing(), limit=1_000):
        for each in claims:
            settled = settle(each, Delivered(message_id=each.id), now, Timing(), chance=0)
            await storage.record_delivery(each, settled, now=now, timing=Timing())


async def month(
    storage: Storage,
    chance: Random,
    *,
    topics: int,
    made: int = 80,
    one_by_one: bool = False,
    with_digests: bool = False,
    real: Sequence[FoundPaper] = (),
) -> None:
    """Thirty days of these papers, else of so many made up, and so many topics in a few channels of two servers."""
    papers = list(real) or [made_up(chance, number) for number in range(made)]
    wanted = real_queries([paper_from(each) for each in real], topics, chance) if real else None
    queries = wanted or [asked(chance, papers) for _ in range(topics)]
    chosen = {(number % 4, str(each)) for number, each in enumerate(queries)}
    await follow(
        storage,
        *(
            new_topic(query, channel=10 + at, guild=1 + at % 2, posting=chosen_posting(chance))
            for at, query in sorted(chosen)
        ),
    )
    count = len(papers) if one_by_one else 30
    hours = sorted(chance.sample(range(24 * 30), count))
    cuts = sorted(chance.sample(range(1, len(papers)), count - 1))
    parts = [papers[start:end] for start, end in zip([0, *cuts], [*cuts, len(papers)], strict=True)]
    batches = {at(0) + timedelta(hours=hour): part for hour, part in zip(hours, parts, strict=True)}
    await replayed(storage, batches, with_digests=with_digests)


@pytest.fixture
async def after_a_month(tmp_path: Path) -> AsyncIterator[SqlStorage]:
    """What is kept after thirty days of made-up papers, one by one, for fifty topics; digests came a week longer."""
    path = tmp_path / "month.db"
    path.touch(mode=0o600)
    path.write_bytes(_after_a_month())
    async with await open_storage(f"sqlite:///{path}") as opened:
        yield opened


@cache
def _after_a_month() -> bytes:
    """The database of that: many thousand statements, so that it is made once."""

    async def made(url: str) -> None:
        async with await open_storage(url) as opened:
            await month(opened, Random(2), topics=50, made=40, one_by_one=True, with_digests=True)

    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as another:  # an event loop may run in this thread
        path = Path(folder) / "month.db"
        another.submit(asyncio.run, made(empty_database(path))).result()
        return path.read_bytes()


async def test_what_a_preview_promises_is_what_is_rehearsed_and_what_is_owed(after_a_month: SqlStorage) -> None:
    storage = after_a_month
    topics = await storage.list_subscriptions()
    previews = Previews(storage, lambda: at(29, 23))
    promised = {each.id: await previews.count(parse_query(each.query), "UTC") for each in topics}
    done = await play(storage, 30)
    rehearsed = {each.topic.id: each.matched for each in done.accounts}
    assert rehearsed == promised
    delivered = Counter[int]()
    for known in await every_paper(storage):
        for guild in (1, 2):
            found = await storage.whereabouts(known.id, guild_id=guild, topics=[each.id for each in topics])
            delivered.update(each.id for each in topics if each.guild_id == guild and found.is_matched(each.id))
    assert delivered == Counter({number: count for number, count in rehearsed.items() if count})
    assert sum(rehearsed.values()) > 200


async def test_what_is_rehearsed_is_owed_message_by_message_and_digest_by_digest(after_a_month: SqlStorage) -> None:
    storage = after_a_month
    done = await play(storage, 37)
    owed = await storage.list_deliveries(list(DeliveryState), limit=10_000)
    posts = {(topic_key(each.topic.id, each.papers[0]), each.at) for each in done.messages if not each.is_digest}
    assert posts == {(each.key, each.not_before) for each in owed if each.kind is DeliveryKind.TOPIC}
    digests = {_key(each): each for each in done.messages if each.is_digest}
    assert digests.keys() == {each.key for each in owed if each.kind is DeliveryKind.DIGEST}
    for key, each in digests.items():
        brought = await storage.list_brought(each.topic.id, key, guild_id=each.topic.guild_id)
        assert len(brought) == each.count
        assert set(each.papers) <= set(brought)
    assert min(len(posts), len(digests)) > 50


def _key(digest: Rehearsed) -> str:
    return digest_key(digest.topic.id, digest.at.astimezone(ZoneInfo(digest.topic.posting.zone)).date())


async def test_thirty_days_of_fifty_topics_pass_no_limit_ping_no_other_role_and_bring_nothing_twice(
    after_a_month: SqlStorage,
) -> None:
    await check_what_was_owed(after_a_month)


async def test_so_do_thirty_days_of_real_papers(storage: SqlStorage) -> None:
    await month(storage, Random(6), topics=50, with_digests=True, real=real_found(130, every=100))
    await check_what_was_owed(storage)


async def check_what_was_owed(storage: SqlStorage) -> None:
    """No limit was passed, no other role pinged and nothing brought twice, in what was owed and in a rehearsal."""
    topics = {each.id: each for each in await storage.list_subscriptions()}
    async with storage._database.read() as connection:
        rows = (await connection.execute(select(deliveries).order_by(deliveries.c.id))).all()
    days, got, kinds = Counter[tuple[str, int, date]](), Counter[tuple[int, int]](), Counter[str]()
    for row in rows:
        topic, post = topics[int(row.key.split(":")[1])], post_from(row.payload)
        local = row.not_before.astimezone(ZoneInfo(topic.posting.zone))
        kinds[row.kind] += 1
        days[row.kind, topic.id, local.date()] += 1
        most = topic.posting.most_per_day if row.kind == DeliveryKind.TOPIC else 1
        assert days[row.kind, topic.id, local.date()] <= most
        assert row.kind == DeliveryKind.DIGEST or not is_quiet(topic.posting, row.not_before)
        assert post.role_id == topic.posting.role_id
        again = {each.paper_id for each in post.posted}
        got.update((row.channel_id, each.id) for each in post.papers if each.id not in again)
    assert max(got.values()) == 1
    assert min(kinds.values()) > 30
    done = await play(storage, 30)
    check(list(done.messages))
    assert sum(each.elsewhere for each in done.accounts) > 30


async def test_why_agrees_with_what_was_owed_for_every_paper_and_topic(storage: SqlStorage) -> None:
    await month(storage, Random(7), topics=10, made=40)
    topics, papers = await storage.list_subscriptions(), await every_paper(storage)
    tells, pairs = Why(storage, lambda: at(30)), 0
    for known in papers:
        for guild in (1, 2):
            told = await tells.tell(known, guild_id=guild, channel_id=None, may_see=lambda _: True)
            mine = [each.id for each in topics if each.guild_id == guild]
            on_record = await storage.whereabouts(known.id, guild_id=guild, topics=mine)
            assert sorted(each.topic.id for each in told.topics) == mine
            for each in told.topics:
                assert each.explanation is not None
                assert each.explanation.is_matched == on_record.is_matched(each.topic.id) == each.is_matched
                pairs += 1
    assert pairs == len(papers) * len(topics)


async def test_a_rehearsal_writes_nothing_and_says_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "papers.db"
    async with await open_storage(empty_database(path)) as storage:
        await month(storage, Random(8), topics=10, made=40)
        with closing(sqlite3.connect(path)) as watcher:
            (before,) = watcher.execute("PRAGMA data_version").fetchone()
            first, second = await play(storage, 30), await play(storage, 30)
            assert watcher.execute("PRAGMA data_version").fetchone() == (before,), "nobody has committed anything"
    assert first == second
    assert first.messages


async def every_paper(storage: SqlStorage) -> list[KnownPaper]:
    arrived = await storage.list_arrivals(since=at(-1), until=at(31))
    return await storage.get_papers([each.paper_id for each in arrived])
