"""Which transaction each connection committed last: PostgreSQL gives a number again that a crash has lost."""

import sqlalchemy as sa
from alembic import op

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commit_marks",
        sa.Column("session", sa.String(32), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_commit_marks"),
    )


def downgrade() -> None:
    op.drop_table("commit_marks")
