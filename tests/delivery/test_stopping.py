"""An outbox that is stopped finishes what is under way, and one that Discord refuses too much asks for less."""

import asyncio
from datetime import UTC, datetime

from bot.domain.deliveries import DeliveryState
from tests.delivery.conftest import Street
from tests.delivery.owing import known, settled

CREATE = ("POST", "/channels/{channel_id}/messages")


async def test_what_is_under_way_is_finished_and_nothing_else_begun(street: Street) -> None:
    slow = street.discord.faults.next(*CREATE, delay=0.3)
    await street.owe("a", "b")
    async with asyncio.timeout(5):
        await slow.reached.wait()
        street.courier.outbox.stop()
        await street.courier.delivering
    assert (await known(street.storage, "a")).state is DeliveryState.SENT
    after = await known(street.storage, "b")
    assert (after.state, after.attempts) == (DeliveryState.OWED, 0)
    assert street.posted() == 1


async def test_too_many_refusals_stop_it_until_they_are_forgotten(street: Street) -> None:
    now = datetime.now(UTC)
    for _ in range(500):
        street.courier.watch.invalid.add(403, now)
    await street.owe("a")
    await asyncio.sleep(0.3)
    assert street.posted() == 0
    street.courier.watch.invalid._at.clear()
    await settled(street.storage, "a", DeliveryState.SENT)


async def test_many_refusals_stop_what_only_tries_whether_a_channel_is_open_again(street: Street) -> None:
    street.discord.faults.next(*CREATE, status=403, code=50013)
    await street.owe("a")
    async with asyncio.timeout(5):
        while not await street.storage.list_resting(street.guild.id):
            await asyncio.sleep(0.01)
    now = datetime.now(UTC)
    for _ in range(300):
        street.courier.watch.invalid.add(403, now)
    await asyncio.sleep(0.5)
    assert street.posted() == 0
    street.courier.watch.invalid._at.clear()
    await settled(street.storage, "a", DeliveryState.SENT)


async def test_refusals_are_counted_whatever_asked(street: Street) -> None:
    street.discord.faults.next(*CREATE, status=403, code=50013)
    await street.owe("a")
    await settled(street.storage, "a", DeliveryState.SENT)
    assert street.courier.watch.invalid.count(datetime.now(UTC)) == 1
