"""What a process has seen of its clocks has tables of its own; a version without them notes it anew."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_spans",
        sa.Column("nth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("sure", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nth", name="pk_clock_spans"),
    )
    op.create_table(
        "other_clocks",
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_other_clocks"),
    )


def downgrade() -> None:
    op.drop_table("other_clocks")
    op.drop_table("clock_spans")
