"""Papers that matched a topic and were not posted at once: why, and what brings them after all."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.arranging import HeldBack, HoldReason
from bot.domain.flat import instant
from storage.dialects.sqlite import fetch
from storage.papers import chunks
from storage.schema import held_back

_AT_ONCE = 500
_WAITING = [each.value for each in HoldReason if each.waits]
# A key begins with the topic's number and ends with the paper's; a semicolon comes right after a colon.
_POSTED = """
    WITH asked(topic, since, start) AS (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), 'topic:' || json_extract(value, '$[0]')
        FROM json_each(?))
    SELECT topic, (
        SELECT count(*) FROM deliveries
        WHERE key > start || ':' AND key < start || ';' AND not_before >= since) AS posted
    FROM asked WHERE posted > 0
"""


async def hold_back(connection: AsyncConnection, held: Sequence[HeldBack]) -> None:
    """Keep these; what a topic held back of a paper before stays as it was."""
    once = insert(held_back).on_conflict_do_nothing()
    for some in chunks(held, _AT_ONCE):
        await connection.execute(once, [_row(each) for each in some])


async def count_posted(connection: AsyncConnection, since: Mapping[int, datetime]) -> dict[int, int]:
    """How many messages each of these topics was owed since its own moment; those with none left out."""
    asked = json.dumps([[topic, instant(moment)] for topic, moment in since.items()])
    return dict(await fetch(connection, _POSTED, (asked,))) if since else {}


async def list_waiting(connection: AsyncConnection, topic: int, *, until: datetime) -> list[HeldBack]:
    """What waits for the topic's next digest and matched before `until`, the earliest first."""
    wanted = (
        select(held_back)
        .where(
            (held_back.c.subscription_id == topic)
            & held_back.c.delivery_key.is_(None)
            & (held_back.c.matched_at < until)
            & held_back.c.reason.in_(_WAITING)
        )
        .order_by(held_back.c.matched_at, held_back.c.paper_id)
    )
    return [known_hold(row) for row in await connection.execute(wanted)]


async def list_topics_waiting(connection: AsyncConnection) -> list[int]:
    """The numbers of the topics of which something waits for a digest."""
    waiting = held_back.c.delivery_key.is_(None) & held_back.c.reason.in_(_WAITING)
    return list((await connection.execute(select(held_back.c.subscription_id).where(waiting).distinct())).scalars())


async def bring_held_back(connection: AsyncConnection, topic: int, papers: Sequence[int], *, key: str) -> None:
    """Say which delivery brings these papers of a topic."""
    mine = held_back.c.subscription_id == topic
    for some in chunks(papers, _AT_ONCE):
        await connection.execute(
            update(held_back).where(mine & held_back.c.paper_id.in_(list(some))).values(delivery_key=key)
        )


def known_hold(row: Row[Any]) -> HeldBack:
    """What was held back in one row of the table."""
    return HeldBack(**{**row._mapping, "reason": HoldReason(row.reason)})


def _row(held: HeldBack) -> dict[str, object]:
    return {each: getattr(held, each) for each in HeldBack.__dataclass_fields__}
