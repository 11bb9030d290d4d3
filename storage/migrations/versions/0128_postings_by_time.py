"""An index of postings by their time: figures of a day and the files of a month read no others."""

from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_postings_at", "postings", ["at", "id"])


def downgrade() -> None:
    op.drop_index("ix_postings_at", "postings")
