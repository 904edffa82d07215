"""Days of publication and upvotes are looked up without reading whole papers."""

from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("papers_in_brief", "papers", ["id", "published_at", "upvotes"])


def downgrade() -> None:
    op.drop_index("papers_in_brief", "papers")
