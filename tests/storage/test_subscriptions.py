"""What channels follow is kept as it was chosen."""

from dataclasses import replace

from bot.domain.posting import Cadence, Posting
from bot.domain.subscriptions import NewSubscription
from bot.interfaces import Storage
from tests.storage.shelf import NOW


async def test_what_was_chosen_is_kept_and_may_be_changed_by_its_own_server(storage: Storage) -> None:
    chosen = Posting(
        cadence=Cadence.WEEKLY, zone="Europe/Berlin", weekday=4, most_per_day=2, role_id=7, is_silent=False
    )
    new = NewSubscription(guild_id=1, channel_id=2, query="graphs", created_by=3, posting=chosen)
    async with storage.write() as transaction:
        kept = await transaction.add_subscription(new, most=25, now=NOW)
        assert kept is not None
    assert kept.posting == chosen
    changed = replace(
        kept,
        channel_id=5,
        query="trees",
        paused_at=NOW,
        posting=Posting(quiet_from=60, quiet_until=120, has_threads=True),
    )
    async with storage.write() as transaction:
        assert not await transaction.change_subscription(replace(changed, guild_id=9))
        assert await transaction.change_subscription(changed)
    assert await storage.list_subscriptions(guild_id=1) == [changed]
