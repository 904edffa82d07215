"""Papers, the ids they are known by, and what the database knows about itself."""

import sqlalchemy as sa
from alembic import op

from storage.columns import NUMBER, TEXT, partly

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("title_key", sa.BigInteger, nullable=False),
        sa.Column("authors", TEXT, nullable=False),
        sa.Column("categories", TEXT, nullable=False),
        sa.Column("ids", TEXT, nullable=False),
        sa.Column("sources", TEXT, nullable=False),
        sa.Column("links", TEXT, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.Column("published_kind", sa.SmallInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger),
        sa.Column("upvotes", sa.BigInteger),
        sa.Column("page_url", TEXT),
        sa.Column("pdf_url", TEXT),
        sa.Column("code_url", TEXT),
        sa.Column("journal_ref", TEXT),
        sa.Column("comment", TEXT),
        sa.Column("abstract", TEXT, nullable=False),
    )
    op.create_index("papers_by_title", "papers", ["title_key"])
    op.create_index("papers_without_ids", "papers", ["title_key"], **partly("ids = '[]'"))
    op.create_index("papers_by_upvotes", "papers", ["upvotes", "id"], **partly("upvotes IS NOT NULL"))
    op.create_table(
        "external_ids",
        sa.Column("scheme", TEXT, primary_key=True),
        sa.Column("value", TEXT, primary_key=True),
        sa.Column("paper_id", NUMBER, sa.ForeignKey("papers.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        sa.Column("key", TEXT, primary_key=True),
        sa.Column("value", TEXT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("meta")
    op.drop_table("external_ids")
    op.drop_table("papers")
