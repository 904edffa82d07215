"""What every database must do with what is owed: once, in order, in turns, and for one sender at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.deliveries import DeliveryState, Step, Trouble, first_step, look_since, nonce, nonce_protects
from bot.domain.outages import Gap
from bot.domain.outcomes import Ambiguous, Closed, Deleted, Delivered, Expired, Rejected, Throttled, Unsure, Untried
from bot.domain.shards import Shards
from bot.interfaces import Storage
from storage import open_storage
from storage.sql import SqlStorage
from tests.storage.owing import NOW, SECOND, TIMING, claim, keys, owe, owed, record

MINUTE = 60 * SECOND
SENT, OWED, HELD = DeliveryState.SENT, DeliveryState.OWED, DeliveryState.HELD


async def state(storage: Storage, key: str) -> DeliveryState:
    (known,) = [each for each in await storage.list_deliveries(list(DeliveryState), limit=99) if each.key == key]
    return known.state


async def test_a_key_is_owed_once_whatever_became_of_it(storage: SqlStorage) -> None:
    assert await owe(storage, owed("a"), owed("b"), owed("a")) == 2
    assert await owe(storage) == 0
    (first,) = await claim(storage)
    await record(storage, first, Delivered(message_id=5))
    assert await owe(storage, owed("a"), owed("a", part=1)) == 1


async def test_a_row_of_a_transaction_that_fails_is_not_owed(storage: SqlStorage) -> None:
    async def fail() -> None:
        async with storage.write() as transaction:
            await transaction.add_deliveries([owed("a")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await claim(storage) == []


async def test_a_nonce_depends_on_the_key_alone_and_outlives_the_row(storage: SqlStorage) -> None:
    await owe(storage, owed("a"), owed("b", channel=2), owed("a", part=1, channel=3))
    nonces = {(each.key, each.part): each.nonce for each in await claim(storage)}
    async with storage._database.read() as connection:
        secret = (await connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'install_secret'")).scalar()
    assert len(bytes.fromhex(str(secret))) == 32
    assert nonces[("b", 0)] == nonce(bytes.fromhex(str(secret)), "b", 0)
    assert len(set(nonces.values())) == len(nonces)


async def test_each_shard_delivers_to_its_own_servers_and_the_first_to_people(storage: SqlStorage) -> None:
    servers = [owed(f"s{each}", channel=each, guild=(each << 22) + 7) for each in range(1, 6)]
    await owe(storage, *servers, owed("person", channel=9, guild=None))
    some = await claim(storage, of=Shards(ids=frozenset({1, 3}), count=4))
    assert keys(some) == ["s1", "s3", "s5"]
    assert keys(await claim(storage, of=Shards(ids=frozenset({2}), count=4))) == ["s2"]
    assert keys(await claim(storage, of=Shards(ids=frozenset({0}), count=4))) == ["s4", "person"]


async def test_only_who_holds_the_newest_claim_may_record(storage: SqlStorage) -> None:
    await owe(storage, owed("a"))
    (old,) = await claim(storage)
    assert (old.attempts, old.first_attempt_at, old.lease_until) == (1, NOW, NOW + TIMING.lease)
    assert await claim(storage, now=NOW + TIMING.lease - SECOND) == []
    later = NOW + TIMING.lease
    (new,) = await claim(storage, now=later)
    assert (new.attempts, new.first_attempt_at, new.fence) == (2, NOW, old.fence + 1)
    await record(storage, old, Delivered(message_id=1), now=later)
    assert await state(storage, "a") is OWED
    await record(storage, new, Delivered(message_id=2), now=later)
    await record(storage, new, Rejected(reason="late"), now=later)
    (known,) = await storage.list_deliveries([SENT], limit=9)
    assert (known.message_id, known.settled_at, known.attempts) == (2, later, 2)


async def test_a_channels_messages_go_one_by_one_in_order(storage: SqlStorage) -> None:
    await owe(storage, *[owed(each) for each in "abc"], owed("later", not_before=NOW + MINUTE))
    sent = []
    for _ in range(3):
        (one,) = await claim(storage)
        assert await claim(storage) == []
        await record(storage, one, Delivered(message_id=1))
        sent.append(one.key)
    assert sent == ["a", "b", "c"]
    assert await claim(storage) == []
    assert keys(await claim(storage, now=NOW + MINUTE)) == ["later"]


async def test_one_that_waits_to_be_tried_again_holds_up_nobody_but_its_later_parts(storage: SqlStorage) -> None:
    await owe(storage, owed("a"), owed("a", part=1), owed("b"))
    (first,) = await claim(storage)
    await record(storage, first, Ambiguous(reason="cut"))
    (second,) = await claim(storage)
    assert second.key == "b"
    await record(storage, second, Delivered(message_id=1))
    assert await claim(storage) == []
    for part in (0, 1):
        (one,) = await claim(storage, now=NOW + MINUTE)
        assert (one.key, one.part, one.attempts) == ("a", part, 2 - part)
        await record(storage, one, Delivered(message_id=1), now=NOW + MINUTE)


async def test_servers_take_turns_however_much_one_is_owed(storage: SqlStorage) -> None:
    await owe(storage, *[owed(f"big {each}", channel=each, guild=1) for each in range(1, 60)])
    await owe(storage, *[owed(f"small {each}", channel=100 + each, guild=2 + each % 3) for each in range(6)])
    await owe(storage, owed("direct", channel=200, guild=None))
    assert keys(await claim(storage, limit=5)) == ["big 1", "small 0", "small 1", "small 2", "direct"]
    singles = [keys(await claim(storage, limit=1))[0].split()[0] for _ in range(8)]
    assert singles.count("small") == 3
    assert "small" in singles[:4]


async def test_channels_that_are_busy_are_left_alone(storage: SqlStorage) -> None:
    await owe(storage, owed("a", channel=1), owed("b", channel=2))
    assert keys(await claim(storage, busy=[1])) == ["b"]


async def test_what_was_no_attempt_is_not_counted(storage: SqlStorage) -> None:
    await owe(storage, owed("a"))
    for _ in range(3):
        (one,) = await claim(storage)
        assert (one.attempts, one.first_attempt_at) == (1, NOW)
        await record(storage, one, Untried(reason="stopping"))
    (one,) = await claim(storage)
    await record(storage, one, Ambiguous(reason="cut"))
    later = NOW + MINUTE
    (one,) = await claim(storage, now=later)
    await record(storage, one, Untried(reason="stopping"), now=later)
    (one,) = await claim(storage, now=later)
    assert (one.attempts, one.first_attempt_at) == (2, NOW)


async def test_a_closed_channel_rests_longer_each_time_and_its_people_are_told_once(storage: SqlStorage) -> None:
    await owe(storage, owed("a"), owed("b"), owed("c", channel=2))
    closed = Closed(trouble=Trouble.FORBIDDEN, missing=("Send Messages",))
    now, rests = NOW, []
    for tries in range(9):
        one = (await claim(storage, now=now))[0]
        assert (one.key, one.attempts) == ("a", 1)
        told = await record(storage, one, closed, now=now)
        assert (told is not None) == (tries < 3)
        if tries == 2:
            await storage.note_told(1, now=now)
        (resting,) = await storage.list_resting(10)
        assert (resting.trouble, resting.missing, resting.since) == (Trouble.FORBIDDEN, ("Send Messages",), NOW)
        assert await claim(storage, now=resting.again_at - SECOND, busy=[2]) == []
        assert await claim(storage, now=resting.again_at, busy=[2], probes=False) == []
        rests.append(resting.again_at - now)
        now = resting.again_at
    assert rests == [MINUTE * 2**each for each in range(6)] + [timedelta(hours=1)] * 3
    one = (await claim(storage, now=now))[0]
    await record(storage, one, Delivered(message_id=1), now=now)
    assert await storage.list_resting(10) == []
    assert await storage.list_resting(11) == []
    one = (await claim(storage, now=now))[0]
    assert one.key == "b"
    assert await record(storage, one, closed, now=now) is not None


async def test_that_a_server_was_left_is_told_once_whatever_it_followed(storage: SqlStorage) -> None:
    await owe(storage, owed("a"), owed("b", channel=2), owed("c", channel=3, guild=11))
    here, beside, elsewhere = sorted(await claim(storage), key=lambda each: each.key)
    left = Closed(trouble=Trouble.LEFT)
    assert await record(storage, here, left) is not None
    assert await record(storage, beside, left) is None
    assert await record(storage, elsewhere, left) is not None


async def test_so_it_is_where_several_find_that_out_at_once(storage: SqlStorage) -> None:
    await owe(storage, *(owed(f"{each}", channel=each) for each in range(1, 9)))
    left = Closed(trouble=Trouble.LEFT)
    told = await asyncio.gather(*(record(storage, each, left) for each in await claim(storage)))
    assert sum(each is not None for each in told) == 1


async def test_a_throttled_channel_waits_as_long_as_it_must_and_nobody_is_told(storage: SqlStorage) -> None:
    await owe(storage, owed("a"), owed("b"), owed("c", channel=2))
    one, other = await claim(storage)
    assert await record(storage, one, Throttled(after=timedelta(hours=1))) is None
    await record(storage, other, Delivered(message_id=1))
    assert await claim(storage, now=NOW + timedelta(minutes=59)) == []
    assert keys(await claim(storage, now=NOW + timedelta(hours=1))) == ["a"]


async def test_what_is_over_ends_and_what_may_be_there_is_looked_for_first(storage: SqlStorage) -> None:
    soon = NOW + MINUTE
    await owe(storage, owed("tried", expires_at=soon), owed("not", expires_at=soon, channel=2), owed("b", channel=3))
    one = (await claim(storage, busy=[2, 3]))[0]
    await record(storage, one, Ambiguous(reason="cut"))
    assert await storage.expire_deliveries(now=soon, limit=9) == 1
    assert await state(storage, "not") is DeliveryState.EXPIRED
    later = soon + timedelta(hours=1)
    (one, other) = await claim(storage, now=later)
    assert (one.key, one.attempts) == ("tried", 2)
    await record(storage, one, Expired(), now=later)
    await record(storage, other, Deleted(), now=later)
    assert await state(storage, "tried") is DeliveryState.EXPIRED
    assert await storage.expire_deliveries(now=later, limit=9) == 0
    await owe(storage, *[owed(f"late {each}", expires_at=soon) for each in range(3)])
    assert [await storage.expire_deliveries(now=soon, limit=2) for _ in range(3)] == [2, 1, 0]


async def test_who_runs_it_can_send_again_hold_and_drop(storage: SqlStorage) -> None:
    await owe(storage, *[owed(each, channel=number) for number, each in enumerate("abcd")])
    a, b, c, d = await claim(storage)
    await record(storage, a, Unsure())
    await record(storage, b, Rejected(reason="50035"))
    await record(storage, c, Delivered(message_id=1))
    assert (await storage.outbox_standing()).counts == {HELD: 1, DeliveryState.REJECTED: 1, SENT: 1, OWED: 1}
    later = NOW + timedelta(days=8)
    assert await storage.retry_deliveries([a.id, b.id, c.id, 99], now=later) == 2
    again = await claim(storage, now=later)
    assert [(each.key, each.attempts, each.expires_at > later) for each in again][:2] == [
        ("a", 2, True),
        ("b", 1, True),
    ]
    assert first_step(again[0], later, TIMING) is Step.LOOK
    assert look_since(again[0], TIMING) < NOW
    assert nonce_protects(again[0], later, TIMING)
    assert await storage.end_deliveries([d.id, c.id], HELD, now=later) == 1
    await record(storage, replace(d, fence=d.fence + 1), Delivered(message_id=9), now=later)
    assert await state(storage, "d") is HELD
    assert await storage.end_deliveries([d.id, a.id], DeliveryState.DROPPED, now=later) == 2
    assert [each.key for each in await claim(storage, now=later + TIMING.lease)] == ["b"]


async def test_a_channel_knows_what_it_got_and_what_it_gets(storage: SqlStorage) -> None:
    await owe(storage, owed("a"), owed("b"), owed("c", not_before=NOW + MINUTE), owed("x", channel=2))
    (one,) = await claim(storage, busy=[2])
    await record(storage, one, Delivered(message_id=7, note="no thread"))
    standing = await storage.channel_standing(1)
    assert standing.last is not None
    assert (standing.last.key, standing.last.message_id, standing.last.last_error) == ("a", 7, "no thread")
    assert (standing.next_at, standing.owed, standing.held) == (NOW, 2, 0)
    empty = await storage.channel_standing(3)
    assert (empty.last, empty.next_at, empty.owed) == (None, None, 0)


async def test_whoever_begins_knows_since_when_others_may_have_posted(storage: SqlStorage) -> None:
    assert await storage.begin_deliveries(now=NOW) is None
    await claim(storage, now=NOW + 80 * SECOND)
    gap = await storage.begin_deliveries(now=NOW + 100 * SECOND)
    assert gap == Gap(began_at=NOW + 80 * SECOND, ended_at=NOW + 100 * SECOND)
    again = await storage.begin_deliveries(now=NOW + 300 * SECOND)
    assert again == Gap(began_at=NOW + 80 * SECOND, ended_at=NOW + 300 * SECOND)


async def test_several_who_claim_and_record_at_once_share_what_is_due(storage: SqlStorage, empty: str) -> None:
    """One of them by a second opening of the database, as another process has it; a channel gets its own in order."""
    await owe(storage, *(owed(f"{each % 7}.{each:02}", channel=each % 7) for each in range(42)))
    done: list[str] = []

    async def work(through: SqlStorage) -> None:
        while claims := await claim(through, limit=3):
            for each in claims:
                done.append(each.key)
                await record(through, each, Delivered(message_id=each.id))

    async with await open_storage(empty) as other:
        while len(done) < 42:
            await asyncio.gather(*(work(each) for each in (storage, other, storage)))
    assert len(set(done)) == len(done)
    assert all(some == sorted(some) for some in ([each for each in done if each[0] == str(n)] for n in range(7)))
