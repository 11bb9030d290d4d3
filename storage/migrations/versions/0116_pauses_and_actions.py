"""Pauses are rows of their own, each with its reason and end; actions keep what was before and after."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("before", "after"):
        op.add_column(
            "admin_actions",
            sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")),
        )
    running = _take_pauses()
    op.create_table(
        "pauses",
        sa.Column("id", _ID, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("scope", sa.String(12), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        *(
            sa.Column(f"text_{locale}", sa.Text(), nullable=False, server_default=sa.text("''"))
            for locale in ("en", "fr", "ar")
        ),
        sa.Column("stops_paid", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("until", sa.BigInteger()),
        sa.Column("operator_id", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger()),
        sa.Column("lifted_by", sa.BigInteger()),
        sa.CheckConstraint("state IN ('draft', 'open', 'lifted')", name="ck_pauses_state"),
        sa.CheckConstraint("scope IN ('shop', 'supplier', 'product')", name="ck_pauses_scope"),
        sa.PrimaryKeyConstraint("id", name="pk_pauses"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_pauses_open",
        "pauses",
        ["scope", "target", "reason"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    for reason, since in running:
        op.execute(
            sa.text(
                "INSERT INTO pauses (state, scope, target, reason, since) "
                "VALUES ('open', 'shop', '', :reason, :since)"
            ).bindparams(reason=reason, since=since)
        )


def _take_pauses() -> list[tuple[str, int]]:
    """The pauses that run, whose table is dropped: each was of the whole shop."""
    rows = op.get_bind().execute(sa.text("SELECT reason, since FROM pauses")).all()
    op.drop_table("pauses")
    return [(row.reason, row.since) for row in rows]


def downgrade() -> None:
    db = op.get_bind()
    since = db.execute(
        sa.text("SELECT min(since) FROM pauses WHERE state = 'open' AND reason = 'audit'")
    ).scalar_one_or_none()
    op.drop_table("pauses")
    op.create_table(
        "pauses",
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reason", name="pk_pauses"),
    )
    if since is not None:
        op.execute(
            sa.text("INSERT INTO pauses (reason, since) VALUES ('audit', :since)").bindparams(
                since=since
            )
        )
    for name in ("before", "after"):
        op.drop_column("admin_actions", name)
