"""Words of operators to many people, what became of them for each, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column("news", sa.Boolean(), nullable=False, server_default=sa.text("true")),
    )
    op.create_table(
        "news",
        sa.Column("id", _ID, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("letter_en", sa.Text(), nullable=True),
        sa.Column("letter_fr", sa.Text(), nullable=True),
        sa.Column("letter_ar", sa.Text(), nullable=True),
        sa.Column("to_locale", sa.String(8), nullable=True),
        sa.Column("to_bought", sa.String(40), nullable=False, server_default=sa.text("''")),
        sa.Column("to_idle", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("to_above_minor", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("shown_to", sa.BigInteger(), nullable=True),
        sa.Column("shown_people", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("people", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("cursor", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("blocked", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("failed", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("unknown", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.CheckConstraint(
            "state IN ('draft', 'running', 'stopped', 'done', 'dropped')", name="ck_news_state"
        ),
        sa.CheckConstraint("to_locale IN ('en', 'fr', 'ar')", name="ck_news_to_locale"),
        sa.PrimaryKeyConstraint("id", name="pk_news"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "news_sent",
        sa.Column("news_id", _ID, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('sending', 'sent', 'blocked', 'failed', 'unknown')",
            name="ck_news_sent_outcome",
        ),
        sa.ForeignKeyConstraint(["news_id"], ["news.id"], name="fk_news_sent_news_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_news_sent_user_id"),
        sa.PrimaryKeyConstraint("news_id", "user_id", name="pk_news_sent"),
    )
    op.create_index("ix_news_sent_user", "news_sent", ["user_id", "at"])
    op.create_index("ix_news_sent_at", "news_sent", ["at"])
    op.create_index(
        "ix_news_sent_sending",
        "news_sent",
        ["news_id"],
        sqlite_where=sa.text("outcome = 'sending'"),
        postgresql_where=sa.text("outcome = 'sending'"),
    )


def downgrade() -> None:
    op.drop_table("news_sent")
    op.drop_table("news")
    op.drop_column("users", "news")
