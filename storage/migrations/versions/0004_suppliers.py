"""More than one supplier: requests that can be repeated, vouchers, ranges, links, reminders, events."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OF_ONE = (
    "'circuit_open', 'balance_low', 'balance_empty', 'catalogue_stale', 'supplier_down', 'orders_stuck'"
)


def upgrade() -> None:
    for name in ("pin", "link", "reference"):
        op.add_column("codes", sa.Column(name, sa.LargeBinary()))
    op.add_column("codes", sa.Column("batch", sa.Integer(), nullable=False, server_default="0"))
    _partial_index("ix_codes_expires", "codes", "expires_at", "expires_at IS NOT NULL")
    for name in ("lowest_minor", "highest_minor", "step_minor"):
        op.add_column("catalogue_denominations", sa.Column(name, sa.BigInteger()))
    op.add_column(
        "catalogue_denominations",
        sa.Column("currency", sa.String(8), nullable=False, server_default=""),
    )
    op.add_column(
        "catalogue_denominations", sa.Column("priced_at", sa.BigInteger())
    )
    op.add_column(
        "users", sa.Column("reminders", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )
    op.create_table(
        "purchase_requests",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_purchase_requests_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_purchase_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_purchase_requests_reference")),
    )
    op.create_table(
        "links",
        sa.Column("denomination_id", ID, nullable=False),
        sa.Column("leader_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["denomination_id"],
            ["catalogue_denominations.id"],
            name=op.f("fk_links_denomination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["catalogue_denominations.id"], name=op.f("fk_links_leader_id")
        ),
        sa.PrimaryKeyConstraint("denomination_id", name=op.f("pk_links")),
        sa.CheckConstraint("denomination_id <> leader_id", name=op.f("ck_links_other")),
    )
    op.create_table(
        "supplier_events",
        sa.Column("supplier", sa.String(32), nullable=False),
        sa.Column("event_id", sa.String(128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("supplier", "event_id", name=op.f("pk_supplier_events")),
    )
    op.create_index("ix_supplier_events_at", "supplier_events", ["at"])
    # Alerts about a supplier say which; there was one so far.
    run = op.get_bind().exec_driver_sql  # as it stands: colons are no parameters here
    run(
        "UPDATE alerts SET data = CASE data WHEN '{}' THEN '{\"supplier\": \"oneclickdz\"}'"
        " ELSE '{\"supplier\": \"oneclickdz\", ' || substr(data, 2) END"
        f" WHERE kind IN ({_OF_ONE}, 'outcome_unknown')"
    )
    run(f"UPDATE alerts SET key = key || ':oneclickdz' WHERE key IN ({_OF_ONE})")


def _partial_index(name: str, table: str, columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns.split(", "), sqlite_where=condition, postgresql_where=condition
    )
