"""An index by which customers are counted by language, for the figures."""

from alembic import op

revision = "0123"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_users_language", "users", ["locale", "id"])


def downgrade() -> None:
    op.drop_index("ix_users_language", "users")
