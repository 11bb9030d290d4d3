"""Values that customers wait for; and the ledger may give a forgotten customer's wallet a pseudonym."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The only change that a row of an append-only table may see: a positive Telegram id gives way to a
# negative pseudonym, and nothing else of the row changes. As SQLite and as PostgreSQL compare.
_SAME = {
    "entries": ("posting_id", "amount_minor", "currency"),
    "postings": ("id", "key", "kind", "order_id", "note", "at"),
    "reveals": ("id", "order_id", "reason", "at"),
}
_ON_SQLITE = {
    "entries": "OLD.account GLOB 'wallet:[1-9]*' AND NEW.account GLOB 'wallet:-[1-9]*'",
    "postings": "(OLD.actor GLOB 'customer:[1-9]*' AND NEW.actor GLOB 'customer:-[1-9]*')"
    " OR (OLD.actor GLOB 'stars:[1-9]*' AND NEW.actor GLOB 'stars:-[1-9]*')",
    "reveals": "OLD.user_id > 0 AND NEW.user_id < 0",
}
_ON_POSTGRESQL = {
    "entries": "OLD.account ~ '^wallet:[1-9]' AND NEW.account ~ '^wallet:-[1-9]'",
    "postings": "(OLD.actor ~ '^customer:[1-9]' AND NEW.actor ~ '^customer:-[1-9]')"
    " OR (OLD.actor ~ '^stars:[1-9]' AND NEW.actor ~ '^stars:-[1-9]')",
    "reveals": "OLD.user_id > 0 AND NEW.user_id < 0",
}


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("denomination_id", _ID, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_watches_user_id"),
        sa.ForeignKeyConstraint(
            ["denomination_id"], ["catalogue_denominations.id"], name="fk_watches_denomination_id"
        ),
        sa.PrimaryKeyConstraint("user_id", "denomination_id", name="pk_watches"),
    )
    op.create_index("ix_watches_denomination", "watches", ["denomination_id", "since"])
    for table in _SAME:
        if op.get_bind().dialect.name == "sqlite":
            _admit_pseudonyms_on_sqlite(table)
        else:
            _admit_pseudonyms_on_postgresql(table)


def _same(table: str, equal: str) -> str:
    return " AND ".join(f"NEW.{column} {equal} OLD.{column}" for column in _SAME[table])


def _admit_pseudonyms_on_sqlite(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        f"WHEN NOT ({_same(table, 'IS')} AND ({_ON_SQLITE[table]})) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _admit_pseudonyms_on_postgresql(table: str) -> None:
    op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hanout_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (NOT ({_same(table, 'IS NOT DISTINCT FROM')} AND ({_ON_POSTGRESQL[table]}))) "
        "EXECUTE FUNCTION hanout_append_only()"
    )


def downgrade() -> None:
    for table in _SAME:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            continue
        op.execute(f"DROP TRIGGER {table}_no_update ON {table}")
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION hanout_append_only()"
        )
    op.drop_table("watches")
