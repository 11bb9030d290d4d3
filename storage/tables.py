"""Every table, with the checks that hold states and amounts even where the code is wrong."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from bot.domain.orders import Attention, OrderState, ReturnReason
from bot.domain.payments import Method, PaymentState, ReceiptKind
from bot.domain.records import CodeMessageKind, Locale, OutboxState
from bot.domain.supplier import Environment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a row its own number only to an INTEGER key; PostgreSQL needs the wide type.
Id = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An instant in UTC, kept as milliseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


def _one_of(column: str, values: type) -> CheckConstraint:
    words = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({words})", name=column)


users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", String(8), nullable=False),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("reminders", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", Instant, nullable=False),
    _one_of("locale", Locale),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("key_id", String(16)),
    Column("payload", LargeBinary),  # sealed; emptied when handled
    Column("received_at", Instant, nullable=False),
    Column("handled_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("trouble", String(64)),  # the kind of error that the last attempt met
    Column("quarantined_at", Instant),  # waits for an operator, not for its turn
    Index(
        "ix_inbox_unhandled",
        "update_id",
        sqlite_where=text("handled_at IS NULL"),
        postgresql_where=text("handled_at IS NULL"),
    ),
    Index("ix_inbox_handled", "handled_at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("user_id", BigInteger, nullable=False),
    Column("name", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("user_id", "name"),
)

categories = Table(
    "catalogue_categories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", Text, nullable=False, unique=True),
    Column("position", Integer, nullable=False),
)

products = Table(
    "catalogue_products",
    metadata,
    Column("id", Id, primary_key=True),
    Column("category_id", ForeignKey("catalogue_categories.id"), nullable=False),
    Column("supplier", String(32), nullable=False),
    Column("supplier_product_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("priced_at", Instant),
    UniqueConstraint("supplier", "supplier_product_id"),
)

denominations = Table(
    "catalogue_denominations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("product_id", ForeignKey("catalogue_products.id"), nullable=False),
    Column("supplier_type_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("stock", BigInteger, nullable=False),
    Column("listed", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    # The face value in hundredths: one, or what a customer may type between the two.
    Column("lowest_minor", BigInteger),
    Column("highest_minor", BigInteger),
    Column("step_minor", BigInteger),
    Column("currency", String(8), nullable=False, server_default=text("''")),
    Column("priced_at", Instant),  # of a value that a customer typed
    UniqueConstraint("product_id", "supplier_type_id"),
    CheckConstraint("cost_minor >= 0", name="cost"),
)

# What is one value to a customer: each follows its primary, and the cheaper one in stock is bought.
links = Table(
    "links",
    metadata,
    Column(
        "denomination_id",
        ForeignKey("catalogue_denominations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("primary_id", ForeignKey("catalogue_denominations.id"), nullable=False),
    CheckConstraint("denomination_id <> primary_id", name="other"),
)

markups = Table(
    "markups",
    metadata,
    Column("scope", String(16), nullable=False),
    Column("target_id", BigInteger, nullable=False),
    Column("percent", Numeric(9, 4), nullable=False),
    Column("fixed_minor", BigInteger, nullable=False),
    PrimaryKeyConstraint("scope", "target_id"),
)

supplier_accounts = Table(
    "supplier_accounts",
    metadata,
    Column("supplier", String(32), primary_key=True),
    Column("environment", String(16)),
    Column("balance_minor", BigInteger),
    Column("balance_at", Instant),
    Column("paused_for_balance", Boolean, nullable=False, server_default=text("false")),
    Column("paused_for_access", Boolean, nullable=False, server_default=text("false")),
    Column("catalogue_at", Instant),
)

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
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("unit_price_minor > 0", name="price"),
    sqlite_autoincrement=True,  # a number is never given twice, so an old button stays dead
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
    Column("told_slow", Boolean, nullable=False),
    Column("alerted_stuck", Boolean, nullable=False),
    Column("status_message_id", BigInteger),
    UniqueConstraint("supplier", "supplier_order_id"),
    _one_of("state", OrderState),
    _one_of("environment", Environment),
    _one_of("return_reason", ReturnReason),
    _one_of("attention", Attention),
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
    Index("ix_orders_settled", "settled_at"),
    Index("ix_orders_accepted", "supplier", "accepted_at"),
    Index("ix_orders_created", "created_at"),
    Index(
        "ix_orders_attention",
        "id",
        sqlite_where=text("attention IS NOT NULL"),
        postgresql_where=text("attention IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

purchase_requests = Table(
    "purchase_requests",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column("reference", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),  # as it was sent, byte for byte
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
        postgresql_where=text("expires_at IS NOT NULL"),
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
    _one_of("kind", CodeMessageKind),
    Index("ix_code_messages_order", "order_id"),
    Index(
        "ix_code_messages_visible",
        "hide_at",
        sqlite_where=text("hidden_at IS NULL"),
        postgresql_where=text("hidden_at IS NULL"),
    ),
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

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("balance_minor", BigInteger, nullable=False),
    Column("may_be_negative", Boolean, nullable=False),
    CheckConstraint("may_be_negative OR balance_minor >= 0", name="not_negative"),
)

postings = Table(
    "postings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("actor", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_postings_order", "order_id"),
)

entries = Table(
    "entries",
    metadata,
    Column("posting_id", ForeignKey("postings.id"), nullable=False),
    Column("account", ForeignKey("accounts.name"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    PrimaryKeyConstraint("posting_id", "account"),
    CheckConstraint("amount_minor <> 0", name="amount"),
    Index("ix_entries_account", "account", "posting_id"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("method", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("asked_minor", BigInteger, nullable=False),
    Column("stars", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("external_id", String(255)),
    Column("url", Text),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("checked_at", Instant),  # when its customer last had the provider asked
    Column("attempts", Integer, nullable=False),
    Column("settled_at", Instant),
    Column("decided_by", BigInteger),
    Column("reason", Text, nullable=False),
    Column("message_id", BigInteger),
    UniqueConstraint("method", "external_id"),
    _one_of("method", Method),
    _one_of("state", PaymentState),
    CheckConstraint("asked_minor >= 0", name="asked"),
    CheckConstraint("paid_minor >= 0", name="paid"),
    CheckConstraint("stars >= 0", name="stars"),
    Index("ix_payments_user", "user_id", "id"),
    Index("ix_payments_order", "order_id"),
    Index("ix_payments_state", "state", "id"),
    Index(
        "ix_payments_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # a reference is never given twice
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("payment_id", ForeignKey("payments.id"), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("file_id", Text, nullable=False),
    Column("unique_id", String(128), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("payment_id", "unique_id"),
    _one_of("kind", ReceiptKind),
    Index("ix_receipts_unique", "unique_id"),
)

methods_off = Table(
    "methods_off",
    metadata,
    Column("method", String(12), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("code", String(64), nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_cases_user", "user_id", "id"),
    Index(
        "ix_cases_open",
        "id",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

case_messages = Table(
    "case_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),  # the update whose words it brought along
    UniqueConstraint("operator_id", "message_id"),
    UniqueConstraint("operator_id", "update_id"),
    Index("ix_case_messages_case", "case_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("data", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    _one_of("state", OutboxState),
    Index("ix_outbox_order", "order_id"),
    Index(
        "ix_outbox_pending",
        "user_id",
        "id",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)

operator_actions = Table(
    "admin_actions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("operator_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(64), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_admin_actions_operator", "operator_id", "at"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("times", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("data", Text, nullable=False, server_default=text("'{}'")),
    Column("told_at", Instant),
    Index(
        "ix_alerts_untold",
        "opened_at",
        sqlite_where=text("told_at IS NULL AND closed_at IS NULL"),
        postgresql_where=text("told_at IS NULL AND closed_at IS NULL"),
    ),
)

pauses = Table(
    "pauses",
    metadata,
    Column("reason", String(24), primary_key=True),
    Column("since", Instant, nullable=False),
)

last_runs = Table(
    "last_runs",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("at", Instant, nullable=False),
)

# Which of a supplier's messages were taken: each counts once.
supplier_events = Table(
    "supplier_events",
    metadata,
    Column("supplier", String(32), nullable=False),
    Column("event_id", String(128), nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("supplier", "event_id"),
    Index("ix_supplier_events_at", "at"),
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("blob", LargeBinary, nullable=False),
)

APPEND_ONLY = ("postings", "entries", "reveals")
