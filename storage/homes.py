"""Which messages of a server brought a paper: alone, in a digest or as paper of the day.

It asks the messages themselves: a topic that is given up or moved takes nothing of this with it.
"""

import json
from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import DeliveryState
from bot.domain.flat import moment
from bot.domain.homes import Home
from bot.domain.posts import Posted
from storage.dialects.wording import fetch

_MOST = 100
_BROUGHT = """
    WITH asked (paper) AS (SELECT value FROM json_each(?1)),
    brought (paper, id) AS (
        SELECT paper, owed.id FROM asked
        CROSS JOIN deliveries AS owed ON owed.paper_id = paper AND owed.guild_id = ?2 AND owed.part = 0
        UNION
        SELECT paper, owed.id FROM asked
        CROSS JOIN held_back AS held ON held.paper_id = paper AND held.guild_id = ?2
        CROSS JOIN deliveries AS owed ON owed.key = held.delivery_key AND owed.part = 0 AND owed.guild_id = ?2
    )
"""
"""The messages of a server that bring or brought the papers that are asked for, found paper by paper."""
_HOMES = f"""{_BROUGHT}
    SELECT paper, channel_id, message_id, settled_at FROM brought CROSS JOIN deliveries USING (id)
    WHERE state = ?3 AND message_id IS NOT NULL ORDER BY settled_at DESC, id DESC LIMIT ?4
"""  # noqa: S608 (our own words)
_HERE = f"""{_BROUGHT}
    SELECT paper, settled_at, message_id FROM brought CROSS JOIN deliveries USING (id)
    WHERE channel_id = ?3 AND state IN ('owed', 'held', 'sent') ORDER BY settled_at IS NULL, settled_at, id
"""  # noqa: S608 (our own words)
_AHEAD = """
    SELECT channel_id, paper_id, owed.key FROM json_each(?) CROSS JOIN deliveries AS owed ON paper_id = value
    WHERE part = 0 AND state IN ('owed', 'held', 'sent') ORDER BY owed.id DESC
"""


async def list_homes(connection: AsyncConnection, papers: Sequence[int], *, guild_id: int) -> list[Home]:
    """Where any of these papers was posted in this server, the latest first; a hundred at most."""
    rows = await fetch(connection, _HOMES, (json.dumps(list(papers)), guild_id, DeliveryState.SENT.value, _MOST))
    return [
        Home(paper_id=paper, channel_id=channel, message_id=message, posted_at=moment(at))
        for paper, channel, message, at in rows
    ]


async def posted_here(
    connection: AsyncConnection, papers: Sequence[int], *, guild_id: int, channel_id: int
) -> list[Posted]:
    """Which of these papers the channel gets or got otherwise, the earliest message of each."""
    found: dict[int, Posted] = {}
    for number, at, message in await fetch(connection, _HERE, (json.dumps(list(papers)), guild_id, channel_id)):
        told = Posted(paper_id=number, at=None if at is None else int(moment(at).timestamp()), message_id=message)
        found.setdefault(number, told)
    return list(found.values())


async def keys_ahead(connection: AsyncConnection, papers: Collection[int]) -> dict[tuple[int, int], str]:
    """The key of the first message that brings a paper alone, by channel and paper, for these papers."""
    rows = await fetch(connection, _AHEAD, (json.dumps(sorted(papers)),))
    return {(channel, paper): key for channel, paper, key in rows}
