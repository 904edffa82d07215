"""Schedules of papers of the day, their drafts, and what became of each date."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from bot.domain.daily_messages import daily_post_key
from bot.domain.deliveries import DeliveryKind
from bot.domain.outcomes import Delivered
from bot.domain.recaps import Recap
from bot.domain.schedules import DailyPost, Fallback, Origin, Schedule, ScheduleDraft, SkipReason
from bot.interfaces import Storage
from storage.daily_schema import nominations, votes
from storage.sql import SqlStorage
from tests.storage.owing import NOW as SENT_AT
from tests.storage.owing import claim, owed, record
from tests.storage.shelf import number, paper, put

NOW = datetime(2026, 5, 26, 7, tzinfo=UTC)
TODAY = date(2026, 5, 26)
GUILD, OTHER_GUILD, CHANNEL, PERSON = 1, 2, 10, 20
WHOLE = Schedule(
    guild_id=GUILD,
    channel_id=CHANNEL,
    at=8 * 60 + 30,
    zone="Europe/Berlin",
    weekdays=frozenset({0, 2, 4}),
    query="cat:cs.CL",
    fallback=Fallback.SILENCE,
    has_thread=True,
    role_id=5,
    is_pinned=True,
    is_silent=False,
    recap_weekday=4,
    recapped_through=TODAY,
    created_by=PERSON,
    created_at=NOW,
    planned_through=TODAY,
)


async def test_a_schedule_is_kept_whole_and_once_a_channel(storage: Storage) -> None:
    async with storage.write() as transaction:
        first = await transaction.put_schedule(WHOLE)
    async with storage.write() as transaction:
        before = TODAY - timedelta(days=3)
        came = DailyPost(channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, skipped=SkipReason.ASKED)
        to_come = replace(came, on=TODAY + timedelta(days=1))
        await transaction.add_daily_posts([came, to_come])
        changed = await transaction.put_schedule(replace(WHOLE, at=60, planned_through=before, recapped_through=before))
    assert first == replace(WHOLE, id=first.id)
    assert changed == replace(first, at=60), "no date is planned twice"
    assert await storage.list_schedules() == [changed]
    assert await storage.list_schedules(guild_id=OTHER_GUILD) == []
    assert await storage.get_schedule(CHANNEL, guild_id=OTHER_GUILD) is None


async def test_listing_all_schedules_holds_nobody_up(storage: Storage) -> None:
    async with storage.write() as transaction:
        for channel in range(1, 251):
            await transaction.put_schedule(replace(WHOLE, channel_id=channel, recapped_through=None, role_id=None))
    taken = []
    for _ in range(5):
        begun = time.thread_time()
        assert len(await storage.list_schedules(guild_id=GUILD)) == 250
        taken.append(time.thread_time() - begun)
    assert min(taken) < 0.004, "thousands of channels may have one, and all are looked at each minute"


async def test_a_stopped_schedule_is_remembered_and_not_listed(storage: Storage) -> None:
    async with storage.write() as transaction:
        kept = await transaction.put_schedule(replace(WHOLE, stopped_at=NOW))
    assert await storage.list_schedules() == []
    assert await storage.get_schedule(CHANNEL, guild_id=GUILD) == kept


async def test_the_watermark_never_goes_back(storage: Storage) -> None:
    async with storage.write() as transaction:
        kept = await transaction.put_schedule(WHOLE)
        await transaction.plan_through(kept.id, TODAY + timedelta(days=2))
        await transaction.plan_through(kept.id, TODAY + timedelta(days=1))
        await transaction.recap_through(kept.id, TODAY + timedelta(days=5))
        await transaction.recap_through(kept.id, TODAY)
    [found] = await storage.list_schedules()
    assert found.planned_through == TODAY + timedelta(days=2)
    assert found.recapped_through == TODAY + timedelta(days=5)


async def test_a_recap_becomes_one_thing_only(storage: Storage) -> None:
    told = Recap(channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, papers=5)
    skipped = replace(told, on=TODAY + timedelta(days=7), papers=0, skipped=SkipReason.OUTAGE)
    async with storage.write() as transaction:
        assert await transaction.add_recap(told)
        assert not await transaction.add_recap(replace(told, papers=0, skipped=SkipReason.OUTAGE))
        assert await transaction.add_recap(skipped)
    assert await storage.list_recaps(CHANNEL, guild_id=GUILD, limit=9) == [skipped, told]
    assert await storage.list_recaps(CHANNEL, guild_id=GUILD, limit=1) == [skipped]
    assert await storage.list_recaps(CHANNEL, guild_id=OTHER_GUILD, limit=9) == []
    assert await storage.last_recap(CHANNEL) == TODAY
    assert await storage.last_recap(CHANNEL + 1) is None


async def test_a_date_becomes_one_thing_only(storage: Storage) -> None:
    paper = DailyPost(
        channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, paper_id=7, origin=Origin.PICK, because="Read it."
    )
    skip = DailyPost(channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, skipped=SkipReason.OUTAGE)
    async with storage.write() as transaction:
        assert await transaction.add_daily_posts([paper, skip]) == [paper]
        asked = replace(paper, number=await transaction.next_number(CHANNEL, TODAY), paper_id=8, origin=Origin.ASKED)
        assert await transaction.add_daily_posts([asked, skip]) == [asked]
    posts = await storage.list_daily_posts(CHANNEL, guild_id=GUILD, since=TODAY, until=TODAY)
    assert posts == [asked, paper]
    assert await storage.list_daily_posts(CHANNEL, guild_id=OTHER_GUILD, since=TODAY, until=TODAY) == []
    assert await storage.papers_given(CHANNEL) == {7, 8}


async def test_a_skip_can_be_taken_back_but_nothing_else(storage: Storage) -> None:
    tomorrow = TODAY + timedelta(days=1)
    skip = DailyPost(
        channel_id=CHANNEL, on=tomorrow, guild_id=GUILD, planned_at=NOW, skipped=SkipReason.ASKED, person_id=PERSON
    )
    outage = replace(skip, on=TODAY, skipped=SkipReason.OUTAGE)
    async with storage.write() as transaction:
        await transaction.add_daily_posts([skip, outage])
        assert not await transaction.remove_skip(CHANNEL, tomorrow, guild_id=OTHER_GUILD)
        assert await transaction.remove_skip(CHANNEL, tomorrow, guild_id=GUILD)
        assert not await transaction.remove_skip(CHANNEL, TODAY, guild_id=GUILD)
    assert await storage.list_daily_posts(CHANNEL, guild_id=GUILD, since=TODAY, until=tomorrow) == [outage]


async def test_a_draft_is_its_makers_alone_and_for_a_day(storage: Storage) -> None:
    draft = ScheduleDraft(person_id=PERSON, made_at=NOW, schedule=WHOLE)
    async with storage.write() as transaction:
        number = await transaction.add_schedule_draft(draft)

    async def found(person: int = PERSON, guild: int = GUILD, later: timedelta = timedelta()) -> ScheduleDraft | None:
        return await storage.get_schedule_draft(number, guild_id=guild, person_id=person, now=NOW + later)

    assert await found() == replace(draft, id=number)
    assert await found(person=21) is None
    assert await found(guild=OTHER_GUILD) is None
    assert await found(later=timedelta(days=1, seconds=1)) is None


async def test_what_was_chosen_nominated_and_voted_for_is_the_surviving_papers(storage: SqlStorage) -> None:
    await put(storage, paper("On Looms", "arxiv:2605.00001"), paper("On Looms, Once More", "doi:10.1/1"))
    stays, goes = await number(storage, "arxiv:2605.00001"), await number(storage, "doi:10.1/1")
    chosen = DailyPost(channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, paper_id=goes, origin=Origin.PICK)
    line = {"person_id": PERSON, "made_at": NOW, "state": "queued", "place": 1}
    async with storage.write() as transaction:
        await transaction.add_daily_posts([chosen])
    async with storage._database.write() as connection:
        for guild, numbers in ((GUILD, [stays, goes]), (OTHER_GUILD, [goes])):
            for each in numbers:
                await connection.execute(insert(nominations).values(guild_id=guild, paper_id=each, **line))
                await connection.execute(
                    insert(votes).values(guild_id=guild, paper_id=each, person_id=PERSON, voted_at=NOW)
                )
    await put(storage, paper("On Looms", "arxiv:2605.00001", "doi:10.1/1"))
    left = await number(storage, "doi:10.1/1")
    assert left == await number(storage, "arxiv:2605.00001")
    assert await storage.papers_given(CHANNEL) == {left}
    async with storage._database.read() as connection:
        for table in (nominations, votes):
            rows = (await connection.execute(select(table.c.guild_id, table.c.paper_id))).all()
            assert sorted(map(tuple, rows)) == [(GUILD, left), (OTHER_GUILD, left)]


async def test_whoever_set_it_up_hears_of_what_is_wrong_with_its_channel(storage: Storage) -> None:
    async with storage.write() as transaction:
        await transaction.put_schedule(WHOLE)
    assert (await storage.whom_to_tell(CHANNEL, guild_id=GUILD)).person_id == PERSON
    assert (await storage.whom_to_tell(CHANNEL + 1, guild_id=GUILD)).person_id is None


async def test_the_papers_of_a_channel_are_found_with_how_their_messages_stand(storage: Storage) -> None:
    posts = [
        DailyPost(channel_id=CHANNEL, on=TODAY + timedelta(days=each), guild_id=GUILD, planned_at=NOW, paper_id=each)
        for each in range(1, 4)
    ]
    skip = DailyPost(channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, skipped=SkipReason.OUTAGE)
    keys = [daily_post_key(CHANNEL, each.on, 0) for each in posts]
    async with storage.write() as transaction:
        await transaction.add_daily_posts([*posts, skip])
        await transaction.add_deliveries([owed(each, CHANNEL, GUILD, kind=DeliveryKind.DAILY) for each in keys])
    assert await storage.count_daily_papers(CHANNEL, guild_id=GUILD) == 3
    assert await storage.count_daily_papers(CHANNEL, guild_id=OTHER_GUILD) == 0
    found = await storage.list_daily_papers(CHANNEL, guild_id=GUILD, limit=2, offset=1)
    assert [each.paper_id for each in found] == [2, 1]
    assert await storage.newest_daily_message(CHANNEL) is None
    for message in (71, 72):
        [claimed] = await claim(storage, now=SENT_AT)
        await record(storage, claimed, Delivered(message_id=message), now=SENT_AT)
    assert await storage.newest_daily_message(CHANNEL) == 72
    states = await storage.get_daily_deliveries([*keys, "daily:10:2020-01-01"], guild_id=GUILD)
    assert [states[each].state for each in keys] == ["sent", "sent", "owed"]
    assert await storage.get_daily_deliveries(keys, guild_id=OTHER_GUILD) == {}
