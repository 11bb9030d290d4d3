"""The inbox is unique by bot and update: another bot's updates have ids of their own.

Rows of an earlier version have the bot 0; the shop gives them its own bot at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

_COPIED = (
    "update_id, chat_id, key_id, payload, received_at, handled_at, attempts, trouble, quarantined_at"
)


def upgrade() -> None:
    op.drop_index("ix_inbox_unhandled", "inbox")
    op.drop_index("ix_inbox_handled", "inbox")
    if op.get_bind().dialect.name == "sqlite":
        _copy()  # SQLite cannot change the key of a table
    else:
        op.add_column("inbox", sa.Column("bot_id", sa.BigInteger(), nullable=False, server_default="0"))
        op.alter_column("inbox", "bot_id", server_default=None)
        op.drop_constraint("pk_inbox", "inbox")
        op.create_primary_key("pk_inbox", "inbox", ["bot_id", "update_id"])
    unhandled = sa.text("handled_at IS NULL")
    op.create_index(
        "ix_inbox_unhandled",
        "inbox",
        ["update_id"],
        sqlite_where=unhandled,
        postgresql_where=unhandled,
    )
    op.create_index("ix_inbox_handled", "inbox", ["handled_at"])


def _copy() -> None:
    op.create_table(
        "inbox_by_bot",
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger()),
        sa.Column("key_id", sa.String(length=16)),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("handled_at", sa.BigInteger()),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("trouble", sa.String(length=64)),
        sa.Column("quarantined_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name="pk_inbox"),
    )
    op.execute(f"INSERT INTO inbox_by_bot (bot_id, {_COPIED}) SELECT 0, {_COPIED} FROM inbox")
    op.drop_table("inbox")
    op.rename_table("inbox_by_bot", "inbox")


def downgrade() -> None:
    raise NotImplementedError("the updates of two bots do not fit into one")
