"""Customers may be banned, and operators may keep notes about them."""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("banned_at", sa.BigInteger()))
    op.add_column("users", sa.Column("ban_reason", sa.Text()))
    op.add_column("users", sa.Column("banned_by", sa.BigInteger()))
    op.create_table(
        "notes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notes_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_user", "notes", ["user_id", "id"])
    op.create_index("ix_orders_user_state", "orders", ["user_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_orders_user_state", "orders")
    op.drop_table("notes")
    for name in ("banned_by", "ban_reason", "banned_at"):
        op.drop_column("users", name)
