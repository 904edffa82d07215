"""Where papers were posted: alone or in a digest, and never in another server."""

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import topic_key
from bot.domain.outcomes import Delivered
from bot.domain.subscriptions import NewSubscription
from storage.sql import SqlStorage
from tests.storage.owing import NOW, claim, owed, record

DIGEST = "digest:1:2026-06-01"


async def test_a_paper_was_posted_alone_and_in_a_digest_of_its_own_server(storage: SqlStorage) -> None:
    async with storage.write() as transaction:
        for guild in (1, 2):
            new = NewSubscription(guild_id=guild, channel_id=10 * guild, query="graphs", created_by=3)
            topic = await transaction.add_subscription(new, most=25, now=NOW)
            assert topic is not None
            messages = [owed(topic_key(topic.id, 7), 10 * guild, guild)]
            messages += [owed(DIGEST, 11, 1)] if guild == 1 else []
            await transaction.add_deliveries(messages)
        held = HeldBack(
            subscription_id=1, paper_id=8, guild_id=1, channel_id=11, matched_at=NOW, reason=HoldReason.DIGEST
        )
        await transaction.hold_back([held])
        await transaction.bring_held_back(1, [8], key=DIGEST)
    assert await storage.list_homes([7, 8], guild_id=1) == []
    for each in await claim(storage):
        await record(storage, each, Delivered(message_id=1_000 + each.channel_id))
    homes = {guild: await storage.list_homes([7, 8, 9], guild_id=guild) for guild in (1, 2, 3)}
    told = {
        guild: {(each.paper_id, each.channel_id, each.message_id) for each in some} for guild, some in homes.items()
    }
    assert told == {1: {(7, 10, 1_010), (8, 11, 1_011)}, 2: {(7, 20, 1_020)}, 3: set()}
