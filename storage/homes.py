"""Where papers were posted in a server, alone, in a digest or as paper of the day. Every question names the server."""

import json
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import DeliveryState
from bot.domain.flat import moment
from bot.domain.homes import Home
from storage.dialects.sqlite import fetch

_MOST = 100
_HOMES = """
    WITH asked (paper) AS (SELECT value FROM json_each(?1)),
    keys (paper, key) AS (
        SELECT paper, 'topic:' || subscriptions.id || ':' || paper
        FROM asked JOIN subscriptions ON subscriptions.guild_id = ?2
        UNION
        SELECT paper, delivery_key
        FROM asked JOIN held_back ON held_back.paper_id = paper
        WHERE held_back.guild_id = ?2 AND delivery_key IS NOT NULL
        UNION
        SELECT paper, 'daily:' || channel_id || ':' || "on" || CASE number WHEN 0 THEN '' ELSE ':' || number END
        FROM asked JOIN daily_posts ON daily_posts.paper_id = paper
        WHERE daily_posts.guild_id = ?2
    )
    SELECT keys.paper, posted.channel_id, posted.message_id, posted.settled_at
    FROM keys JOIN deliveries AS posted ON posted.key = keys.key
    WHERE posted.guild_id = ?2 AND posted.state = ?3 AND posted.message_id IS NOT NULL AND posted.part = 0
    ORDER BY posted.settled_at DESC, posted.id DESC LIMIT ?4
"""


async def list_homes(connection: AsyncConnection, papers: Sequence[int], *, guild_id: int) -> list[Home]:
    """Where the topics and days of this server posted any of these papers, the latest first; a hundred at most."""
    rows = await fetch(connection, _HOMES, (json.dumps(list(papers)), guild_id, DeliveryState.SENT.value, _MOST))
    return [
        Home(paper_id=paper, channel_id=channel, message_id=message, posted_at=moment(at))
        for paper, channel, message, at in rows
    ]
