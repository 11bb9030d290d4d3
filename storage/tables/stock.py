"""Tables of the shop's own stock: products, values, batches, codes, and reservations for orders."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.stock import BatchState, SetAside
from storage.tables.base import Id, Instant, metadata, one_of

own_products = Table(
    "own_products",
    metadata,
    Column("id", Id, primary_key=True),
    Column("category", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("region", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("title", "region"),
    sqlite_autoincrement=True,  # the catalogue carries its id
)

own_values = Table(
    "own_values",
    metadata,
    Column("id", Id, primary_key=True),
    Column("product_id", ForeignKey("own_products.id"), nullable=False),
    Column("label", Text, nullable=False),
    Column("face_minor", BigInteger),  # in hundredths of `currency`; NULL: unknown
    Column("currency", String(8), nullable=False, server_default=text("''")),
    Column("low_at", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("product_id", "label"),
    CheckConstraint("low_at >= 0", name="low"),
    sqlite_autoincrement=True,
)

own_batches = Table(
    "own_batches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),  # of the update or command that loads
    Column("value_id", ForeignKey("own_values.id"), nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("loaded_by", BigInteger, nullable=False),
    Column("loaded_at", Instant, nullable=False),
    Column("known", Integer, nullable=False, server_default=text("0")),
    Column("twice", Integer, nullable=False, server_default=text("0")),
    Column("unreadable", Integer, nullable=False, server_default=text("0")),
    Column("expired", Integer, nullable=False, server_default=text("0")),
    Column("line", Integer, nullable=False, server_default=text("0")),
    Column("held_at", Instant),  # by a restore; NULL again once it is put on sale
    one_of("state", BatchState),
    CheckConstraint("cost_minor > 0", name="cost"),
    Index("ix_own_batches_value", "value_id", "state"),
    sqlite_autoincrement=True,  # buttons carry its id
)

own_reservations = Table(
    "own_reservations",
    metadata,
    Column("reference", String(64), primary_key=True),
    Column("order_id", BigInteger, nullable=False, unique=True),  # an order reserves once
    Column("value_id", ForeignKey("own_values.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("released_at", Instant),
    Column("erased_at", Instant),
    CheckConstraint("quantity > 0", name="quantity"),
    Index("ix_own_reservations_at", "at"),
    Index(
        "ix_own_reservations_kept",
        "order_id",
        sqlite_where=text("released_at IS NULL AND erased_at IS NULL"),
    ),
)

_IS_FREE = text("reservation IS NULL AND set_aside IS NULL")

own_codes = Table(
    "own_codes",
    metadata,
    Column("batch_id", ForeignKey("own_batches.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key_id", String(16), nullable=False),  # empty: erased
    Column("value", LargeBinary, nullable=False),
    Column("serial", LargeBinary),
    Column("pin", LargeBinary),
    Column("link", LargeBinary),
    # Of the text that stands for the code; NULL: it was shown to nobody, and may be loaded again.
    Column("fingerprint", LargeBinary, unique=True),
    Column("expires_at", Instant),
    Column("reservation", ForeignKey("own_reservations.reference")),
    Column("set_aside", String(12)),
    Column("set_aside_at", Instant),
    PrimaryKeyConstraint("batch_id", "position"),
    one_of("set_aside", SetAside),
    CheckConstraint("reservation IS NULL OR set_aside IS NULL", name="one_fate"),
    CheckConstraint("(set_aside IS NULL) = (set_aside_at IS NULL)", name="set_aside_at"),
    Index("ix_own_codes_key", "key_id"),
    Index("ix_own_codes_reservation", "reservation"),
    Index(
        "ix_own_codes_free",
        "batch_id",
        "expires_at",
        sqlite_where=_IS_FREE,
    ),
)
