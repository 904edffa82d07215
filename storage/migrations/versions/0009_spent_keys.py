"""Deliveries are forgotten after a while, but not that there were any."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("spent_keys", sa.Column("hash", sa.BigInteger, primary_key=True, autoincrement=False))
    op.create_index("deliveries_ended", "deliveries", ["settled_at"])
    op.create_index("held_back_by_time", "held_back", ["matched_at"])


def downgrade() -> None:
    op.drop_index("held_back_by_time", "held_back")
    op.drop_index("deliveries_ended", "deliveries")
    op.drop_table("spent_keys")
