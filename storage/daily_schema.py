"""The tables of the paper of the day: schedules, what became of their dates, nominations and votes."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Table, UniqueConstraint

from storage.columns import NUMBER, TEXT
from storage.instants import Instant
from storage.schema import metadata

schedules = Table(
    "schedules",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("zone", TEXT, nullable=False),
    Column("weekdays", BigInteger, nullable=False),
    Column("query", TEXT, nullable=False),
    Column("fallback", TEXT, nullable=False),
    Column("has_thread", Boolean, nullable=False),
    Column("role_id", BigInteger),
    Column("is_pinned", Boolean, nullable=False),
    Column("is_silent", Boolean, nullable=False),
    Column("recap_weekday", BigInteger),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("planned_through", Date, nullable=False),
    Column("recapped_through", Date),
    Column("stopped_at", Instant),
    UniqueConstraint("channel_id", name="schedules_once"),
    Index("schedules_by_guild", "guild_id"),
    sqlite_autoincrement=True,
    comment="When each channel gets its paper of the day; weekdays are bits, Monday the lowest",
)

schedule_drafts = Table(
    "schedule_drafts",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("schedule", TEXT, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
    sqlite_autoincrement=True,
    comment="Schedules that somebody looks at a preview of, for a day; each is JSON, numbers are never used again",
)

daily_posts = Table(
    "daily_posts",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("on", Date, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("paper_id", BigInteger),
    Column("origin", TEXT),
    Column("because", TEXT, nullable=False),
    Column("skipped", TEXT),
    Column("person_id", BigInteger),
    Index("daily_posts_by_guild", "guild_id", "on"),
    Index("daily_posts_by_paper", "paper_id", "channel_id"),
    comment="What became of each local date of a channel; number 0 is the date's own, others were asked for besides",
)

recaps = Table(
    "recaps",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("on", Date, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("papers", BigInteger, nullable=False),
    Column("skipped", TEXT),
    Index("recaps_by_guild", "guild_id"),
    comment="What became of each weekly recap of a channel, by its local date: how many papers it told of, or why none",
)

nominations = Table(
    "nominations",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("paper_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Instant),
    UniqueConstraint("guild_id", "paper_id", name="nominations_once"),
    sqlite_autoincrement=True,
    comment="Papers that people of a server proposed for its day; those that wait are in line by place, then number",
)

votes = Table(
    "votes",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("paper_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("voted_at", Instant, nullable=False),
    Index("votes_by_time", "guild_id", "voted_at"),
    Index("votes_by_person", "person_id"),
    comment="Who voted for what in which server, once each; nothing else is kept of people",
)
