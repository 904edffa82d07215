"""What goes after a while, and what stays known: no delivery that was forgotten is ever owed again."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import DeliveryKind, DeliveryState, NewDelivery, Timing
from bot.domain.outcomes import Settlement
from bot.domain.servers import ServerSettings
from bot.domain.subscriptions import NewSubscription
from storage.housekeeping import key_hash
from storage.sql import SqlStorage
from tests.storage.shelf import NOW

DAY = timedelta(days=1)


def new(key: str, *, channel: int = 1, guild: int = 1) -> NewDelivery:
    return NewDelivery(
        kind=DeliveryKind.TOPIC,
        key=key,
        channel_id=channel,
        guild_id=guild,
        payload="{}",
        not_before=NOW,
        expires_at=NOW + 7 * DAY,
    )


async def owe(storage: SqlStorage, *some: NewDelivery) -> int:
    async with storage.write() as transaction:
        return await transaction.add_deliveries(some)


async def test_what_ended_long_ago_goes_and_is_never_owed_again(storage: SqlStorage) -> None:
    await owe(storage, *[new(f"k{each}", channel=each) for each in range(5)])
    for claim in await storage.claim_deliveries(now=NOW, timing=Timing(), limit=3):
        sent = Settlement(state=DeliveryState.SENT, message_id=9, reopens=True)
        await storage.record_delivery(claim, sent, now=NOW, timing=Timing())
    assert await storage.forget_old(before=NOW, limit=9) == 0
    assert [await storage.forget_old(before=NOW + DAY, limit=2) for _ in range(3)] == [2, 1, 0]
    assert len(await storage.list_deliveries(list(DeliveryState), limit=9)) == 2
    assert await owe(storage, *[new(f"k{each}", channel=each) for each in range(6)]) == 1
    assert await owe(storage, replace(new("k0"), part=1)) == 1


async def test_papers_that_wait_stay_and_others_go_with_time(storage: SqlStorage) -> None:
    async with storage.write() as transaction:
        topic = await transaction.add_subscription(
            NewSubscription(guild_id=1, channel_id=1, query="looms", created_by=1), most=9, now=NOW
        )
        assert topic is not None
        held = HeldBack(
            subscription_id=topic.id, paper_id=1, guild_id=1, channel_id=1, matched_at=NOW, reason=HoldReason.DIGEST
        )
        await transaction.hold_back(
            [
                held,
                replace(held, paper_id=2, reason=HoldReason.PAUSED),
                replace(held, paper_id=3, reason=HoldReason.HERE_ALREADY, delivery_key="k"),
                replace(held, paper_id=4, subscription_id=topic.id + 1),
            ]
        )
    assert await storage.forget_old(before=NOW + DAY, limit=9) == 3
    assert [each.paper_id for each in await storage.list_waiting(topic.id, until=NOW + DAY)] == [1]


async def test_a_server_that_was_left_goes_whole_a_few_rows_at_a_time_and_no_other(storage: SqlStorage) -> None:
    for guild in (1, 2):
        await storage.put_server(ServerSettings(guild_id=guild, zone="Europe/Berlin"))
        await owe(storage, *[new(f"{guild} {each}", channel=guild, guild=guild) for each in range(5)])
        async with storage.write() as transaction:
            topic = NewSubscription(guild_id=guild, channel_id=guild, query="looms", created_by=1)
            await transaction.add_subscription(topic, most=9, now=NOW)
    await storage.note_presence([2], now=NOW)
    await storage.note_presence([2], now=NOW + DAY)
    assert (await storage.get_server(1)).left_at == NOW
    assert await storage.forget_left(before=NOW, limit=2) == 0
    assert [await storage.forget_left(before=NOW + DAY, limit=2) for _ in range(5)] == [3, 2, 1, 1, 0]
    assert await storage.get_server(1) == ServerSettings(guild_id=1)
    assert [each.guild_id for each in await storage.list_subscriptions()] == [2]
    assert {each.guild_id for each in await storage.list_deliveries(list(DeliveryState), limit=99)} == {2}


@given(st.sets(st.tuples(st.text(), st.integers(0, 9)), max_size=50))
def test_keys_have_hashes_of_their_own_that_a_database_can_hold(keys: set[tuple[str, int]]) -> None:
    hashes = {key_hash(*each) for each in keys}
    assert len(hashes) == len(keys)
    assert all(0 <= each < 1 << 63 for each in hashes)
