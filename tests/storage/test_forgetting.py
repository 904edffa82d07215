"""What goes after a while and what stays: nothing that was posted is ever owed again."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.deliveries import DeliveryState
from bot.domain.outcomes import Delivered
from bot.domain.servers import ServerSettings
from bot.domain.shards import Shards
from bot.domain.subscriptions import NewSubscription, Subscription
from bot.interfaces import Storage
from bot.services.servers import ENDED_FOR, LEFT_FOR, Servers
from tests.storage.owing import NOW, claim, owe, owed, record
from tests.storage.shelf import put
from tests.storage.test_sameness import by_ada, two_that_are_one

LATER = NOW + ENDED_FOR + timedelta(hours=1)


async def follow(storage: Storage, guild: int, query: str = "graphs") -> Subscription:
    new = NewSubscription(guild_id=guild, channel_id=guild, query=query, created_by=3)
    async with storage.write() as transaction:
        made = await transaction.add_subscription(new, most=25, now=NOW)
    assert made is not None
    return made


def held(topic: Subscription, paper: int, **told: object) -> HeldBack:
    plain = HeldBack(
        subscription_id=topic.id,
        paper_id=paper,
        guild_id=topic.guild_id,
        channel_id=topic.channel_id,
        matched_at=NOW,
        reason=HoldReason.DIGEST,
    )
    return replace(plain, **told)  # type: ignore[arg-type]


async def hold(storage: Storage, *some: HeldBack) -> None:
    async with storage.write() as transaction:
        await transaction.hold_back(some)


async def test_deliveries_go_long_after_they_ended_and_are_never_owed_again(storage: Storage) -> None:
    keys = [f"topic:1:{number}" for number in range(7)]
    assert await owe(storage, *(owed(each, channel=at) for at, each in enumerate(keys, 1))) == 7
    for each in (await claim(storage))[:5]:
        await record(storage, each, Delivered(message_id=each.id))
    assert await storage.forget_old(before=NOW, limit=3) == 0
    assert [await storage.forget_old(before=LATER, limit=3) for _ in range(3)] == [3, 2, 0]
    left = await storage.list_deliveries(list(DeliveryState), limit=99)
    assert len(left) == 2, "what is still owed stays"
    assert await owe(storage, *(owed(each) for each in keys)) == 0
    assert await owe(storage, owed(keys[0], part=1), owed("topic:1:70")) == 2


async def test_what_was_held_back_goes_but_for_what_still_waits(storage: Storage) -> None:
    topic = await follow(storage, 1)
    await hold(
        storage,
        held(topic, 1),
        held(topic, 2, delivery_key="digest:1:2026-06-02"),
        held(topic, 3, reason=HoldReason.PAUSED),
        held(replace(topic, id=99), 4),
    )
    assert await storage.forget_old(before=NOW, limit=9) == 0
    assert await storage.forget_old(before=LATER, limit=9) == 3
    assert [each.paper_id for each in await storage.list_waiting(topic.id, until=LATER)] == [1]


async def test_a_server_that_is_left_goes_whole_in_small_steps_and_matching_learns_of_it(storage: Storage) -> None:
    topics = [await follow(storage, guild, query) for guild in (1, 2, 3) for query in ("graphs", "looms")]
    await hold(storage, *(held(each, number) for each in topics for number in (1, 2)))
    await owe(storage, *(owed(f"topic:{each.id}:1", channel=each.id, guild=each.guild_id) for each in topics))
    await storage.note_presence([3], now=NOW)
    before = await storage.get_followed(unless=None)
    assert before is not None
    late = NOW + LEFT_FOR + timedelta(minutes=1)
    assert await storage.forget_left(before=late, limit=3) <= 9
    changed = await storage.get_followed(unless=before.version)
    assert changed is not None, "a version of its own"
    assert await Servers(storage, lambda: late).clean_up() > 0
    assert {each.guild_id for each in await storage.list_subscriptions()} == {3}
    assert {each.guild_id for each in await storage.list_deliveries(list(DeliveryState), limit=99)} == {3}
    assert len(await storage.list_topics_waiting()) == 2
    assert await storage.get_server(1) == ServerSettings(guild_id=1)


async def test_presence_is_noted_at_once_and_settings_never_undo_it(storage: Storage) -> None:
    for guild in (1, 2):
        await follow(storage, guild)
    settled = ServerSettings(guild_id=1, zone="Europe/Berlin")
    await storage.put_server(settled)
    await storage.note_presence([2, 7], now=NOW)
    await storage.note_presence([2], now=LATER)
    assert (await storage.get_server(1)).left_at == NOW, "since when stays what it was"
    await storage.put_server(settled)
    assert await storage.get_server(1) == replace(settled, left_at=NOW)
    await storage.note_presence([1, 2], now=LATER)
    assert await storage.get_server(1) == settled
    assert await storage.get_server(2) == ServerSettings(guild_id=2)


async def test_one_shard_says_nothing_of_the_servers_of_another(storage: Storage) -> None:
    one, other, third = (1 << 22, 2 << 22, 3 << 22)
    for guild in (one, other, third):
        await follow(storage, guild)
    await storage.note_presence([third], of=Shards(ids=frozenset({1}), count=2), now=NOW)
    left = [(await storage.get_server(each)).left_at for each in (one, other, third)]
    assert left == [NOW, None, None]
    await storage.note_presence([], of=Shards(ids=frozenset({0}), count=2), now=LATER)
    assert (await storage.get_server(other)).left_at == LATER


async def test_what_waits_follows_a_paper_that_turns_out_to_be_another(storage: Storage) -> None:
    preprint, article = await two_that_are_one(storage)
    topic, both = await follow(storage, 1), await follow(storage, 2)
    await hold(storage, held(topic, article), held(both, article), held(both, preprint))
    await put(storage, by_ada("Sheaves over Curves", "arxiv:1", "doi:x"))
    for each in (topic, both):
        assert [one.paper_id for one in await storage.list_waiting(each.id, until=LATER)] == [preprint]
