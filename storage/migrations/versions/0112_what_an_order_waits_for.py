"""What the customer of a waiting order was told, and when to look again; how long products took."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

_IS_SET = sa.text("tell_at IS NOT NULL")


def upgrade() -> None:
    op.add_column(
        "orders", sa.Column("stage", sa.String(12), nullable=False, server_default="waiting")
    )
    op.add_column("orders", sa.Column("tell_at", sa.BigInteger(), nullable=True))
    op.execute(sa.text("UPDATE orders SET stage = 'slow' WHERE told_slow"))
    waiting = "('paid', 'placing', 'unconfirmed', 'handling')"
    op.execute(sa.text(f"UPDATE orders SET tell_at = paid_at WHERE state IN {waiting}"))
    op.drop_column("orders", "told_slow")
    op.create_index("ix_orders_product", "orders", ["product_id", "state", "settled_at"])
    op.create_index(
        "ix_orders_tell",
        "orders",
        ["supplier", "tell_at"],
        sqlite_where=_IS_SET,
        postgresql_where=_IS_SET,
    )


def downgrade() -> None:
    op.drop_index("ix_orders_tell", table_name="orders")
    op.drop_index("ix_orders_product", table_name="orders")
    op.add_column(
        "orders", sa.Column("told_slow", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(sa.text("UPDATE orders SET told_slow = true WHERE stage = 'slow'"))
    op.drop_column("orders", "tell_at")
    op.drop_column("orders", "stage")
