"""Rehearsals of papers of the day: what past days would have brought, each paper once, and nothing is written."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.schedules import Fallback
from bot.interfaces import Storage
from bot.services.daily_rehearsal import rehearse_daily, rehearsed_recaps
from tests.services.test_picking import CHANNEL, GUILD, TODAY, listed, schedule, shelve


async def test_each_date_brings_another_paper_with_its_reason(storage: Storage) -> None:
    await shelve(storage, [listed(number, 50 * number) for number in range(1, 5)])
    async with storage.write() as transaction:
        await transaction.put_schedule(schedule(fallback=Fallback.SILENCE))
        await transaction.put_schedule(replace(schedule(channel=CHANNEL + 1), guild_id=GUILD + 1, zone="Asia/Tokyo"))
    told = await rehearse_daily(storage, first=TODAY, last=TODAY + timedelta(days=1), guild_id=GUILD)
    assert [each.paper.paper.title for each in told if each.paper] == ["Paper 4", "Paper 3"]
    assert all(each.because for each in told)
    assert [each.due.on for each in told] == [TODAY, TODAY + timedelta(days=1)]
    other = await rehearse_daily(storage, first=TODAY, last=TODAY, channel_id=CHANNEL + 1)
    assert [(each.schedule.guild_id, f"{each.due.at:%H:%M}") for each in other] == [(GUILD + 1, "00:00")]
    assert await storage.count_papers() == 4
    for channel in (CHANNEL, CHANNEL + 1):
        assert await storage.papers_given(channel) == frozenset()


async def test_a_recap_tells_of_the_rehearsed_dates_of_its_week(storage: Storage) -> None:
    await shelve(storage, [listed(number, 50 * number) for number in range(1, 5)])
    async with storage.write() as transaction:
        await transaction.put_schedule(replace(schedule(fallback=Fallback.SILENCE), recap_weekday=TODAY.weekday()))
    last = TODAY + timedelta(days=7)
    dates = await rehearse_daily(storage, first=TODAY, last=last)
    none, recap = rehearsed_recaps(dates, first=TODAY, last=last)
    assert (none.due.on, none.papers) == (TODAY, ())
    assert recap.due.on == last
    assert recap.papers == tuple(each.paper for each in dates[:7] if each.paper)
    assert len(recap.papers) > 1
