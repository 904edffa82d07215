"""The weekly recap: on which day of the week a channel gets it, and what became of each."""

import sqlalchemy as sa
from alembic import op

from storage.columns import TEXT

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("schedules", sa.Column("recap_weekday", sa.BigInteger))
    op.add_column("schedules", sa.Column("recapped_through", sa.Date))
    op.create_table(
        "recaps",
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("planned_at", sa.BigInteger, nullable=False),
        sa.Column("papers", sa.BigInteger, nullable=False),
        sa.Column("skipped", TEXT),
    )
    op.create_index("recaps_by_guild", "recaps", ["guild_id"])


def downgrade() -> None:
    op.drop_table("recaps")
    op.drop_column("schedules", "recapped_through")
    op.drop_column("schedules", "recap_weekday")
