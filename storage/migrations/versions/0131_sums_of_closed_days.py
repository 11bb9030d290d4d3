"""Sums of the days that are over, what was audited of them, and triggers that void both where a day changes."""

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None

# Of an order: what its day's sums are made of, and what the audit compares. All else leaves its day closed.
_KNOWN = (
    "created_at, supplier, state, product_id, product_title, denomination_label, quantity, unit_price_minor, "
    "delivered_quantity, returned_minor, cost_minor, settled_at, attention"
)
_KEY = ("supplier", "state", "product_id", "denomination_label")
_FIGURES = ("orders", "with_codes", "codes", "sales_minor", "cost_minor")
_TOOK = sa.text("delivered_quantity > 0 AND settled_at IS NOT NULL")
_LOCK_CLASS = 0x48446179  # "HDay"
_TABLES = {  # the rows whose change opens a day, and the day
    "orders": (_KNOWN, "{row}.created_at / 86400000"),
    "codes": (
        "order_id, deliver",
        "(SELECT created_at / 86400000 FROM orders WHERE id = {row}.order_id)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "closed_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("audited", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("day", name="pk_closed_days"),
    )
    op.create_table(
        "audit_marks",
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_audit_marks"),
    )
    op.create_table(
        "day_sums",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("supplier", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("denomination_label", sa.Text(), nullable=False),
        sa.Column("product_title", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _FIGURES),
    )
    op.create_index("ix_day_sums_day", "day_sums", ["day"])
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_day_sums_groups", "day_sums", [*_KEY, "day", "product_title", *_FIGURES])
    # For the median: the time that an order took, if it has ended.
    op.create_index(
        "ix_orders_took",
        "orders",
        [sa.text("(settled_at - paid_at)")],
        sqlite_where=_TOOK,
        postgresql_where=_TOOK,
    )
    if op.get_bind().dialect.name == "sqlite":
        _watch_on_sqlite()
    else:
        _watch_on_postgresql()


def _watch_on_sqlite() -> None:
    for table, (columns, day) in _TABLES.items():
        for event, rows in {
            "INSERT": ("NEW",),
            f"UPDATE OF {columns}": ("OLD", "NEW"),
            "DELETE": ("OLD",),
        }.items():
            days = ", ".join(day.format(row=row) for row in rows)
            op.execute(
                f"CREATE TRIGGER {_name(table, event)} AFTER {event} ON {table} "
                f"BEGIN DELETE FROM closed_days WHERE day IN ({days}); END"
            )
    op.execute(
        "CREATE TRIGGER entries_unmark AFTER INSERT ON entries "
        "BEGIN DELETE FROM audit_marks WHERE posting_id >= NEW.posting_id; END"
    )


def _name(table: str, event: str) -> str:
    return f"{table}_open_day_{event.split()[0].lower()}"


def _watch_on_postgresql() -> None:
    # Whoever closes a day takes its lock alone, and only if nobody else has it: so nobody waits behind one who waits,
    # and what this transaction changes is either summed or opens the day again.
    for table, (columns, day) in _TABLES.items():
        steps = "".join(
            f"IF TG_OP <> '{other}' THEN which := {day.format(row=row)}; "
            f"PERFORM pg_advisory_xact_lock_shared({_LOCK_CLASS}, which); "
            "DELETE FROM closed_days WHERE day = which; END IF; "
            for row, other in (("OLD", "INSERT"), ("NEW", "DELETE"))
        )
        op.execute(
            f"CREATE FUNCTION hanout_open_day_of_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ DECLARE which int; BEGIN {steps} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_open_day AFTER INSERT OR DELETE OR UPDATE OF {columns} "
            f"ON {table} FOR EACH ROW EXECUTE FUNCTION hanout_open_day_of_{table}()"
        )
    op.execute(
        "CREATE FUNCTION hanout_unmark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "DELETE FROM audit_marks WHERE posting_id >= NEW.posting_id; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_unmark AFTER INSERT ON entries "
        "FOR EACH ROW EXECUTE FUNCTION hanout_unmark()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER entries_unmark")
        for table in _TABLES:
            for event in ("INSERT", "UPDATE", "DELETE"):
                op.execute(f"DROP TRIGGER {_name(table, event)}")
    else:
        op.execute("DROP TRIGGER entries_unmark ON entries")
        op.execute("DROP FUNCTION hanout_unmark()")
        for table in _TABLES:
            op.execute(f"DROP TRIGGER {table}_open_day ON {table}")
            op.execute(f"DROP FUNCTION hanout_open_day_of_{table}()")
    op.drop_index("ix_orders_took", "orders")
    for table in ("audit_marks", "day_sums", "closed_days"):
        op.drop_table(table)
