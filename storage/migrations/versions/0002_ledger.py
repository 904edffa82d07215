"""What each feed brought day by day, where it is resumed, and whose turn it is to ask."""

import sqlalchemy as sa
from alembic import op

from storage.columns import TEXT

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("feed", TEXT, primary_key=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("expected", sa.BigInteger),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("new", sa.BigInteger, nullable=False),
        sa.Column("revised", sa.BigInteger, nullable=False),
        sa.Column("known", sa.BigInteger, nullable=False),
        sa.Column("rejected", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.BigInteger),
        sa.Column("took", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("last_error", TEXT),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoints",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("feed", TEXT, primary_key=True),
        sa.Column("checkpoint", TEXT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turns",
        sa.Column("family", TEXT, primary_key=True),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("holder", TEXT),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("line", TEXT, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("turns")
    op.drop_table("checkpoints")
    op.drop_table("feed_days")
