"""An order's codes are sent by one showing at a time, which is noted while it lasts."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "showings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_showings_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_showings"),
        sa.UniqueConstraint("order_id", name="uq_showings_order_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("showings")
