"""Papers may turn out to be one, go by other titles, and change after they were first seen; some are withdrawn."""

import sqlalchemy as sa
from alembic import op

from storage.columns import NUMBER, TEXT, partly

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("papers", sa.Column("withdrawn", sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    op.drop_index("papers_without_ids", "papers")
    without = partly("ids NOT LIKE '[[\"arxiv\"%'")
    op.create_index("papers_without_arxiv_id", "papers", ["title_key"], **without)
    op.create_index("ix_external_ids_paper_id", "external_ids", ["paper_id"])
    op.create_table(
        "title_words",
        sa.Column("word", TEXT, primary_key=True),
        sa.Column("paper_id", NUMBER, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "other_titles",
        sa.Column("title_key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("paper_id", NUMBER, sa.ForeignKey("papers.id"), primary_key=True, autoincrement=False, index=True),
        sa.Column("title", TEXT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "former_numbers",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("paper_id", NUMBER, sa.ForeignKey("papers.id"), nullable=False, index=True),
    )
    op.create_table(
        "paper_changes",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("paper_id", NUMBER, sa.ForeignKey("papers.id"), nullable=False, index=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("before", TEXT),
        sa.Column("after", TEXT),
    )


def downgrade() -> None:
    for table in ("paper_changes", "former_numbers", "other_titles", "title_words"):
        op.drop_table(table)
    op.drop_index("ix_external_ids_paper_id", "external_ids")
    op.drop_index("papers_without_arxiv_id", "papers")
    op.create_index("papers_without_ids", "papers", ["title_key"], **partly("ids = '[]'"))
    op.drop_column("papers", "withdrawn")
