"""Payments, their receipts, ways to pay that are switched off, and customers' cases with support."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _free_outbox_kinds()
    op.create_index("ix_admin_actions_operator", "admin_actions", ["operator_id", "at"])
    op.create_table(
        "payments",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("order_id", ID),
        sa.Column("asked_minor", sa.BigInteger(), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.String(255)),
        sa.Column("url", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("checked_at", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.CheckConstraint("method IN ('transfer', 'ocpay', 'stars')", name=op.f("ck_payments_method")),
        sa.CheckConstraint(
            "state IN ('open', 'review', 'held', 'credited', 'rejected', 'expired', 'returning', 'returned')",
            name=op.f("ck_payments_state"),
        ),
        sa.CheckConstraint("asked_minor >= 0", name=op.f("ck_payments_asked")),
        sa.CheckConstraint("paid_minor >= 0", name=op.f("ck_payments_paid")),
        sa.CheckConstraint("stars >= 0", name=op.f("ck_payments_stars")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_payments_user_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("key", name=op.f("uq_payments_key")),
        sa.UniqueConstraint("method", "external_id", name=op.f("uq_payments_method_external_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_payments_user", "payments", ["user_id", "id"])
    op.create_index("ix_payments_order", "payments", ["order_id"])
    op.create_index("ix_payments_state", "payments", ["state", "id"])
    _partial_index("ix_payments_due", "payments", "due_at", "due_at IS NOT NULL")
    op.create_table(
        "receipts",
        sa.Column("id", ID, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("unique_id", sa.String(128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'document')", name=op.f("ck_receipts_kind")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_receipts_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("payment_id", "unique_id", name=op.f("uq_receipts_payment_id_unique_id")),
    )
    op.create_index("ix_receipts_unique", "receipts", ["unique_id"])
    op.create_table(
        "methods_off",
        sa.Column("method", sa.String(12), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("method", name=op.f("pk_methods_off")),
    )
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_cases_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_user", "cases", ["user_id", "id"])
    _partial_index("ix_cases_open", "cases", "id", "closed_at IS NULL")
    op.create_table(
        "case_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_messages_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_messages")),
        sa.UniqueConstraint("operator_id", "message_id", name=op.f("uq_case_messages_operator_id_message_id")),
        sa.UniqueConstraint("operator_id", "update_id", name=op.f("uq_case_messages_operator_id_update_id")),
    )
    op.create_index("ix_case_messages_case", "case_messages", ["case_id"])


def _free_outbox_kinds() -> None:
    """What is said grows with the shop: the list of kinds stands in the code alone from now on."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_outbox_kind"), "outbox", type_="check")
        return
    columns = "id, key, user_id, kind, order_id, data, state, attempts, due_at, created_at"
    op.create_table(
        "outbox_new",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("order_id", ID),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'sent', 'unreachable', 'dead')", name=op.f("ck_outbox_state")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_outbox_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.execute(f"INSERT INTO outbox_new ({columns}) SELECT {columns} FROM outbox")
    op.drop_table("outbox")
    op.rename_table("outbox_new", "outbox")
    op.create_index("ix_outbox_order", "outbox", ["order_id"])
    _partial_index("ix_outbox_pending", "outbox", "user_id, id", "state = 'pending'")


def _partial_index(name: str, table: str, columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns.split(", "), sqlite_where=condition, postgresql_where=condition
    )
