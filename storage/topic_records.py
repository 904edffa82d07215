"""What topics have brought: the messages of theirs that were posted."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import DeliveryState
from bot.domain.topic_records import TopicRecord
from storage.schema import deliveries


async def topic_record(connection: AsyncConnection, number: int, *, since: datetime) -> TopicRecord:
    """When a message of this topic was posted last, and how many were since."""
    sent = deliveries.c.state == DeliveryState.SENT
    papers, digests = (
        (deliveries.c.key > f"{kind}:{number}:") & (deliveries.c.key < f"{kind}:{number};")
        for kind in ("topic", "digest")
    )
    recent = func.count().filter(deliveries.c.settled_at >= since)
    last, count = func.max(deliveries.c.settled_at), 0
    posted_at: list[datetime] = []
    for mine in (papers, digests):
        found = (await connection.execute(select(last, recent).where(mine & sent))).one()
        count += found[1]
        posted_at += [found[0]] if found[0] is not None else []
    return TopicRecord(last_posted_at=max(posted_at, default=None), posted=count)
