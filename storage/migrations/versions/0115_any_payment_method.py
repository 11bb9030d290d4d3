"""Which payment methods there are is decided by the shop, not by a check of the table."""

from alembic import op
import sqlalchemy as sa

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

_FORMER = "method IN ('transfer', 'ocpay', 'stars')"
_NOW = "method <> ''"


def upgrade() -> None:
    _replace(_FORMER, _NOW)


def downgrade() -> None:
    _replace(_NOW, _FORMER)


def _replace(former: str, now: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _edit_schema(f"CHECK ({former})", f"CHECK ({now})")
        return
    op.drop_constraint("ck_payments_method", "payments")
    op.create_check_constraint("ck_payments_method", "payments", now)


def _edit_schema(former: str, now: str) -> None:
    """SQLite keeps a table as the text that made it, and cannot change a check.

    Its documentation ("Making Other Kinds Of Table Schema Changes") edits the text where, as here, no
    stored row means anything else. So the table, to which others refer, is not copied.
    """
    db = op.get_bind()
    version = db.exec_driver_sql("PRAGMA schema_version").scalar_one()
    db.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = db.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :former, :now) "
            "WHERE type = 'table' AND name = 'payments' AND instr(sql, :former) > 0"
        ),
        {"former": former, "now": now},
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table payments has no such check")
    db.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")  # other connections read it anew
    db.exec_driver_sql("PRAGMA writable_schema = RESET")
