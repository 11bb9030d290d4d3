"""Updates have an identity of their own: Telegram gives the id of one to another after a while.

Updates of an earlier version have none: what they did is known by their ids.
"""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("identity", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("inbox", "identity")
