"""Tables of customers, updates from them, messages to them, and support cases."""

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

from bot.domain.outbox import OutboxState
from bot.domain.records import Locale
from bot.domain.roles import MemberState
from storage.tables.base import Id, Instant, metadata, one_of

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", String(8), nullable=False),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("reminders", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", Instant, nullable=False),
    Column("banned_at", Instant),  # set: the shop serves them no more
    Column("ban_reason", Text),
    Column("banned_by", BigInteger),
    Column("news", Boolean, nullable=False, server_default=text("true")),  # false: they want none
    one_of("locale", Locale),
    Index("ix_users_language", "locale", "id"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),  # encrypted
    Index("ix_notes_user", "user_id", "id"),
    sqlite_autoincrement=True,  # a text is sealed for the id of its row
)

inbox = Table(
    "inbox",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("key_id", String(16)),
    Column("payload", LargeBinary),  # encrypted; NULL once handled
    Column("received_at", Instant, nullable=False),
    Column("handled_at", Instant),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("trouble", String(64)),  # the class of the error at the last attempt
    Column("quarantined_at", Instant),  # set: it waits for an operator
    Column("identity", BigInteger),  # see identity_of_update; NULL: of an earlier version
    Index(
        "ix_inbox_unhandled",
        "update_id",
        sqlite_where=text("handled_at IS NULL"),
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

# Owners are in no row: ADMIN_IDS names them.
operators = Table(
    "operators",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("role", String(8), nullable=False),
    Column("cap_minor", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("added_by", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("invitation", BigInteger, nullable=False),
    CheckConstraint("role IN ('manager', 'support')", name="role"),
    CheckConstraint("cap_minor >= 0", name="cap"),
    one_of("state", MemberState),
)

watches = Table(
    "watches",
    metadata,
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("denomination_id", ForeignKey("catalogue_denominations.id"), nullable=False),
    Column("since", Instant, nullable=False),
    PrimaryKeyConstraint("user_id", "denomination_id"),
    Index("ix_watches_denomination", "denomination_id", "since"),
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
    one_of("state", OutboxState),
    Index("ix_outbox_order", "order_id"),
    Index(
        "ix_outbox_pending",
        "user_id",
        "id",
        sqlite_where=text("state = 'pending'"),
    ),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("order_id", BigInteger),  # the order that the customer came from
    Column("talks_until", Instant),  # what the customer writes goes to the case until then
    Column("waits_since", Instant),  # what support has not answered was written then
    Index("ix_cases_user", "user_id", "id"),
    Index(
        "ix_cases_open",
        "id",
        sqlite_where=text("closed_at IS NULL"),
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
    # The identity of the update that was forwarded as this message, in rows of 0.2.0 and older its
    # id; for a further message of it, minus message_id.
    Column("update_id", BigInteger, nullable=False),
    UniqueConstraint("operator_id", "message_id"),
    UniqueConstraint("operator_id", "update_id"),
    Index("ix_case_messages_case", "case_id"),
)
