"""Which papers nobody has announced yet, and how votes move from day to day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "unannounced",
        sa.Column("paper_id", number, sa.ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_table(
        "upvotes",
        sa.Column("paper_id", number, sa.ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("upvotes", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("upvotes")
    op.drop_table("unannounced")
