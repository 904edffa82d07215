"""One who makes digests and delivers until it is killed, as a process of its own; the fault runs start several."""

import asyncio
import logging
from contextlib import suppress
from functools import partial

from bot.errors import OperatorError
from tests.delivery.courier import compressed, courier
from tests.faults.digesting import make_digests
from tests.faults.variants import Variant, sender_of, storage_of

_LOOK_EVERY = 0.1


def deliver_on(database: str, api_url: str, gateway_url: str, times: float, variant: Variant) -> None:
    """Deliver what is owed, in a time that is so many times shorter, and make the digests that are due."""
    logging.basicConfig(level=logging.CRITICAL)
    asyncio.run(_deliver_on(database, api_url, gateway_url, times, variant))


async def _deliver_on(database: str, api_url: str, gateway_url: str, times: float, variant: Variant) -> None:
    """Begin again where the database's server is away just then, as whoever starts the bot would."""
    while True:
        with suppress(OperatorError):
            return await _deliver(database, api_url, gateway_url, times, variant)
        await asyncio.sleep(_LOOK_EVERY)


async def _deliver(database: str, api_url: str, gateway_url: str, times: float, variant: Variant) -> None:
    async with courier(
        database,
        api_url,
        gateway_url,
        timing=compressed(times),
        sender_of=partial(sender_of, variant),
        storage_of=partial(storage_of, variant),
    ) as one:
        making = asyncio.create_task(make_digests(one.storage, _LOOK_EVERY), name="digests")
        try:
            done, _ = await asyncio.wait({one.delivering, making}, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            making.cancel()
