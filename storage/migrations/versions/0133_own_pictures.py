"""Pictures of products, by the ids that Telegram gave to them, and those that they replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None

_IDS = ("photo_id", "photo_id_before")
_UNIQUE_IDS = ("photo_unique_id", "photo_unique_id_before")


def upgrade() -> None:
    for name in _IDS:
        op.add_column("curation", sa.Column(name, sa.Text(), nullable=True))
    for name in _UNIQUE_IDS:
        op.add_column("curation", sa.Column(name, sa.String(128), nullable=True))


def downgrade() -> None:
    for name in (*_UNIQUE_IDS, *_IDS):
        op.drop_column("curation", name)
