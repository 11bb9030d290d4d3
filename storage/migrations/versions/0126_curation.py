"""What operators say of categories and products: hidden, first, named, described, limited."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FALSE = sa.text("false")
_SCOPES = "scope IN ('category', 'product')"


def upgrade() -> None:
    op.create_table(
        "curation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("scope", sa.String(12), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False, server_default=_FALSE),
        sa.Column("featured", sa.Boolean(), nullable=False, server_default=_FALSE),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("max_quantity", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_curation"),
        sa.UniqueConstraint("scope", "target", name="uq_curation_scope_target"),
        sa.CheckConstraint(_SCOPES, name="ck_curation_scope"),
        sa.CheckConstraint("max_quantity > 0", name="ck_curation_max_quantity"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "curation_texts",
        sa.Column("scope", sa.String(12), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("field", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("scope", "target", "locale", "field", name="pk_curation_texts"),
        sa.CheckConstraint(_SCOPES, name="ck_curation_texts_scope"),
        sa.CheckConstraint("locale IN ('en', 'fr', 'ar')", name="ck_curation_texts_locale"),
        sa.CheckConstraint("field IN ('name', 'how')", name="ck_curation_texts_field"),
    )


def downgrade() -> None:
    op.drop_table("curation_texts")
    op.drop_table("curation")
