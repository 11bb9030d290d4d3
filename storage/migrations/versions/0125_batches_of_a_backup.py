"""Which batches of own codes a restore has held, until an operator has decided about them."""

from alembic import op
import sqlalchemy as sa

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("own_batches", sa.Column("held_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("own_batches", "held_at")
