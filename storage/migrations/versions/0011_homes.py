"""A delivery knows its paper and is found by it and by its server; what a refused digest held waits for another."""

import sqlalchemy as sa
from alembic import op

from storage.columns import TEXT, partly

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OF_TOPICS = """
    UPDATE deliveries SET paper_id = CAST(substr(key, 7 + instr(substr(key, 7), ':')) AS INTEGER)
    WHERE kind = 'topic' AND key GLOB 'topic:[0-9]*:[0-9]*'
"""
_OF_DAYS = """
    UPDATE deliveries SET paper_id = (
        SELECT paper_id FROM daily_posts AS chosen WHERE chosen.channel_id = deliveries.channel_id
        AND key = 'daily:' || chosen.channel_id || ':' || "on" || CASE number WHEN 0 THEN '' ELSE ':' || number END)
    WHERE kind = 'daily'
"""
_PRESENT = """
    UPDATE deliveries SET paper_id = (SELECT paper_id FROM former_numbers WHERE number = deliveries.paper_id)
    WHERE paper_id IN (SELECT number FROM former_numbers)
"""
"""A paper that turned out to be another is that one now."""


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("paper_id", sa.BigInteger))
    if op.get_bind().dialect.name == "sqlite":  # no PostgreSQL database is as old as this
        for each in (_OF_TOPICS, _OF_DAYS, _PRESENT):
            op.execute(each)
    op.create_index("deliveries_by_guild", "deliveries", ["guild_id"])
    op.create_index("deliveries_by_paper", "deliveries", ["paper_id", "guild_id"], **partly("paper_id IS NOT NULL"))
    op.drop_index("held_back_by_paper", "held_back")
    op.create_index("held_back_by_paper", "held_back", ["paper_id", "guild_id"])
    op.add_column("held_back", sa.Column("refused_key", TEXT))


def downgrade() -> None:
    op.drop_column("held_back", "refused_key")
    op.drop_index("held_back_by_paper", "held_back")
    op.create_index("held_back_by_paper", "held_back", ["paper_id"])
    op.drop_index("deliveries_by_paper", "deliveries")
    op.drop_index("deliveries_by_guild", "deliveries")
    op.drop_column("deliveries", "paper_id")
