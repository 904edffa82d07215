"""What a topic owes and nobody has tried to send yet, given up with the topic: nothing of it comes afterwards."""

from datetime import datetime

from sqlalchemy import literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.arranging import HoldReason
from bot.domain.deliveries import DeliveryKind, DeliveryState
from storage.schema import deliveries, held_back

GIVEN_UP = "its topic was paused or given up before"


async def drop_owed(connection: AsyncConnection, topic: int, *, now: datetime) -> int:
    """Drop what this topic owes and was not tried, unless it speaks for another topic as well; how many messages.

    What a digest was to bring waits again: a topic that is resumed has it in its next one.
    """
    dropped = 0
    for kind in (DeliveryKind.TOPIC, DeliveryKind.DIGEST):
        mine = (deliveries.c.key > f"{kind}:{topic}:") & (deliveries.c.key < f"{kind}:{topic};")
        is_owed = deliveries.c.state == literal(DeliveryState.OWED.value, literal_execute=True)
        untried = select(deliveries.c.id, deliveries.c.key).where(mine & is_owed & (deliveries.c.attempts == 0))
        for row in list(await connection.execute(untried)):
            if kind is DeliveryKind.TOPIC and await _speaks_for_others(connection, topic, row.key):
                continue
            ended = {"state": DeliveryState.DROPPED, "settled_at": now, "last_error": GIVEN_UP}
            await connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(ended))
            await _wait_again(connection, topic, row.key)
            dropped += 1
    return dropped


async def _speaks_for_others(connection: AsyncConnection, topic: int, key: str) -> bool:
    """Whether other topics of the channel have left the paper of this message to it."""
    others = (held_back.c.paper_id == int(key.rpartition(":")[2])) & (held_back.c.subscription_id != topic)
    found = select(held_back.c.paper_id).where(others & (held_back.c.delivery_key == key)).limit(1)
    return (await connection.execute(found)).first() is not None


async def _wait_again(connection: AsyncConnection, topic: int, key: str) -> None:
    brought = (held_back.c.subscription_id == topic) & (held_back.c.delivery_key == key)
    waits = held_back.c.reason.in_([each.value for each in HoldReason if each.waits])
    await connection.execute(update(held_back).where(brought & waits).values(delivery_key=None))
