"""Tables of the ledger, and of payments into wallets."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.payments import PaymentState, ReceiptKind
from storage.tables.base import Id, Instant, metadata, one_of

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
    Index("ix_postings_at", "at", "id"),
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
    Column("checked_at", Instant),  # when the customer last had the provider asked
    Column("attempts", Integer, nullable=False),
    Column("settled_at", Instant),
    Column("decided_by", BigInteger),
    Column("reason", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("fee_minor", BigInteger, nullable=False, server_default=text("0")),
    UniqueConstraint("method", "external_id"),
    CheckConstraint("method <> ''", name="method"),  # a further method needs no migration
    one_of("state", PaymentState),
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
    ),
    sqlite_autoincrement=True,  # no id, and so no payment reference, is used twice
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
    one_of("kind", ReceiptKind),
    Index("ix_receipts_unique", "unique_id"),
)

methods_off = Table(
    "methods_off",
    metadata,
    Column("method", String(12), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("code", String(64), nullable=False),
)
