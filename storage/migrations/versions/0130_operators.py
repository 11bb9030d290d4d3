"""Managers and support; and who worked here may be forgotten, also as who moved money."""

import sqlalchemy as sa
from alembic import op

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None

_SAME = ("id", "key", "kind", "order_id", "note", "at")
_ACTORS = ("customer", "stars")  # whose ids may give way to pseudonyms so far (see 0111)


def upgrade() -> None:
    op.create_table(
        "operators",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("cap_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("invitation", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('manager', 'support')", name=op.f("ck_operators_role")),
        sa.CheckConstraint("cap_minor >= 0", name=op.f("ck_operators_cap")),
        sa.CheckConstraint("state IN ('invited', 'active')", name=op.f("ck_operators_state")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_operators_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_operators")),
    )
    _admit_pseudonyms_of(*_ACTORS, "operator")


def downgrade() -> None:
    _admit_pseudonyms_of(*_ACTORS)
    op.drop_table("operators")


def _admit_pseudonyms_of(*actors: str) -> None:
    """The only change that a posting may see: the id of such an actor gives way to a pseudonym."""
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in _SAME)
        renamed = " OR ".join(
            f"(OLD.actor GLOB '{one}:[1-9]*' AND NEW.actor GLOB '{one}:-[1-9]*')" for one in actors
        )
        op.execute("DROP TRIGGER postings_no_update")
        op.execute(
            "CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings "
            f"WHEN NOT ({same} AND ({renamed})) "
            "BEGIN SELECT RAISE(ABORT, 'postings is append-only'); END"
        )
        return
    same = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in _SAME)
    renamed = " OR ".join(
        f"(OLD.actor ~ '^{one}:[1-9]' AND NEW.actor ~ '^{one}:-[1-9]')" for one in actors
    )
    op.execute("DROP TRIGGER postings_no_update ON postings")
    op.execute(
        "CREATE TRIGGER postings_no_update BEFORE UPDATE ON postings FOR EACH ROW "
        f"WHEN (NOT ({same} AND ({renamed}))) EXECUTE FUNCTION hanout_append_only()"
    )
