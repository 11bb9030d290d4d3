"""Tables of suppliers' accounts and events, operators' actions, alerts and periodic work."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from bot.domain.pauses import PauseScope, PauseState
from bot.domain.records import MoveState
from storage.tables.base import Id, Instant, metadata, one_of

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

supplier_events = Table(
    "supplier_events",
    metadata,
    Column("supplier", String(32), nullable=False),
    Column("event_id", String(128), nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("supplier", "event_id"),
    Index("ix_supplier_events_at", "at"),
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
    # What the action changed, as it was and as it is; empty where the amount says it all.
    Column("before", Text, nullable=False, server_default=text("''")),
    Column("after", Text, nullable=False, server_default=text("''")),
    Index("ix_admin_actions_operator", "operator_id", "at"),
    sqlite_autoincrement=True,  # buttons that confirm an action carry its id
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
    ),
)

pauses = Table(
    "pauses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("scope", String(12), nullable=False),
    Column("target", String(64), nullable=False),  # a supplier, a product's id, or nothing
    Column("reason", String(24), nullable=False),
    Column("text_en", Text, nullable=False, server_default=text("''")),
    Column("text_fr", Text, nullable=False, server_default=text("''")),
    Column("text_ar", Text, nullable=False, server_default=text("''")),
    Column("stops_paid", Boolean, nullable=False, server_default=text("false")),
    Column("until", Instant),
    Column("operator_id", BigInteger, nullable=False, server_default=text("0")),
    Column("since", Instant, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", BigInteger),
    one_of("state", PauseState),
    one_of("scope", PauseScope),
    Index(
        "uq_pauses_open",
        "scope",
        "target",
        "reason",
        unique=True,
        sqlite_where=text("state = 'open'"),
    ),
    sqlite_autoincrement=True,  # buttons carry its id
)

last_runs = Table(
    "last_runs",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("at", Instant, nullable=False),
)

# What a process has seen of its clocks, for the next one: the wall clock in spans, and other clocks.
clock_spans = Table(
    "clock_spans",
    metadata,
    Column("nth", Integer, primary_key=True, autoincrement=False),
    Column("began", Instant, nullable=False),
    Column("before", Instant, nullable=False),
    Column("sure", Instant, nullable=False),
)
other_clocks = Table(
    "other_clocks",
    metadata,
    Column("source", String(24), primary_key=True),
    Column("told", Instant, nullable=False),
    Column("read_at", Instant, nullable=False),
)

# One row: whose shop this is, and which process leads it.
leader = Table(
    "leader",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("bot_id", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("instance", String(32), nullable=False),
    Column("place", String(128), nullable=False),
    Column("since", Instant, nullable=False),
)

# PostgreSQL: the last transaction that each connection has committed (storage/commits.py).
commit_marks = Table(
    "commit_marks",
    metadata,
    Column("session", String(32), primary_key=True),
    Column("turn", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("blob", LargeBinary, nullable=False),  # empty: the key left no check
    Column("abandoned_at", Instant),  # set: the key is lost, and what it sealed with it
)

# The last move of this database to another one, or from there: at most one row, whose id is 1.
moves = Table(
    "moves",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("move_id", String(32), nullable=False),
    Column("state", String(12), nullable=False),
    Column("place", Text, nullable=False),  # the other database, without a password
    Column("machine", Text, nullable=False),  # on which the command ran
    Column("at", Instant, nullable=False),
    one_of("state", MoveState),
)
