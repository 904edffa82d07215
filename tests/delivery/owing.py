"""Owes messages to the channels of a lab, and waits until they are as they should be."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.deliveries import DeliveryKind, DeliveryState, NewDelivery
from bot.domain.delivery_views import KnownDelivery
from bot.domain.papers import KnownPaper, paper_from
from bot.domain.posts import Post, Recapped
from bot.fakediscord.state import Channel
from bot.interfaces import Storage
from tests.lab.papers import found_paper


def post(number: int = 1, **told: Any) -> Post:
    known = KnownPaper(
        id=number,
        paper=paper_from(found_paper(title=f"Paper {number}")),
        first_seen_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    return Post(**{"heading": "New paper", "papers": (known,), "because": "This channel follows: graphs", **told})


def recap(*numbers: int, **told: Any) -> Post:
    """A recap of these papers, each with as many votes as its number says."""
    recapped = [Recapped(paper_id=each, on="2026-05-25", votes=each, replies=None, message_id=each) for each in numbers]
    papers = tuple(post(each).papers[0] for each in numbers)
    return post(**{"heading": "The papers of the week", "papers": papers, "recap": tuple(recapped), **told})


def owed(channel: Channel, key: str, *, now: datetime, **told: Any) -> NewDelivery:
    """A message for this channel, due now."""
    plain: dict[str, Any] = {
        "kind": DeliveryKind.TOPIC,
        "key": key,
        "channel_id": channel.id,
        "guild_id": channel.guild.id if channel.guild else None,
        "payload": post().to_json(),
        "not_before": now,
        "expires_at": now + timedelta(days=7),
    }
    return NewDelivery(**(plain | told))


async def owe(storage: Storage, *some: NewDelivery) -> None:
    async with storage.write() as transaction:
        await transaction.add_deliveries(some)


async def known(storage: Storage, key: str) -> KnownDelivery:
    found = await storage.list_deliveries(list(DeliveryState), limit=10_000)
    return next(each for each in found if each.key == key)


async def settled(storage: Storage, key: str, state: DeliveryState, *, within: float = 10) -> KnownDelivery:
    """The delivery, as soon as it is in this state."""
    async with asyncio.timeout(within):
        while (found := await known(storage, key)).state is not state:
            await asyncio.sleep(0.02)
    return found
