"""Papers, the ids they are known by, and what the database knows about itself."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("id", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("title_key", sa.BigInteger, nullable=False),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("ids", sa.Text, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("links", sa.Text, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        sa.Column("published_kind", sa.SmallInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger),
        sa.Column("upvotes", sa.BigInteger),
        sa.Column("page_url", sa.Text),
        sa.Column("pdf_url", sa.Text),
        sa.Column("code_url", sa.Text),
        sa.Column("journal_ref", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("abstract", sa.Text, nullable=False),
    )
    op.create_index("papers_by_title", "papers", ["title_key"])
    op.create_index("papers_without_ids", "papers", ["title_key"], sqlite_where=sa.text("ids = '[]'"))
    op.create_index("papers_by_upvotes", "papers", ["upvotes", "id"], sqlite_where=sa.text("upvotes IS NOT NULL"))
    op.create_table(
        "external_ids",
        sa.Column("scheme", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("paper_id", _NUMBER, sa.ForeignKey("papers.id"), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("meta")
    op.drop_table("external_ids")
    op.drop_table("papers")
