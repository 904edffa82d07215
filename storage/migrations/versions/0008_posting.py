"""How and when topics are posted, what was held back, and what servers have settled."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import NUMBER, TEXT, partly

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _new() -> list[sa.Column[Any]]:
    return [
        sa.Column("cadence", TEXT, nullable=False, server_default="arrival"),
        sa.Column("zone", TEXT, nullable=False, server_default="UTC"),
        sa.Column("digest_at", sa.BigInteger, nullable=False, server_default="540"),
        sa.Column("weekday", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("most_per_day", sa.BigInteger, nullable=False, server_default="5"),
        sa.Column("quiet_from", sa.BigInteger),
        sa.Column("quiet_until", sa.BigInteger),
        sa.Column("role_id", sa.BigInteger),
        sa.Column("has_threads", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("is_silent", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("paused_at", sa.BigInteger),
    ]


def upgrade() -> None:
    for column in _new():
        op.add_column("subscriptions", column)
    op.create_table(
        "held_back",
        sa.Column("subscription_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("paper_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("matched_at", sa.BigInteger, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("delivery_key", TEXT),
    )
    op.create_index(
        "held_back_waiting",
        "held_back",
        ["subscription_id", "matched_at"],
        **partly("delivery_key IS NULL"),
    )
    op.create_index("held_back_by_paper", "held_back", ["paper_id"])
    op.create_table(
        "servers",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("manager_role_id", sa.BigInteger),
        sa.Column("log_channel_id", sa.BigInteger),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("left_at", sa.BigInteger),
    )
    op.create_table(
        "topic_drafts",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("topic_id", sa.BigInteger),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("posting", TEXT, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_topic_drafts_made_at", "topic_drafts", ["made_at"])
    op.create_table("imports", sa.Column("at", sa.BigInteger, primary_key=True))
    op.create_index("papers_by_first_seen", "papers", ["first_seen_at", "published_at"])


def downgrade() -> None:
    op.drop_index("papers_by_first_seen", "papers")
    op.drop_table("imports")
    op.drop_table("topic_drafts")
    op.drop_table("servers")
    op.drop_table("held_back")
    for column in reversed(_new()):
        op.drop_column("subscriptions", column.name)
