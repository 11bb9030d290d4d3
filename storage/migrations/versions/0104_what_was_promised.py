"""Quotes remember what was promised; values remember that they are sold out or held.

Quotes of an earlier version promise nothing but their price.
"""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("quotes", sa.Column("label", sa.Text(), nullable=False, server_default=""))
    op.add_column("quotes", sa.Column("face_minor", sa.BigInteger()))
    op.add_column(
        "quotes", sa.Column("currency", sa.String(length=8), nullable=False, server_default="")
    )
    for column in (
        sa.Column("sold_out_at", sa.BigInteger()),
        sa.Column("held", sa.String(length=16)),
        sa.Column("held_cost_minor", sa.BigInteger()),
    ):
        op.add_column("catalogue_denominations", column)


def downgrade() -> None:
    for column in ("label", "face_minor", "currency"):
        op.drop_column("quotes", column)
    for column in ("sold_out_at", "held", "held_cost_minor"):
        op.drop_column("catalogue_denominations", column)
