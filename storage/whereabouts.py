"""What became of one paper in one server: the messages that brought it, and why it was held back. Changes nothing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import topic_key
from bot.domain.delivery_views import KnownDelivery
from bot.domain.whereabouts import Whereabouts
from storage.delivery_lists import SHOWN, known_delivery
from storage.dialects.wording import one_of
from storage.held_back import known_hold
from storage.schema import deliveries, former_numbers, held_back


async def whereabouts(
    connection: AsyncConnection, paper_id: int, *, guild_id: int, topics: Sequence[int]
) -> Whereabouts:
    """What is on record of this paper for these topics of a server, also under numbers that the paper had before."""
    former = select(former_numbers.c.number).where(former_numbers.c.paper_id == paper_id)
    numbers = [paper_id, *(await connection.execute(former)).scalars()]
    mine = held_back.c.paper_id.in_(numbers) & (held_back.c.guild_id == guild_id)
    rows = (await connection.execute(select(held_back).where(mine).order_by(held_back.c.matched_at))).all()
    held = {row.subscription_id: known_hold(row) for row in rows}
    own = {topic_key(topic, number): topic for topic in topics for number in numbers}
    bringing = {key for each in held.values() for key in (each.delivery_key, each.refused_key) if key is not None}
    found = await _deliveries(connection, guild_id, [*own, *bringing])
    return Whereabouts(
        owed={own[key]: each for key, each in found.items() if key in own},
        held=held,
        bringing={key: each for key, each in found.items() if key in bringing},
    )


async def _deliveries(connection: AsyncConnection, guild_id: int, keys: Sequence[str]) -> dict[str, KnownDelivery]:
    """The deliveries of a server with these keys; of several parts the first one."""
    wanted = select(*SHOWN).where(
        one_of(connection, deliveries.c.key, keys) & (deliveries.c.guild_id == guild_id) & (deliveries.c.part == 0)
    )
    return {row.key: known_delivery(row) for row in await connection.execute(wanted)}
