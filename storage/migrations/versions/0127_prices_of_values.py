"""Fixed and lowest prices of values, drafts of price tables, and how far managers moved prices."""

import sqlalchemy as sa
from alembic import op

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_value(table: str, *columns: sa.Column[int] | sa.Column[str] | sa.CheckConstraint) -> None:
    op.create_table(
        table,
        sa.Column("denomination_id", _ID, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("denomination_id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["denomination_id"],
            ["catalogue_denominations.id"],
            name=f"fk_{table}_denomination_id",
        ),
    )


def upgrade() -> None:
    _of_value(
        "value_prices",
        sa.Column("fixed_minor", sa.BigInteger()),
        sa.Column("floor_minor", sa.BigInteger()),
        sa.CheckConstraint("fixed_minor > 0", name="ck_value_prices_fixed"),
        sa.CheckConstraint("floor_minor > 0", name="ck_value_prices_floor"),
    )
    op.create_table(
        "price_drafts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price_drafts"),
        sa.UniqueConstraint("operator_id", name="uq_price_drafts_operator_id"),
        sqlite_autoincrement=True,
    )
    _of_value(
        "price_moves",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    for table in ("price_moves", "price_drafts", "value_prices"):
        op.drop_table(table)
