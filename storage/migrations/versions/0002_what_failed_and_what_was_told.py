"""Updates that fail, alerts that are told together, pauses, and indexes that a million orders need."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("inbox", sa.Column("trouble", sa.String(64)))
    op.add_column("inbox", sa.Column("set_aside_at", sa.BigInteger()))
    op.create_index("ix_inbox_handled", "inbox", ["handled_at"])
    op.create_index("ix_orders_created", "orders", ["created_at"])
    _partial_index("ix_orders_attention", "orders", "id", "attention IS NOT NULL")
    op.create_index("ix_codes_key", "codes", ["key_id"])
    op.create_index("ix_outbox_order", "outbox", ["order_id"])
    op.add_column("alerts", sa.Column("data", sa.Text(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column("alerts", sa.Column("told_at", sa.BigInteger()))
    op.execute("UPDATE alerts SET told_at = opened_at")
    _partial_index("ix_alerts_untold", "alerts", "opened_at", "told_at IS NULL AND closed_at IS NULL")
    op.create_table(
        "pauses",
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_pauses")),
    )
    op.create_table(
        "last_runs",
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_last_runs")),
    )


def _partial_index(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)
