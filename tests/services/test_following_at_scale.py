"""That a day's papers for thousands of channels leave the event loop free, and that every process knows all topics."""

import gc
import time
from asyncio import events
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.analysis import prepare
from bot.domain.deliveries import DeliveryState
from bot.domain.flat import instant
from bot.domain.posting import Posting
from bot.interfaces import Storage
from bot.services.following import Following
from storage.dialects.wording import execute_many
from storage.sql import SqlStorage
from tests.services.test_following import follow
from tests.storage.shelf import NOW, paper

CHANNELS, PAPERS, EACH = 10_000, 1_000, 1
"""Each channel follows a word that so many of the papers have."""
LONGEST_TURN = 0.025


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of the processor that each turn of the event loop took: the clock would count other programs as well."""
    took: list[float] = []
    run = events.Handle._run

    def timed(handle: events.Handle) -> Any:
        started = time.thread_time()
        try:
            return run(handle)
        finally:
            took.append(time.thread_time() - started)

    monkeypatch.setattr(events.Handle, "_run", timed)
    gc.freeze()  # as the bot does once it is ready; all that the tests before left is no garbage of this one
    return took


async def follow_all(storage: Storage) -> None:
    assert isinstance(storage, SqlStorage)
    words = PAPERS // EACH
    rows = [(1 + each // 25, 100 + each, f"title:w{each % words}", instant(NOW), 3) for each in range(CHANNELS)]
    statement = "INSERT INTO subscriptions (guild_id, channel_id, query, created_at, created_by) VALUES (?, ?, ?, ?, ?)"
    async with storage._database.write() as connection:
        await execute_many(connection, statement, rows)


async def test_a_thousand_papers_for_ten_thousand_channels_leave_the_loop_free(
    storage: Storage, turns: list[float]
) -> None:
    words = PAPERS // EACH
    found = [paper(f"Weaving w{number % words}, part {number}", f"arxiv:2606.{number:05}") for number in range(PAPERS)]
    prepared = [prepare(each) for each in found]
    await follow(storage, "nothing")
    await follow_all(storage)
    following = Following(storage)
    turns.clear()
    matched = await following.match(prepared, now=NOW)
    async with storage.write() as transaction:
        numbers = [each.paper_id for each in await transaction.put_papers(prepared, now=NOW)]
        turns.clear()
        owed = await following.owe(transaction, matched, prepared, numbers, new=set(numbers), now=NOW)
    assert owed == CHANNELS * EACH
    assert max(turns) < LONGEST_TURN, sorted(turns)[-5:]
    assert len(await storage.list_deliveries([DeliveryState.OWED], limit=9)) == 9


async def test_topics_read_together_are_those_read_one_by_one(storage: Storage) -> None:
    kept = [
        await follow(storage, "graphs", posting=Posting(role_id=7, is_silent=False, quiet_from=1, quiet_until=2)),
        await follow(storage, "weaving", posting=Posting(has_threads=True, zone="Europe/Berlin")),
    ]
    followed = await storage.get_followed(unless=None)
    assert followed is not None
    assert list(followed.topics) == kept
    assert await storage.get_followed(unless=followed.version) is None


async def test_what_is_followed_no_more_is_forgotten(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.following._WITHOUT_USE", 3)
    following = Following(storage)
    prepared = [prepare(paper("Weaving graphs", "arxiv:2606.00001"))]
    for number in range(20):
        topic = await follow(storage, f"graphs OR w{number}")
        matched = await following.match(prepared, now=NOW + timedelta(hours=number))
        assert list(matched.masks.values()) == [1]
        assert len(following._numbers) <= 5
        async with storage.write() as transaction:
            assert await transaction.remove_subscription(topic.id, guild_id=1)
