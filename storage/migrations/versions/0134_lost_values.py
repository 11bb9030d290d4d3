"""Since when suppliers' answers are without a value, and whether it is taken for lost.

Operators were told already of what is not listed when an earlier version ends.
"""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("catalogue_denominations", sa.Column("unlisted_at", sa.BigInteger()))
    op.add_column(
        "catalogue_denominations",
        sa.Column("lost", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.execute(
        "UPDATE catalogue_denominations SET lost = true WHERE priced_at IS NULL AND NOT listed"
    )


def downgrade() -> None:
    for column in ("lost", "unlisted_at"):
        op.drop_column("catalogue_denominations", column)
