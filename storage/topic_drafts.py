"""Topics that somebody is looking at a preview of, for a day."""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.posting import Cadence, Posting
from bot.domain.topic_drafts import KEPT_FOR, TopicDraft
from storage.schema import topic_drafts


async def add_topic_draft(connection: AsyncConnection, draft: TopicDraft) -> int:
    """Keep a draft, and forget those that are too old; its number."""
    await connection.execute(delete(topic_drafts).where(topic_drafts.c.made_at < draft.made_at - KEPT_FOR))
    row = asdict(draft)
    row["posting"] = json.dumps(row["posting"])
    del row["id"]
    made = await connection.execute(insert(topic_drafts).returning(topic_drafts.c.id), row)
    return int(made.scalar_one())


async def get_topic_draft(
    connection: AsyncConnection, number: int, *, guild_id: int, person_id: int, now: datetime
) -> TopicDraft | None:
    """The draft that this person made in this server, if it is not too old."""
    mine = (topic_drafts.c.guild_id == guild_id) & (topic_drafts.c.person_id == person_id)
    recent = topic_drafts.c.made_at >= now - KEPT_FOR
    found = select(topic_drafts).where((topic_drafts.c.id == number) & mine & recent)
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    told = dict(row._mapping)
    chosen = json.loads(told.pop("posting"))
    return TopicDraft(**told, posting=Posting(**{**chosen, "cadence": Cadence(chosen["cadence"])}))
