"""A draft of a topic keeps what was typed for it in a column of its own."""

import json

import sqlalchemy as sa
from alembic import op

from storage.columns import TEXT

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_DRAFTS = sa.table("topic_drafts", sa.column("id"), sa.column("posting"), sa.column("typed"))


def upgrade() -> None:
    op.add_column("topic_drafts", sa.Column("typed", TEXT, nullable=False, server_default=sa.text("''")))
    for number, posting in op.get_bind().execute(sa.select(_DRAFTS.c.id, _DRAFTS.c.posting)).all():
        chosen = json.loads(posting)
        typed = chosen.pop("typed", "")
        _write(number, posting=json.dumps(chosen), typed=typed)


def downgrade() -> None:
    for number, posting, typed in op.get_bind().execute(sa.select(_DRAFTS)).all():
        _write(number, posting=json.dumps(json.loads(posting) | {"typed": typed}))
    op.drop_column("topic_drafts", "typed")


def _write(number: int, **told: str) -> None:
    op.execute(_DRAFTS.update().where(_DRAFTS.c.id == number).values(**told))
