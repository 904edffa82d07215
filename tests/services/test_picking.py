"""Which paper a channel gets on a date, and why."""

from datetime import UTC, date, datetime

from bot.domain.schedules import DailyPost, Fallback, Origin, Schedule
from bot.interfaces import Storage
from bot.services.picking import Picking
from bot.shelf import starter_shelf

NOW = datetime(2026, 5, 26, 9, tzinfo=UTC)
TODAY = NOW.date()
GUILD, CHANNEL = 1, 10


def schedule(query: str = "", fallback: Fallback = Fallback.SHELF) -> Schedule:
    return Schedule(
        guild_id=GUILD,
        channel_id=CHANNEL,
        query=query,
        fallback=fallback,
        created_by=20,
        created_at=NOW,
        planned_through=date(2026, 5, 25),
    )


async def test_with_nothing_new_it_is_a_classic_the_channel_has_not_had(storage: Storage) -> None:
    picking = Picking(storage, starter_shelf)
    first = await picking.pick(schedule(), TODAY, now=NOW)
    assert first is not None
    assert first.origin is Origin.SHELF
    assert first == await picking.pick(schedule(), TODAY, now=NOW), "the same inputs, the same pick"
    assert await storage.count_papers() == 1, "only what may be posted is kept"
    assert not await storage.list_arrivals(since=NOW.replace(day=1), until=NOW.replace(day=28)), "and is no news"

    posted = DailyPost(channel_id=CHANNEL, on=TODAY, guild_id=GUILD, planned_at=NOW, paper_id=first.paper.id)
    async with storage.write() as transaction:
        await transaction.add_daily_posts([posted])
    second = await picking.pick(schedule(), TODAY, now=NOW)
    assert second is not None
    assert second.paper != first.paper


async def test_silence_where_the_server_prefers_it(storage: Storage) -> None:
    assert await Picking(storage, starter_shelf).pick(schedule(fallback=Fallback.SILENCE), TODAY, now=NOW) is None
