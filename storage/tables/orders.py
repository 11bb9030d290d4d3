"""Tables of quotes, orders, purchase requests, codes, and messages that show codes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
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

from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.records import CodeMessageKind
from bot.domain.supplier import Environment
from storage.tables.base import Id, Instant, metadata, one_of

quotes = Table(
    "quotes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("denomination_id", ForeignKey("catalogue_denominations.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_minor", BigInteger, nullable=False),
    Column("unit_cost_minor", BigInteger, nullable=False),
    Column("highest_cost_minor", BigInteger, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # What was promised, as the supplier named it: compared before the order is bought.
    Column("label", Text, nullable=False, server_default=text("''")),
    Column("face_minor", BigInteger),  # in hundredths of `currency`; NULL: unknown
    Column("currency", String(8), nullable=False, server_default=text("''")),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("unit_price_minor > 0", name="price"),
    sqlite_autoincrement=True,  # no id is used twice: an old button never finds a new quote
)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("quote_id", ForeignKey("quotes.id"), nullable=False, unique=True),
    Column("product_id", ForeignKey("catalogue_products.id"), nullable=False),
    Column("denomination_id", ForeignKey("catalogue_denominations.id"), nullable=False),
    Column("product_title", Text, nullable=False),
    Column("denomination_label", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_minor", BigInteger, nullable=False),
    Column("unit_cost_minor", BigInteger, nullable=False),
    Column("highest_cost_minor", BigInteger, nullable=False),
    Column("environment", String(16), nullable=False),
    Column("state", String(20), nullable=False),
    Column("supplier", String(32), nullable=False),
    Column("supplier_product_id", Text, nullable=False),
    Column("supplier_type_id", Text, nullable=False),
    Column("supplier_order_id", Text),
    Column("created_at", Instant, nullable=False),
    Column("paid_at", Instant),
    Column("sent_at", Instant),
    Column("accepted_at", Instant),
    Column("settled_at", Instant),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("delivered_quantity", Integer, nullable=False),
    Column("returned_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("return_reason", String(20)),
    Column("attention", String(20)),
    Column("alerted_stuck", Boolean, nullable=False),
    Column("status_message_id", BigInteger),
    Column("stage", String(12), nullable=False, server_default=text("'waiting'")),
    Column("tell_at", Instant),
    UniqueConstraint("supplier", "supplier_order_id"),
    one_of("state", OrderState),
    one_of("environment", Environment),
    one_of("return_reason", ReturnReason),
    one_of("attention", Attention),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("unit_price_minor > 0", name="price"),
    CheckConstraint("delivered_quantity BETWEEN 0 AND quantity", name="delivered"),
    CheckConstraint(
        "returned_minor + delivered_quantity * unit_price_minor <= quantity * unit_price_minor",
        name="money",
    ),
    CheckConstraint("returned_minor >= 0", name="returned"),
    Index("ix_orders_state_due", "state", "due_at"),
    Index("ix_orders_user", "user_id", "id"),
    Index("ix_orders_user_state", "user_id", "state"),
    Index("ix_orders_settled", "settled_at"),
    Index("ix_orders_accepted", "supplier", "accepted_at"),
    Index("ix_orders_created", "created_at"),
    Index("ix_orders_product", "product_id", "state", "settled_at"),
    Index(
        "ix_orders_took",
        text("(settled_at - paid_at)"),
        sqlite_where=text("delivered_quantity > 0 AND settled_at IS NOT NULL"),
    ),
    Index(
        "ix_orders_tell",
        "supplier",
        "tell_at",
        sqlite_where=text("tell_at IS NOT NULL"),
    ),
    Index(
        "ix_orders_attention",
        "id",
        sqlite_where=text("attention IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

purchase_requests = Table(
    "purchase_requests",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column("reference", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),  # exactly as it was sent
    Column("at", Instant, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("serial", LargeBinary),
    Column("pin", LargeBinary),
    Column("link", LargeBinary),
    Column("reference", LargeBinary),
    Column("fingerprint", LargeBinary, nullable=False, unique=True),
    Column("expires_at", Instant),
    Column("deliver", Boolean, nullable=False),
    Column("batch", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("order_id", "position"),
    Index("ix_codes_key", "key_id"),
    Index(
        "ix_codes_expires",
        "expires_at",
        sqlite_where=text("expires_at IS NOT NULL"),
    ),
)

code_messages = Table(
    "code_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("again", Boolean, nullable=False),
    Column("hide_at", Instant, nullable=False),
    Column("hidden_at", Instant),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("user_id", "message_id"),
    one_of("kind", CodeMessageKind),
    Index("ix_code_messages_order", "order_id"),
    Index(
        "ix_code_messages_visible",
        "hide_at",
        sqlite_where=text("hidden_at IS NULL"),
    ),
)

# Messages with codes of an order are being sent: one row while it lasts, so that nobody else sends them too.
showings = Table(
    "showings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False, unique=True),
    Column("user_id", BigInteger, nullable=False),
    Column("counts", Boolean, nullable=False),
    Column("until", Instant, nullable=False),
    Column("owner", String(16), nullable=False, server_default=""),
    sqlite_autoincrement=True,  # whoever was late ends no showing but their own
)

reveals = Table(
    "reveals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_reveals_order", "order_id"),
    Index("ix_reveals_user", "user_id", "at"),
)
