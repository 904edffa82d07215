"""Where papers were posted: alone or in a digest, and never in another server."""

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import topic_key
from bot.domain.outcomes import Delivered, Rejected
from bot.domain.subscriptions import NewSubscription
from storage.sql import SqlStorage
from tests.storage.owing import NOW, claim, owe, owed, record
from tests.storage.shelf import number, paper, put

DIGEST = "digest:1:2026-06-01"


async def test_a_paper_was_posted_alone_and_in_a_digest_of_its_own_server(storage: SqlStorage) -> None:
    async with storage.write() as transaction:
        for guild in (1, 2):
            new = NewSubscription(guild_id=guild, channel_id=10 * guild, query="graphs", created_by=3)
            topic = await transaction.add_subscription(new, most=25, now=NOW)
            assert topic is not None
            messages = [owed(topic_key(topic.id, 7), 10 * guild, guild, paper_id=7)]
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
    async with storage.write() as transaction:
        assert await transaction.remove_subscription(1, guild_id=1)
    assert await storage.list_homes([7, 8, 9], guild_id=1) == homes[1]


async def sent(
    storage: SqlStorage, key: str, channel: int, number: int, *, message: int | None, guild: int = 1
) -> None:
    """Owe a paper to a channel and post it, or have it refused where it comes to no message."""
    await owe(storage, owed(key, channel, guild, paper_id=number))
    (taken,) = await claim(storage)
    await record(storage, taken, Rejected(reason="no") if message is None else Delivered(message_id=message))


async def test_a_channel_got_a_paper_by_whatever_brought_it_there(storage: SqlStorage) -> None:
    await sent(storage, topic_key(5, 7), 10, 7, message=100)
    await sent(storage, "daily:10:2026-06-02", 10, 8, message=101)
    await sent(storage, topic_key(5, 9), 10, 9, message=None)
    await sent(storage, topic_key(6, 10), 11, 10, message=102)
    await sent(storage, topic_key(7, 11), 10, 11, message=103, guild=2)
    await owe(storage, owed(topic_key(8, 7), 10, 1, paper_id=7), owed(topic_key(8, 12), 10, 1, paper_id=12))
    here = await storage.posted_here(range(7, 13), guild_id=1, channel_id=10)
    assert [(each.paper_id, each.message_id) for each in here] == [(7, 100), (8, 101), (12, None)]
    async with storage.write() as transaction:
        ahead = await transaction.keys_ahead(range(7, 11))
    assert ahead == {(10, 7): topic_key(5, 7), (10, 8): "daily:10:2026-06-02", (11, 10): topic_key(6, 10)}


async def test_a_paper_that_turns_out_to_be_another_keeps_where_it_was_posted(storage: SqlStorage) -> None:
    await put(storage, paper("Sheaves", "arxiv:1", authors="Ada One"), paper("Bundles", "doi:x", authors="Ada One"))
    for place, each in enumerate(["arxiv:1", "doi:x"]):
        known = await number(storage, each)
        await sent(storage, topic_key(place, known), 10 + place, known, message=100 + place)
    await put(storage, paper("Sheaves", "arxiv:1", "doi:x", authors="Ada One"))
    homes = await storage.list_homes([await number(storage, "doi:x")], guild_id=1)
    assert {each.message_id for each in homes} == {100, 101}
