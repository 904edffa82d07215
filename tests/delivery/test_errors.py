"""Everything Discord can say or fail to say to a delivery, and the documented end of each."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.client import PaperboyClient
from bot.domain.deliveries import DeliveryState, Trouble
from bot.errors import OperatorError
from bot.fakediscord.permissions import Permission
from bot.outbox_interfaces import DeliveryStorage
from tests.delivery.conftest import Street
from tests.delivery.courier import compressed, courier
from tests.delivery.owing import known, owe, owed, settled
from tests.empty import NewDatabase
from tests.faults.variants import Around

SENT, OWED = DeliveryState.SENT, DeliveryState.OWED
CREATE = ("POST", "/channels/{channel_id}/messages")
THREAD = ("POST", "/channels/{channel_id}/messages/{message_id}/threads")


async def until_resting(street: Street) -> Trouble:
    async with asyncio.timeout(10):
        while not (resting := await street.storage.list_resting(street.guild.id)):
            await asyncio.sleep(0.01)
    return resting[0].trouble


@pytest.mark.parametrize(
    ("status", "code", "trouble", "says"),
    [
        (404, 10003, Trouble.GONE, "no longer exists"),
        (403, 50001, Trouble.NO_ACCESS, "grant View Channel"),
        (403, 50013, Trouble.FORBIDDEN, "grant View Channel, Send Messages"),
        (400, 40067, Trouble.NEEDS_TAG, "need a tag"),
    ],
)
async def test_a_closed_channel_rests_one_person_is_told_and_it_goes_on_by_itself(
    street: Street, status: int, code: int, trouble: Trouble, says: str
) -> None:
    street.discord.faults.next(*CREATE, status=status, code=code)
    await street.owe("a", "b")
    assert await until_resting(street) is trouble
    async with asyncio.timeout(5):
        while not street.told():
            await asyncio.sleep(0.01)
    fault = street.discord.faults.next(*CREATE, status=status, code=code, times=2)
    await settled(street.storage, "a", SENT)
    done = await settled(street.storage, "b", SENT)
    assert done.attempts == 1
    assert fault.hits == 2
    assert street.posted() == 2
    assert len(street.told()) == 1
    assert says in street.told()[0]
    assert await street.storage.list_resting(street.guild.id) == []
    assert len(await street.storage.list_subscriptions()) == 1


async def test_a_permission_that_is_known_to_be_missing_costs_no_refusal(street: Street) -> None:
    deny = Permission.SEND_MESSAGES
    street.discord.set_overwrite(street.papers, street.guild.everyone, deny=deny)
    for role in street.guild.roles.values():
        street.discord.set_overwrite(street.papers, role, deny=deny)
    await asyncio.sleep(0.2)
    await street.owe("a")
    assert await until_resting(street) is Trouble.FORBIDDEN
    assert not street.discord.refusals
    for role in street.guild.roles.values():
        street.discord.set_overwrite(street.papers, role)
    await settled(street.storage, "a", SENT)
    assert not street.discord.refusals
    assert len(street.told()) == 1
    assert "grant Send Messages" in street.told()[0]


async def test_a_server_that_is_forgotten_before_its_channel_is_read_is_no_fault(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    client: PaperboyClient = street.courier.outbox._sender._client  # type: ignore[attr-defined]
    street.discord.faults.next(*CREATE, status=502, times=5)
    await street.owe("a")
    async with asyncio.timeout(10):
        while not (await known(street.storage, "a")).attempts:
            await asyncio.sleep(0.01)
    guild = client.get_guild(street.guild.id)
    assert guild is not None
    client._connection._remove_guild(guild)
    assert await until_resting(street) is Trouble.LEFT
    assert "fault" not in caplog.text


async def test_a_channel_that_is_deleted_keeps_what_it_is_owed_until_that_is_over(street: Street) -> None:
    street.discord.delete_channel(street.papers)
    now = datetime.now(UTC)
    await street.owe("a", expires_at=now + timedelta(seconds=1))
    assert await until_resting(street) is Trouble.GONE
    assert await street.storage.expire_deliveries(now=now + timedelta(seconds=2), limit=9) == 1
    assert (await known(street.storage, "a")).state is DeliveryState.EXPIRED


@pytest.mark.parametrize("code", [160004, 160006, 50013])
async def test_a_thread_that_is_there_or_cannot_be_is_no_reason_to_post_again(street: Street, code: int) -> None:
    street.discord.faults.next(*THREAD, status=400, code=code)
    await street.owe_with_thread("a")
    done = await settled(street.storage, "a", SENT)
    assert street.posted() == 1
    assert (done.last_error is None) == (code == 160004)


async def test_a_thread_that_fails_unclearly_is_tried_again_for_the_same_message(street: Street) -> None:
    street.discord.faults.next(*THREAD, status=503, after_effect=True)
    await street.owe_with_thread("a")
    await settled(street.storage, "a", SENT)
    (message,) = street.papers.messages.values()
    assert message.thread is not None


async def test_a_thread_that_must_wait_long_does_not_make_the_message_one_that_was_never_tried(street: Street) -> None:
    """It would be sent again after Discord has forgotten its nonce: a message that is there was an attempt."""
    street.discord.faults.next(*THREAD, status=429, retry_after=600)
    await street.owe_with_thread("a")
    done = await settled(street.storage, "a", SENT)
    assert (done.attempts, street.posted()) == (2, 1)
    assert await street.storage.list_resting(street.guild.id) == []


async def test_what_was_made_and_then_deleted_is_done(street: Street) -> None:
    street.discord.faults.next(*CREATE, status=404, code=10008)
    await street.owe("a")
    done = await settled(street.storage, "a", SENT)
    assert (done.message_id, done.last_error) == (None, "somebody has deleted it")
    assert street.posted() == 0


class _Away(Around):
    """Its database is away for a moment whenever something is to be written down."""

    def __init__(self, inside: DeliveryStorage) -> None:
        super().__init__(inside)
        self._times = 0

    async def record_delivery(self, *told: Any, **more: Any) -> Any:
        self._times += 1
        if self._times % 3:
            raise OperatorError("The database is being stopped or started.")
        return await self._inside.record_delivery(*told, **more)


async def test_where_the_database_is_away_for_a_moment_the_channel_waits_no_longer(
    street: Street, new_database: NewDatabase
) -> None:
    discord = street.discord
    timing = compressed(1)
    async with courier(new_database(), discord.api_url, discord.gateway_url, timing=timing, storage_of=_Away) as one:
        await owe(one.storage, *(owed(street.papers, each, now=datetime.now(UTC)) for each in "ab"))
        done = [await settled(one.storage, each, SENT) for each in "ab"]
    assert [each.attempts for each in done] == [1, 1]
    assert street.posted() == 2


async def test_a_refused_token_stops_everything_and_loses_nothing(street: Street) -> None:
    street.discord.faults.next(*CREATE, status=401)
    await street.owe("a")
    with pytest.raises(OperatorError, match="refuses the token") as caught:
        await asyncio.wait_for(asyncio.shield(street.courier.delivering), 10)
    assert caught.value.exit_code == 78
    still = await known(street.storage, "a")
    assert (still.state, still.attempts) == (OWED, 0)
    assert street.discord.requests["POST /channels/{channel_id}/messages"] == 1


@pytest.mark.parametrize("whole", [{}, {"has_via": False}, {"is_global": True}])
async def test_an_hour_of_patience_is_kept_and_was_no_attempt(street: Street, whole: dict[str, Any]) -> None:
    """By the channel; by everybody where the limit is the bot's, or its address is banned by the proxy."""
    elsewhere = street.discord.add_channel(street.guild, "elsewhere")
    street.discord.faults.next(*CREATE, status=429, retry_after=3600, **whole)
    await street.owe("a", "b")
    assert await until_resting(street) is Trouble.THROTTLED
    (resting,) = await street.storage.list_resting(street.guild.id)
    assert resting.again_at - datetime.now(UTC) > timedelta(minutes=59)
    await owe(street.storage, owed(elsewhere, "c", now=datetime.now(UTC)))
    await asyncio.sleep(0.3)
    assert street.discord.requests["POST /channels/{channel_id}/messages"] == (1 if whole else 2)
    still = await known(street.storage, "a")
    assert (still.state, still.attempts) == (OWED, 0)
    assert street.told() == []


async def test_a_wait_of_the_whole_bot_that_an_attempt_gives_up_on_ends(street: Street) -> None:
    """discord.py 2.7.1 holds every request back until the one that was told to wait goes on; that one is cancelled."""
    street.discord.faults.next(*CREATE, status=429, retry_after=1.2, is_global=True)
    await street.owe("a")
    await settled(street.storage, "a", SENT, within=15)
    assert street.posted() == 1


async def test_a_short_wait_that_is_longer_than_an_attempt_is_no_attempt_either(street: Street) -> None:
    street.discord.faults.next(*CREATE, status=429, retry_after=2)
    await street.owe("a")
    assert await until_resting(street) is Trouble.THROTTLED
    assert (await known(street.storage, "a")).attempts == 0
    await settled(street.storage, "a", SENT)
    assert street.posted() == 1


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 500, "times": 9}, {"cut": True}, {"delay": 1.5}])
async def test_what_nobody_can_know_is_looked_for_and_posted_once(
    street: Street, fault: dict[str, Any], after_effect: bool
) -> None:
    street.discord.faults.next(*CREATE, **fault, after_effect=after_effect)
    await street.owe("a")
    async with asyncio.timeout(10):
        while (await known(street.storage, "a")).attempts < 2:
            await asyncio.sleep(0.02)
    street.discord.faults.clear()
    done = await settled(street.storage, "a", SENT)
    assert done.attempts >= 2
    assert street.posted() == 1
    (message,) = street.papers.messages
    assert done.message_id == message


async def test_what_discord_refuses_for_good_is_not_tried_again(street: Street) -> None:
    street.discord.faults.next(*CREATE, status=400, code=50035)
    await street.owe("a", "b")
    done = await settled(street.storage, "a", DeliveryState.REJECTED)
    assert "50035" in str(done.last_error)
    await settled(street.storage, "b", SENT)


async def test_a_payload_that_cannot_be_read_is_refused_without_asking(street: Street) -> None:
    await street.owe("a", payload="{}")
    await settled(street.storage, "a", DeliveryState.REJECTED)
    assert street.discord.requests["POST /channels/{channel_id}/messages"] == 0


async def test_without_its_history_and_its_nonce_it_is_held_for_a_person(street: Street) -> None:
    role = next(each for each in street.guild.roles.values() if each.managed)
    await street.owe("before")
    await settled(street.storage, "before", SENT)
    deny = Permission.READ_MESSAGE_HISTORY
    street.discord.set_overwrite(street.papers, role, deny=deny)
    await asyncio.sleep(0.2)
    late = datetime.now(UTC) - timedelta(seconds=5)
    await street.owe("a", not_before=late)
    held = await settled(street.storage, "a", DeliveryState.HELD)
    assert "Read Message History" in str(held.last_error)
    assert await street.storage.retry_deliveries([held.id], now=datetime.now(UTC)) == 1
    await settled(street.storage, "a", SENT)
    assert street.posted() == 2


async def test_what_is_held_is_looked_for_when_its_history_can_be_read_again(street: Street) -> None:
    await street.owe("there")
    there = await settled(street.storage, "there", SENT)
    role = next(each for each in street.guild.roles.values() if each.managed)
    street.discord.set_overwrite(street.papers, role, deny=Permission.READ_MESSAGE_HISTORY)
    await asyncio.sleep(0.2)
    late = datetime.now(UTC) - timedelta(seconds=5)
    await street.owe("a", not_before=late)
    await settled(street.storage, "a", DeliveryState.HELD)
    now = datetime.now(UTC)
    assert await street.storage.reopen_channels(street.guild.id, now=now) == 1
    async with asyncio.timeout(5):
        while (await known(street.storage, "a")).state is not DeliveryState.HELD:
            await asyncio.sleep(0.02)
    street.discord.set_overwrite(street.papers, role)
    await asyncio.sleep(0.2)
    assert await street.storage.reopen_channels(street.guild.id + 1, now=now) == 0
    assert await street.storage.reopen_channels(street.guild.id, now=now) == 1
    done = await settled(street.storage, "a", SENT)
    assert done.message_id != there.message_id
    assert street.posted() == 2
