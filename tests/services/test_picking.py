"""Which paper a channel gets on a date, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.analysis import prepare
from bot.domain.nominations import Nomination, NominationState
from bot.domain.papers import FoundPaper, paper_from
from bot.domain.picks import Picked
from bot.domain.promise import ENOUGH
from bot.domain.rhythms import Rhythm
from bot.domain.schedules import DailyPost, Fallback, Origin, Schedule, SkipReason
from bot.domain.upvotes import UpvoteCount
from bot.interfaces import Batch, Storage
from bot.services.ingest import Ingest
from bot.services.picking import Picking
from bot.shelf import starter_shelf
from tests.lab.papers import found_paper
from tests.supply import Clock, NoHttp, Supply

NOW = datetime(2026, 5, 26, 9, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
GUILD, CHANNEL = 1, 10


def schedule(query: str = "", fallback: Fallback = Fallback.SHELF, channel: int = CHANNEL) -> Schedule:
    return Schedule(
        guild_id=GUILD,
        channel_id=channel,
        query=query,
        fallback=fallback,
        created_by=20,
        created_at=NOW,
        planned_through=date(2026, 5, 25),
    )


def classics() -> list[FoundPaper]:
    titles = ("A Classic of Parsing", "A Classic of Vision")
    return [
        found_paper(title=each, ids=(f"9901.{number:05d}",), published_at=datetime(1999, 1, 1, tzinfo=UTC))
        for number, each in enumerate(titles)
    ]


def listed(number: int, votes: int, *, on: date = TODAY - DAY, **told: object) -> FoundPaper:
    plain: dict[str, object] = {"title": f"Paper {number}", "ids": (f"2605.{number:05d}",)}
    published = datetime(on.year, on.month, on.day, tzinfo=UTC) - DAY
    return found_paper(**(plain | {"upvotes": votes, "published_at": published} | told))


async def shelve(storage: Storage, found: Sequence[FoundPaper], *, on: date = TODAY - DAY) -> list[int]:
    """Put papers of one day's list, with their votes; their numbers."""
    papers = [paper_from(each) for each in found]
    async with storage.write() as transaction:
        seen = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
        put = await transaction.put_papers([prepare(each) for each in papers], now=seen)
        counts = [
            UpvoteCount(paper_id=each.paper_id, on=on, upvotes=paper.upvotes)
            for each, paper in zip(put, papers, strict=True)
            if paper.upvotes is not None
        ]
        await transaction.put_upvotes(counts)
    return [each.paper_id for each in put]


async def post(storage: Storage, picked: Picked | None, on: date, channel: int = CHANNEL) -> None:
    """Let this have become of a date."""
    row = DailyPost(channel_id=channel, on=on, guild_id=GUILD, planned_at=NOW, skipped=SkipReason.NOTHING)
    if picked:
        row = replace(row, paper_id=picked.paper.id, origin=picked.origin, because=picked.because, skipped=None)
    async with storage.write() as transaction:
        await transaction.add_daily_posts([row])


async def nominate(storage: Storage, number: int, person: int = 7) -> None:
    made = Nomination(
        guild_id=GUILD, paper_id=number, person_id=person, made_at=NOW, state=NominationState.QUEUED, place=1
    )
    async with storage.write() as transaction:
        await transaction.put_nomination(made)


async def vote(storage: Storage, number: int, *people: int, guild: int = GUILD) -> None:
    async with storage.write() as transaction:
        for each in people:
            await transaction.toggle_vote(guild, number, each, now=NOW)


async def test_people_here_lift_what_they_like_and_nobody_their_own(storage: Storage) -> None:
    picking = Picking(storage, classics)
    one, two, three = await shelve(storage, [listed(1, 60), listed(2, 25), listed(3, 30)])
    await vote(storage, two, 7, 8, 9, 10, 11)
    await vote(storage, three, *range(20, 40), guild=GUILD + 1)
    first = await picking.pick(schedule(), TODAY, now=NOW)
    assert first
    assert (first.paper.id, first.because) == (two, "25 votes on Hugging Face; 5 people here voted.")
    await vote(storage, two, 8, 9, 10, 11)  # taken back
    await nominate(storage, two, 7)
    second = await picking.pick(schedule(), TODAY, now=NOW)
    assert second
    assert second.paper.id == one, "35 with the nomination, and nothing for the nominator's own vote"


async def test_with_nothing_new_it_is_a_classic_the_channel_has_not_had(storage: Storage) -> None:
    picking = Picking(storage, starter_shelf)
    first = await picking.pick(schedule(), TODAY, now=NOW)
    assert first is not None
    assert first.origin is Origin.SHELF
    assert first == await picking.pick(schedule(), TODAY, now=NOW), "the same inputs, the same pick"
    assert await storage.count_papers() == 1, "only what may be posted is kept"
    assert not await storage.list_arrivals(since=NOW - 9 * DAY, until=NOW + DAY), "and is no news"
    await post(storage, first, TODAY)
    second = await picking.pick(schedule(), TODAY + DAY, now=NOW + DAY)
    assert second is not None
    assert second.paper != first.paper


async def test_a_pick_then_the_line_then_a_classic_then_silence(storage: Storage) -> None:
    picking = Picking(storage, classics)
    many, few = await shelve(storage, [listed(1, 40), listed(2, 3)])
    (proposed,) = await shelve(storage, [found_paper(title="Proposed", ids=("2001.00001",))], on=date(2020, 1, 5))
    await nominate(storage, proposed)
    await vote(storage, proposed, 7, 8)
    seen = []
    for number in range(6):
        picked = await picking.pick(schedule(), TODAY, now=NOW)
        seen.append(picked and (picked.origin, picked.paper.paper.title, picked.because))
        await post(storage, picked, TODAY + number * DAY)
    assert seen == [
        (Origin.PICK, "Paper 1", "40 votes on Hugging Face."),
        (Origin.QUEUE, "Proposed", "Next in line of what people here nominated; 1 person here voted."),
        (Origin.SHELF, "A Classic of Parsing", "A classic, for nothing new stood out."),
        (Origin.SHELF, "A Classic of Vision", "A classic, for nothing new stood out."),
        None,
        None,
    ]
    elsewhere = await picking.pick(schedule(channel=CHANNEL + 1), TODAY, now=NOW)
    assert elsewhere
    assert elsewhere.paper.id == many
    avoided = await picking.pick(schedule(channel=CHANNEL + 1), TODAY, now=NOW, avoiding=[many])
    assert avoided
    assert avoided.origin is Origin.SHELF, "what was chosen for any channel of the server is in line no more"
    assert few


async def test_silence_where_the_server_prefers_it(storage: Storage) -> None:
    assert await Picking(storage, starter_shelf).pick(schedule(fallback=Fallback.SILENCE), TODAY, now=NOW) is None


async def test_a_query_chooses_among_new_papers_and_classics(storage: Storage) -> None:
    picking = Picking(storage, classics)
    await shelve(storage, [listed(1, 90), listed(2, 2, abstract="About parsing.")])
    first = await picking.pick(schedule("parsing"), TODAY, now=NOW)
    assert first
    assert first.paper.paper.title == "Paper 2", "few votes are enough where a channel chose what it wants"
    await post(storage, first, TODAY)
    second = await picking.pick(schedule("parsing"), TODAY, now=NOW)
    assert second
    assert second.paper.paper.title == "A Classic of Parsing"
    await post(storage, second, TODAY + DAY)
    assert await picking.pick(schedule("parsing"), TODAY, now=NOW) is None


async def test_votes_that_are_not_in_yet_are_foreseen(storage: Storage) -> None:
    """Papers of one team drew ten times the votes of another's: a new one of theirs is picked before it has any."""
    for day in range(ENOUGH // 10):
        on = TODAY - (day + 9) * DAY
        some = [
            listed(10 * day + each, 80 if each % 2 else 8, on=on, authors=("Ada Loved",) if each % 2 else ("Bo Plain",))
            for each in range(10)
        ]
        await shelve(storage, some, on=on)
    new = [
        listed(901, 0, on=TODAY, authors=("Bo Plain",), title="By Bo"),
        listed(902, 0, on=TODAY, authors=("Ada Loved",), title="By Ada"),
    ]
    await shelve(storage, new, on=TODAY)
    picking = Picking(storage, classics)
    picked = await picking.pick(schedule(), TODAY, now=NOW)
    assert picked
    assert picked.paper.paper.title == "By Ada"
    assert picked.because.startswith(
        "No votes yet, but it promises the most of 2 new papers, for what its authors' earlier papers got"
    )
    assert picked == await Picking(storage, classics).pick(schedule(), TODAY, now=NOW), "also after a restart"


async def test_the_growth_of_votes_is_seen_as_lists_are_read_again(storage: Storage) -> None:
    clock = Clock(NOW - DAY)
    fetches = [[Batch(found=(listed(1, votes), listed(2, 31)), day=TODAY - DAY)] for votes in (15, 35)]
    supply = Supply({"daily": fetches}, rhythm=Rhythm.WEEKDAY_LIST)
    ingest = Ingest(storage, NoHttp(), [supply], clock=clock)
    await ingest.run()
    clock.now = NOW
    await ingest.run_due()
    picked = await Picking(storage, classics).pick(schedule(), TODAY, now=NOW)
    assert picked
    assert picked.because == "+20 votes since yesterday, 35 in all."
