"""Messages that are owed to channels, which channels rest, whose turn it is, and what channels follow."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OWED = sa.text("state = 'owed'")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("part", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("first_attempt_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("last_error", sa.Text),
        sa.Column("payload", sa.Text, nullable=False),
        sa.UniqueConstraint("key", "part", name="deliveries_key"),
    )
    op.create_index("deliveries_in_line", "deliveries", ["channel_id", "id"], sqlite_where=_OWED)
    op.create_index("deliveries_due", "deliveries", ["not_before"], sqlite_where=_OWED)
    op.create_index("deliveries_expiring", "deliveries", ["expires_at"], sqlite_where=_OWED)
    op.create_index("deliveries_leased", "deliveries", ["channel_id"], sqlite_where=sa.text("lease_until IS NOT NULL"))
    op.create_index("deliveries_by_state", "deliveries", ["state", "id"])
    op.create_index("deliveries_settled", "deliveries", ["channel_id", "settled_at"])
    op.create_table(
        "resting_channels",
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("again_at", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.BigInteger, nullable=False),
        sa.Column("told_at", sa.BigInteger),
    )
    op.create_table(
        "served_guilds",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", _NUMBER, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("channel_id", "query", name="subscriptions_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("subscriptions_by_guild", "subscriptions", ["guild_id"])


def downgrade() -> None:
    for table in ("subscriptions", "served_guilds", "resting_channels", "deliveries"):
        op.drop_table(table)
