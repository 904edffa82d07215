"""Which papers nobody has announced yet, which lack an abstract, and how votes move from day to day."""

import sqlalchemy as sa
from alembic import op

from storage.columns import NUMBER, partly

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("papers_without_abstract", "papers", ["first_seen_at", "id"], **partly("abstract = ''"))
    op.create_table(
        "unannounced",
        sa.Column("paper_id", NUMBER, sa.ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_table(
        "upvotes",
        sa.Column("paper_id", NUMBER, sa.ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("upvotes", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("upvotes")
    op.drop_table("unannounced")
    op.drop_index("papers_without_abstract", "papers")
