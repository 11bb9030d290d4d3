"""A case knows its order, until when it takes what its customer writes, and whether they wait."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("order_id", "talks_until", "waits_since"):
        op.add_column("cases", sa.Column(name, sa.BigInteger(), nullable=True))
    # An earlier version counted every open case as one that waits for an answer.
    op.execute("UPDATE cases SET waits_since = opened_at WHERE closed_at IS NULL")


def downgrade() -> None:
    for name in ("waits_since", "talks_until", "order_id"):
        op.drop_column("cases", name)
