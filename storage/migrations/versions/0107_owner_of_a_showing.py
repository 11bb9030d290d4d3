"""A showing of codes names the process that claimed it.

Those of an earlier version name none: they end by their time, or at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "showings", sa.Column("owner", sa.String(16), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("showings", "owner")
