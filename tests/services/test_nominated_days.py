"""What people nominate becomes papers of the day: in the order of the line, approved ones alone, each once."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.nominations import NominationState, Step
from bot.domain.papers import KnownPaper
from bot.domain.schedules import DailyPost, Origin, Schedule
from bot.interfaces import Storage
from bot.services.nominating import Nominating
from bot.services.picking import Picking
from tests.storage.shelf import NOW, number, paper, put

HERE, CHANNEL, ANYBODY, MODERATOR = 1, 10, 5, 6
LONG_AGO = datetime(2001, 1, 5, tzinfo=UTC)
SCHEDULE = Schedule(guild_id=HERE, channel_id=CHANNEL, created_by=MODERATOR, created_at=NOW, planned_through=NOW.date())


async def shelved(storage: Storage, *titles: str) -> list[KnownPaper]:
    """Papers too old to be picked as new."""
    ids = [f"arxiv:0101.{at:04d}" for at, _ in enumerate(titles, 1)]
    for title, each in zip(titles, ids, strict=True):
        await put(storage, replace(paper(title, each), published_at=LONG_AGO))
    return list(await storage.get_papers([await number(storage, each) for each in ids]))


async def next_in_line(storage: Storage, *, guild_id: int = HERE) -> str | None:
    picking = Picking(storage, lambda: [])
    picked = await picking.pick(replace(SCHEDULE, guild_id=guild_id), NOW.date(), now=NOW)
    assert picked is None or picked.origin is Origin.QUEUE
    return picked.paper.paper.title if picked else None


async def chosen(storage: Storage, known: KnownPaper) -> None:
    """Let a paper be that of this date."""
    post = DailyPost(
        channel_id=CHANNEL, on=NOW.date(), guild_id=HERE, planned_at=NOW, paper_id=known.id, origin=Origin.QUEUE
    )
    async with storage.write() as transaction:
        await transaction.add_daily_posts([post])


async def test_days_go_by_the_line_and_what_was_chosen_leaves_it(storage: Storage) -> None:
    looms, quilts = await shelved(storage, "Looms", "Quilts")
    people = Nominating(storage, lambda: NOW)
    for each in (looms, quilts):
        made = await people.nominate(each, guild_id=HERE, person_id=ANYBODY, may_decide=False)
    assert await next_in_line(storage) == "Looms"
    await people.move(made.nomination.id, Step.UP, guild_id=HERE)
    assert await next_in_line(storage) == "Quilts"
    assert await next_in_line(storage, guild_id=HERE + 1) is None
    await chosen(storage, quilts)
    assert [each.paper.id for each in (await people.line(HERE)).waiting] == [looms.id]
    assert await next_in_line(storage) == "Looms"


async def test_only_what_is_approved_and_still_in_line_has_its_day(storage: Storage) -> None:
    looms, quilts = await shelved(storage, "Looms", "Quilts")
    await storage.put_server(replace(await storage.get_server(HERE), approves_nominations=True))
    people = Nominating(storage, lambda: NOW)
    first, second = [
        (await people.nominate(each, guild_id=HERE, person_id=ANYBODY, may_decide=False)).nomination
        for each in (looms, quilts)
    ]
    assert first.state is NominationState.PROPOSED
    assert await next_in_line(storage) is None
    await people.approve(second.id, guild_id=HERE, person_id=MODERATOR)
    await people.reject(first.id, guild_id=HERE, person_id=MODERATOR)
    assert await next_in_line(storage) == "Quilts"
    await people.remove(second.id, guild_id=HERE, person_id=MODERATOR, may_decide=True)
    assert await next_in_line(storage) is None
