"""Moves between databases, keys that are lost, and ids of actions of which none is used twice."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ACTIONS = "id, key, operator_id, kind, target, amount_minor, note, done, at"


def upgrade() -> None:
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('arriving', 'arrived', 'leaving', 'moved')", name="ck_moves_state"),
        sa.PrimaryKeyConstraint("id", name="pk_moves"),
    )
    op.add_column("key_checks", sa.Column("abandoned_at", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _number_actions()


def _number_actions() -> None:
    """AUTOINCREMENT can only be given to a new table; no other table refers to this one."""
    op.rename_table("admin_actions", "former_actions")
    op.drop_index("ix_admin_actions_operator", table_name="former_actions")
    op.create_table(
        "admin_actions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_admin_actions"),
        sa.UniqueConstraint("key", name="uq_admin_actions_key"),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO admin_actions ({_ACTIONS}) SELECT {_ACTIONS} FROM former_actions")
    op.drop_table("former_actions")
    op.create_index("ix_admin_actions_operator", "admin_actions", ["operator_id", "at"])


def downgrade() -> None:
    op.drop_column("key_checks", "abandoned_at")
    op.drop_table("moves")
