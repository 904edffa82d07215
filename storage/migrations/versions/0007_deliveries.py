"""Messages that are owed to channels, which channels rest, whose turn it is, and what channels follow."""

import sqlalchemy as sa
from alembic import op

from storage.columns import NUMBER, TEXT, partly

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OWED = partly("state = 'owed'")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("part", sa.BigInteger, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("nonce", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("first_attempt_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("last_error", TEXT),
        sa.Column("payload", TEXT, nullable=False),
        sa.UniqueConstraint("key", "part", name="deliveries_key"),
    )
    op.create_index("deliveries_in_line", "deliveries", ["channel_id", "id"], **_OWED)
    op.create_index("deliveries_due", "deliveries", ["not_before"], **_OWED)
    op.create_index("deliveries_expiring", "deliveries", ["expires_at"], **_OWED)
    op.create_index("deliveries_leased", "deliveries", ["channel_id"], **partly("lease_until IS NOT NULL"))
    op.create_index("deliveries_by_state", "deliveries", ["state", "id"])
    op.create_index("deliveries_settled", "deliveries", ["channel_id", "settled_at"])
    op.create_table(
        "resting_channels",
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("trouble", TEXT, nullable=False),
        sa.Column("missing", TEXT, nullable=False),
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
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("created_by", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("channel_id", "query", name="subscriptions_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("subscriptions_by_guild", "subscriptions", ["guild_id"])


def downgrade() -> None:
    for table in ("subscriptions", "served_guilds", "resting_channels", "deliveries"):
        op.drop_table(table)
