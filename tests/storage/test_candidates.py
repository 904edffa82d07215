"""What may be picked as a paper of the day, what one learns from, and what a channel had already."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import topic_key
from bot.domain.parsing import parse_query
from bot.domain.picks import Candidate
from bot.domain.schedules import DailyPost, Origin
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Storage
from tests.storage.owing import owe, owed
from tests.storage.shelf import paper, put

NOW = datetime(2026, 5, 26, 9, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
WEEK_AGO = NOW - 7 * DAY
GUILD, OTHER_GUILD, CHANNEL = 1, 2, 10


async def shelve(storage: Storage, number: int, *, seen: datetime = NOW - DAY, **told: object) -> int:
    """Put one paper that was published a few days ago; its number."""
    made = paper(f"Paper {number}", f"arxiv:2605.{number:05d}", published_at=seen - 2 * DAY, **told)
    await put(storage, made, now=seen)
    found = await storage.find_paper(made.ids[0])
    assert found
    return found.id


async def count(storage: Storage, number: int, **on: int) -> None:
    """Keep how its votes stood so many days ago: `d3=5` for five votes three days ago."""
    counts = [UpvoteCount(paper_id=number, on=TODAY - int(day[1:]) * DAY, upvotes=each) for day, each in on.items()]
    async with storage.write() as transaction:
        await transaction.put_upvotes(counts)


async def candidates(storage: Storage, query: str = "", guild: int = GUILD) -> dict[int, Candidate]:
    asked = parse_query(query) if query else None
    found = await storage.list_candidates(asked, guild_id=guild, since=WEEK_AGO, now=NOW)
    return {each.paper.id: each for each in found}


async def test_what_arrived_or_was_listed_lately_is_a_candidate(storage: Storage) -> None:
    arrived = await shelve(storage, 1)
    listed = await shelve(storage, 2, seen=NOW - 20 * DAY)
    await count(storage, listed, d2=7)
    long_listed = await shelve(storage, 3, seen=NOW - 20 * DAY)
    await count(storage, long_listed, d9=50, d1=90)
    await shelve(storage, 4, seen=NOW - 20 * DAY)
    await shelve(storage, 5, withdrawn=True)
    found = await candidates(storage)
    assert set(found) == {arrived, listed}
    assert (found[arrived].since, found[arrived].is_listed) == (TODAY - DAY, False)
    assert (found[listed].since, found[listed].is_listed, found[listed].votes) == (TODAY - 2 * DAY, True, 7)
    assert (found[listed].gained, found[listed].counted_on) == (0, None)


async def test_growth_is_told_where_votes_were_counted_today(storage: Storage) -> None:
    grown, still = await shelve(storage, 1), await shelve(storage, 2)
    await count(storage, grown, d4=10, d3=80, d0=200)
    await count(storage, still, d4=10, d1=80)
    found = await candidates(storage)
    assert (found[grown].votes, found[grown].gained, found[grown].counted_on) == (200, 120, TODAY - 3 * DAY)
    assert (found[still].votes, found[still].gained, found[still].counted_on) == (80, 0, None)
    assert found[grown].since == TODAY - 4 * DAY


async def test_counts_of_later_days_change_nothing(storage: Storage) -> None:
    """A pick can be made again from what was counted by its day."""
    number = await shelve(storage, 1)
    await count(storage, number, d1=5, d0=9)
    before = await candidates(storage)
    async with storage.write() as transaction:
        await transaction.put_upvotes([UpvoteCount(paper_id=number, on=TODAY + DAY, upvotes=99)])
    assert await candidates(storage) == before


async def test_old_papers_that_were_imported_or_came_late_are_none(storage: Storage) -> None:
    async with storage.write() as transaction:
        await transaction.add_import(NOW - DAY)
    await put(storage, paper("Imported", "arxiv:2301.00001", published_at=NOW - 900 * DAY), now=NOW - DAY)
    await put(storage, paper("Filled in", "arxiv:2301.00002", published_at=NOW - 900 * DAY), now=NOW - DAY / 2)
    await put(storage, paper("Imported, but new", "arxiv:2605.00003", published_at=NOW - 2 * DAY), now=NOW - DAY)
    assert [each.paper.paper.title for each in (await candidates(storage)).values()] == ["Imported, but new"]


async def test_a_query_chooses(storage: Storage) -> None:
    one = await shelve(storage, 1, abstract="We study quantum error correction.", categories=("quant-ph",))
    other = await shelve(storage, 2, abstract="We study cats.", categories=("cs.CV",))
    await count(storage, other, d1=70)
    assert set(await candidates(storage, "quantum")) == {one}
    assert set(await candidates(storage, "cat:cs.CV after:7d")) == {other}
    assert not await candidates(storage, "cat:math.AG")


async def test_what_is_voted_for_here_lately_is_a_candidate_however_old(storage: Storage) -> None:
    old, older = await shelve(storage, 1, seen=NOW - 20 * DAY), await shelve(storage, 2, seen=NOW - 200 * DAY)
    async with storage.write() as transaction:
        await transaction.toggle_vote(GUILD, old, 7, now=NOW - DAY)
        await transaction.toggle_vote(GUILD, older, 7, now=NOW - 8 * DAY)
    found = await candidates(storage)
    assert {number: each.since for number, each in found.items()} == {old: None}
    assert not await candidates(storage, guild=OTHER_GUILD)


async def test_one_learns_from_what_was_listed_before_a_day(storage: Storage) -> None:
    numbers = [await shelve(storage, each, seen=NOW - 20 * DAY) for each in range(1, 5)]
    await count(storage, numbers[0], d3=4, d2=9, d0=30)
    await count(storage, numbers[1], d5=6)
    await count(storage, numbers[2], d0=50)
    judged = await storage.list_judged(before=TODAY, limit=10)
    assert judged == [(numbers[1], 6), (numbers[0], 9)]
    assert await storage.list_judged(before=TODAY, limit=1) == [(numbers[0], 9)]


async def test_what_a_channel_had_by_any_route_is_told(storage: Storage) -> None:
    of_the_day, by_topic, in_digest, refused, elsewhere, waiting = range(101, 107)
    chosen = DailyPost(
        channel_id=CHANNEL, on=date(2025, 1, 1), guild_id=GUILD, planned_at=NOW, paper_id=of_the_day, origin=Origin.PICK
    )
    held = [
        HeldBack(
            subscription_id=3,
            paper_id=number,
            guild_id=GUILD,
            channel_id=CHANNEL,
            matched_at=NOW,
            reason=HoldReason.LIMIT,
        )
        for number in (in_digest, waiting)
    ]
    async with storage.write() as transaction:
        await transaction.add_daily_posts([chosen])
        await transaction.hold_back(held)
        await transaction.bring_held_back(3, [in_digest], key="digest:3:2026-05-25")
    await owe(
        storage,
        owed(topic_key(3, by_topic), CHANNEL, GUILD, paper_id=by_topic),
        owed(topic_key(4, elsewhere), CHANNEL + 1, GUILD, paper_id=elsewhere),
    )
    everything = range(100, 110)
    had = await storage.had_here(everything, guild_id=GUILD, channel_id=CHANNEL)
    assert had == {of_the_day, by_topic, in_digest}
    assert refused not in had
    assert await storage.had_here([by_topic], guild_id=GUILD, channel_id=CHANNEL) == {by_topic}
    assert not await storage.had_here(everything, guild_id=OTHER_GUILD, channel_id=CHANNEL + 2)
