"""One who delivers and nothing else: a real client, a real outbox, on a database that others may use as well."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.client import PaperboyClient, point_at
from bot.domain.deliveries import Timing
from bot.domain.posts import Post
from bot.outbox_interfaces import DeliveryStorage, Sender
from bot.services.bundle import Services
from bot.services.outbox import Outbox, Pace
from bot.watching import Watch
from cogs._markdown import escape
from cogs._sender import DiscordSender, Draw
from storage import open_storage
from storage.sql import SqlStorage
from tests.at_hand import at_hand


def _s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def compressed(times: float = 20.0) -> Timing:
    """Every length of time that the guarantee rests on, so many times shorter."""
    usual = Timing()
    return Timing(**{name: getattr(usual, name) / times for name in Timing.__dataclass_fields__})


NONCE_SECONDS = 120.0
"""What Discord keeps a nonce for, to be shortened likewise."""

PICTURE = b"\x89PNG\r\n\x1a\n of a recap"


async def drawn(_: Post) -> bytes | None:
    """Something in place of a picture, at once."""
    return PICTURE


QUICK = Pace(per_second=200.0, per_channel=0.0, idle=0.03, stop_within=3.0)


@dataclass(frozen=True, kw_only=True)
class Courier:
    outbox: Outbox
    storage: SqlStorage
    watch: Watch
    delivering: "asyncio.Task[None]"


def _unchanged(part: Any) -> Any:
    return part


@asynccontextmanager
async def courier(
    database_url: str,
    api_url: str,
    gateway_url: str,
    *,
    timing: Timing,
    pace: Pace = QUICK,
    draw: Draw = drawn,
    sender_of: Callable[[Sender], Sender] = _unchanged,
    storage_of: Callable[[DeliveryStorage], DeliveryStorage] = _unchanged,
) -> AsyncIterator[Courier]:
    """Delivers while the block runs. `sender_of` and `storage_of` may put something between the parts."""

    def clock() -> datetime:
        return datetime.now(UTC)

    point_at(api_url, gateway_url)
    async with await open_storage(database_url) as storage:
        client = PaperboyClient(services=cast(Services, None), escape=escape)
        await client.login("token")
        async with at_hand(client):
            sender = sender_of(DiscordSender(client, clock=clock, timing=timing, draw=draw))
            outbox = Outbox(storage_of(storage), sender, clock=clock, chance=random.random, timing=timing, pace=pace)
            delivering = asyncio.create_task(outbox.run(), name="outbox")
            try:
                yield Courier(outbox=outbox, storage=storage, watch=client.watch, delivering=delivering)
            finally:
                outbox.stop()
                await asyncio.wait({delivering})
                if not delivering.cancelled():
                    delivering.exception()
