"""A death at every point of a delivery, and of one thing at a time: one message is there in the end.

The same deaths, under the wrong orders of work, lose or double it where they must.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

import pytest

from bot.domain.deliveries import Claim, DeliveryState
from bot.domain.posts import Post
from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import Channel
from bot.outbox_interfaces import DeliveryStorage, Sender
from storage import open_storage
from tests.delivery.courier import NONCE_SECONDS, compressed, courier
from tests.delivery.owing import owe, owed, post, recap
from tests.empty import NewDatabase
from tests.faults.variants import Around, Variant, sender_of, storage_of

TIMES = 60.0
CREATE = ("POST", "/channels/{channel_id}/messages")


class Point(StrEnum):
    BEFORE_CLAIM = "before claim"
    AFTER_CLAIM = "after claim"
    BEFORE_SEND = "before send"
    IN_SEND = "in send"
    AFTER_SEND = "after send"
    AFTER_RECORD = "after record"


@dataclass(kw_only=True)
class Death:
    """Whoever reaches the point never gets any further."""

    point: Point
    met: asyncio.Event = field(default_factory=asyncio.Event)

    async def at(self, *points: Point) -> None:
        if self.point in points:
            self.met.set()
            await asyncio.Event().wait()


class _DyingStorage(Around):
    def __init__(self, inside: DeliveryStorage, death: Death) -> None:
        super().__init__(inside)
        self._death = death

    async def claim_deliveries(self, **told: Any) -> list[Claim]:
        await self._death.at(Point.BEFORE_CLAIM)
        claims: list[Claim] = await self._inside.claim_deliveries(**told)
        if claims:
            await self._death.at(Point.AFTER_CLAIM)
        return claims

    async def record_delivery(self, *args: Any, **told: Any) -> Any:
        recorded = await self._inside.record_delivery(*args, **told)
        await self._death.at(Point.AFTER_RECORD)
        return recorded


class _DyingSender(Around):
    def __init__(self, inside: Sender, death: Death) -> None:
        super().__init__(inside)
        self._death = death

    async def send(self, claim: Claim, **told: Any) -> Any:
        await self._death.at(Point.BEFORE_SEND)
        outcome = await self._inside.send(claim, **told)
        await self._death.at(Point.AFTER_SEND)
        return outcome


@asynccontextmanager
async def mortal(url: str, discord: FakeDiscord, death: Death, variant: Variant) -> AsyncIterator[None]:
    """One who delivers and dies at its point, for good: what it holds is let go of without a word."""

    def dying(storage: DeliveryStorage) -> DeliveryStorage:
        return _DyingStorage(storage_of(variant, storage), death)

    def doomed(sender: Sender) -> Sender:
        return _DyingSender(sender_of(variant, sender), death)

    async with courier(
        url, discord.api_url, discord.gateway_url, timing=compressed(TIMES), sender_of=doomed, storage_of=dying
    ) as one:
        yield
        one.delivering.cancel()
        await asyncio.wait({one.delivering})


async def delivered_after(
    url: str, point: Point, variant: Variant = Variant.REAL, *, away: float = 0.0, what: Post | None = None
) -> int:
    """How often the message is there when its first bearer died at this point, `away` seconds before the next came."""
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        papers = discord.add_channel(discord.add_guild("Reading group"), "papers")
        death = Death(point=point)
        await _owe(url, papers, what)
        if point is Point.IN_SEND:
            fault = discord.faults.next(*CREATE, hang=True)
            death.met = fault.reached
        async with mortal(url, discord, death, variant):
            async with asyncio.timeout(10):
                await death.met.wait()
        if point is Point.IN_SEND:
            fault.release()  # what was under way arrives after its sender's death
        await asyncio.sleep(away)
        heir = partial(sender_of, variant), partial(storage_of, variant)
        async with courier(
            url,
            discord.api_url,
            discord.gateway_url,
            timing=compressed(TIMES),
            sender_of=heir[0],
            storage_of=heir[1],
        ) as one:
            async with asyncio.timeout(15):
                while (await one.storage.outbox_standing()).counts.get(DeliveryState.OWED):
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.1)
        return len(papers.messages)


async def _owe(url: str, papers: Channel, what: Post | None = None) -> None:
    async with await open_storage(url) as storage:
        await owe(storage, owed(papers, "a", now=datetime.now(UTC), payload=(what or post()).to_json()))


@pytest.mark.parametrize(
    ("point", "away"), [*((each, 0.0) for each in Point), (Point.IN_SEND, 2.5), (Point.AFTER_SEND, 2.5)]
)
async def test_a_death_anywhere_leaves_one_message(new_database: NewDatabase, point: Point, away: float) -> None:
    """The second bearer comes at once, or when Discord has forgotten the nonce."""
    assert await delivered_after(new_database(), point, away=away) == 1


@pytest.mark.parametrize("point", [Point.IN_SEND, Point.AFTER_SEND])
async def test_what_has_a_picture_is_known_again_as_well(new_database: NewDatabase, point: Point) -> None:
    """Whoever comes when Discord has forgotten the nonce finds it by its marker."""
    assert await delivered_after(new_database(), point, away=2.5, what=recap(1, 2)) == 1


@pytest.mark.parametrize(
    ("variant", "point", "away", "posted"),
    [
        (Variant.RANDOM_NONCE, Point.AFTER_SEND, 0.0, 2),
        (Variant.RANDOM_NONCE, Point.IN_SEND, 0.0, 2),
        (Variant.MARK_FIRST, Point.AFTER_CLAIM, 0.0, 0),
        (Variant.MARK_FIRST, Point.BEFORE_SEND, 0.0, 0),
        (Variant.NONCE_ALONE, Point.AFTER_SEND, 0.0, 1),
        (Variant.NONCE_ALONE, Point.AFTER_SEND, 2.5, 2),
        (Variant.HISTORY_ALONE, Point.AFTER_SEND, 2.5, 1),
    ],
)
async def test_the_same_deaths_catch_wrong_orders(
    new_database: NewDatabase, variant: Variant, point: Point, away: float, posted: int
) -> None:
    assert await delivered_after(new_database(), point, variant, away=away) == posted


@pytest.mark.parametrize(("variant", "posted"), [(Variant.REAL, 1), (Variant.HISTORY_ALONE, 2)])
async def test_a_message_that_arrives_after_it_was_looked_for(
    new_database: NewDatabase, variant: Variant, posted: int
) -> None:
    """Its history alone does not protect it: what is under way is in no history yet."""
    timing = compressed(TIMES)
    async with FakeDiscord(nonce_seconds=NONCE_SECONDS / TIMES) as discord:
        await discord.start()
        papers = discord.add_channel(discord.add_guild("Reading group"), "papers")
        url = new_database()
        await _owe(url, papers)
        late = discord.faults.next(*CREATE, hang=True)
        async with courier(
            url, discord.api_url, discord.gateway_url, timing=timing, sender_of=partial(sender_of, variant)
        ) as one:
            async with asyncio.timeout(10):
                while not papers.messages:
                    await asyncio.sleep(0.01)
                late.release()
                while (await one.storage.outbox_standing()).counts.get(DeliveryState.OWED):
                    await asyncio.sleep(0.02)
                await asyncio.sleep(0.2)
    assert len(papers.messages) == posted
