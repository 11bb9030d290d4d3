"""The shop's own stock: products, values, batches, reservations and codes."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0117"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_EMPTY = sa.text("''")
_NONE = sa.text("0")
_IS_FREE = sa.text("reservation IS NULL AND set_aside IS NULL")
_IS_KEPT = sa.text("released_at IS NULL AND erased_at IS NULL")


def upgrade() -> None:
    _products_and_values()
    _batches_and_reservations()
    _codes()


def _products_and_values() -> None:
    op.create_table(
        "own_products",
        sa.Column("id", _ID, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False, server_default=_EMPTY),
        sa.PrimaryKeyConstraint("id", name="pk_own_products"),
        sa.UniqueConstraint("title", "region", name="uq_own_products_title_region"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "own_values",
        sa.Column("id", _ID, nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("face_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(8), nullable=False, server_default=_EMPTY),
        sa.Column("low_at", sa.Integer(), nullable=False, server_default=_NONE),
        sa.PrimaryKeyConstraint("id", name="pk_own_values"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["own_products.id"], name="fk_own_values_product_id"
        ),
        sa.UniqueConstraint("product_id", "label", name="uq_own_values_product_id_label"),
        sa.CheckConstraint("low_at >= 0", name="ck_own_values_low"),
        sqlite_autoincrement=True,
    )


def _batches_and_reservations() -> None:
    op.create_table(
        "own_batches",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value_id", _ID, nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("loaded_by", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False, server_default=_NONE)
            for name in ("known", "twice", "unreadable", "expired", "line")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_own_batches"),
        sa.UniqueConstraint("key", name="uq_own_batches_key"),
        sa.ForeignKeyConstraint(["value_id"], ["own_values.id"], name="fk_own_batches_value_id"),
        sa.CheckConstraint(
            "state IN ('loading', 'draft', 'on_sale', 'discarded', 'withdrawn')",
            name="ck_own_batches_state",
        ),
        sa.CheckConstraint("cost_minor > 0", name="ck_own_batches_cost"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_own_batches_value", "own_batches", ["value_id", "state"])
    op.create_table(
        "own_reservations",
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("value_id", _ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("reference", name="pk_own_reservations"),
        sa.UniqueConstraint("order_id", name="uq_own_reservations_order_id"),
        sa.ForeignKeyConstraint(
            ["value_id"], ["own_values.id"], name="fk_own_reservations_value_id"
        ),
        sa.CheckConstraint("quantity > 0", name="ck_own_reservations_quantity"),
    )
    op.create_index("ix_own_reservations_at", "own_reservations", ["at"])
    op.create_index(
        "ix_own_reservations_kept",
        "own_reservations",
        ["order_id"],
        sqlite_where=_IS_KEPT,
        postgresql_where=_IS_KEPT,
    )


def _codes() -> None:
    op.create_table(
        "own_codes",
        sa.Column("batch_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("serial", sa.LargeBinary(), nullable=True),
        sa.Column("pin", sa.LargeBinary(), nullable=True),
        sa.Column("link", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("reservation", sa.String(64), nullable=True),
        sa.Column("set_aside", sa.String(12), nullable=True),
        sa.Column("set_aside_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "position", name="pk_own_codes"),
        sa.UniqueConstraint("fingerprint", name="uq_own_codes_fingerprint"),
        sa.ForeignKeyConstraint(["batch_id"], ["own_batches.id"], name="fk_own_codes_batch_id"),
        sa.ForeignKeyConstraint(
            ["reservation"], ["own_reservations.reference"], name="fk_own_codes_reservation"
        ),
        sa.CheckConstraint(
            "set_aside IN ('withdrawn', 'sold', 'unreadable')", name="ck_own_codes_set_aside"
        ),
        sa.CheckConstraint(
            "reservation IS NULL OR set_aside IS NULL", name="ck_own_codes_one_fate"
        ),
        sa.CheckConstraint(
            "(set_aside IS NULL) = (set_aside_at IS NULL)", name="ck_own_codes_set_aside_at"
        ),
    )
    op.create_index("ix_own_codes_key", "own_codes", ["key_id"])
    op.create_index("ix_own_codes_reservation", "own_codes", ["reservation"])
    op.create_index(
        "ix_own_codes_free",
        "own_codes",
        ["batch_id", "expires_at"],
        sqlite_where=_IS_FREE,
        postgresql_where=_IS_FREE,
    )


def downgrade() -> None:
    for table in ("own_codes", "own_reservations", "own_batches", "own_values", "own_products"):
        op.drop_table(table)
