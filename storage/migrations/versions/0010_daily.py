"""The paper of the day: schedules, what became of each date, nominations and votes."""

import sqlalchemy as sa
from alembic import op

from storage.columns import NUMBER, TEXT

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("weekdays", sa.BigInteger, nullable=False),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("fallback", TEXT, nullable=False),
        sa.Column("has_thread", sa.Boolean, nullable=False),
        sa.Column("role_id", sa.BigInteger),
        sa.Column("is_pinned", sa.Boolean, nullable=False),
        sa.Column("is_silent", sa.Boolean, nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("planned_through", sa.Date, nullable=False),
        sa.Column("stopped_at", sa.BigInteger),
        sa.UniqueConstraint("channel_id", name="schedules_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("schedules_by_guild", "schedules", ["guild_id"])
    op.create_table(
        "schedule_drafts",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("schedule", TEXT, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_schedule_drafts_made_at", "schedule_drafts", ["made_at"])
    op.create_table(
        "daily_posts",
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("planned_at", sa.BigInteger, nullable=False),
        sa.Column("paper_id", sa.BigInteger),
        sa.Column("origin", TEXT),
        sa.Column("because", TEXT, nullable=False),
        sa.Column("skipped", TEXT),
        sa.Column("person_id", sa.BigInteger),
    )
    op.create_index("daily_posts_by_guild", "daily_posts", ["guild_id", "on"])
    op.create_index("daily_posts_by_paper", "daily_posts", ["paper_id", "channel_id"])
    op.create_table(
        "nominations",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("paper_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("decided_by", sa.BigInteger),
        sa.Column("decided_at", sa.BigInteger),
        sa.UniqueConstraint("guild_id", "paper_id", name="nominations_once"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "votes",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("paper_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("voted_at", sa.BigInteger, nullable=False),
    )
    op.create_index("votes_by_time", "votes", ["guild_id", "voted_at"])
    op.create_index("votes_by_person", "votes", ["person_id"])
    op.add_column("servers", sa.Column("approves_nominations", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("servers", "approves_nominations")
    op.drop_table("votes")
    op.drop_table("nominations")
    op.drop_table("daily_posts")
    op.drop_table("schedule_drafts")
    op.drop_table("schedules")
