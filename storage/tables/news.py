"""Tables of words of operators to many people, and of what became of them for each person."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from bot.domain.news import NewsState, Outcome
from bot.domain.records import Locale
from storage.tables.base import Id, Instant, metadata, one_of

news = Table(
    "news",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", String(8), nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    # What people read in each language, as JSON: the text, Telegram's marks on it and its id of a photo, where there
    # is one; NULL: nothing is sent.
    Column("letter_en", Text),
    Column("letter_fr", Text),
    Column("letter_ar", Text),
    # Whom it is for: all of what is set has to be true of a person.
    Column("to_locale", String(8)),
    Column("to_bought", String(40), nullable=False, server_default=text("''")),
    Column("to_idle", Boolean, nullable=False, server_default=text("false")),
    Column("to_above_minor", BigInteger),
    Column("product_id", BigInteger),  # of the button below it
    Column("shown_to", BigInteger),  # who has seen it as it is now; NULL: nobody
    Column("shown_people", Integer, nullable=False, server_default=text("0")),
    Column(
        "version", Integer, nullable=False, server_default=text("0")
    ),  # of a draft, and its cards
    Column("people", Integer, nullable=False, server_default=text("0")),
    Column("cursor", BigInteger, nullable=False, server_default=text("0")),
    Column("due_at", Instant),
    Column("began_at", Instant),
    Column("message_id", BigInteger),
    Column("sent", Integer, nullable=False, server_default=text("0")),
    Column("blocked", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    Column("unknown", Integer, nullable=False, server_default=text("0")),
    one_of("state", NewsState),
    one_of("to_locale", Locale),
    sqlite_autoincrement=True,  # buttons carry its id
)

news_sent = Table(
    "news_sent",
    metadata,
    Column("news_id", ForeignKey("news.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("news_id", "user_id"),
    one_of("outcome", Outcome),
    Index("ix_news_sent_user", "user_id", "at"),
    Index("ix_news_sent_at", "at"),
    Index(
        "ix_news_sent_sending",
        "news_id",
        sqlite_where=text("outcome = 'sending'"),
    ),
)
