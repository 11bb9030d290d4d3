"""What operators say of categories and products over what suppliers say."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.curation import CuratedText, CurationScope
from bot.domain.records import Locale
from storage.tables.base import Id, Instant, metadata, one_of

curation = Table(
    "curation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("scope", String(12), nullable=False),
    Column("target", String(32), nullable=False),  # a product's id, or a category's key
    Column("hidden", Boolean, nullable=False, server_default=text("false")),
    Column("featured", Boolean, nullable=False, server_default=text("false")),
    Column("rank", Integer),
    Column("max_quantity", Integer),
    Column("arrived_at", Instant),  # of a product that came hidden, with NEW_PRODUCTS=hidden
    # A product's picture, by Telegram's two ids, and the one that it replaced: both of a pair, or none.
    Column("photo_id", Text),
    Column("photo_unique_id", String(128)),
    Column("photo_id_before", Text),
    Column("photo_unique_id_before", String(128)),
    UniqueConstraint("scope", "target"),
    one_of("scope", CurationScope),
    CheckConstraint("max_quantity > 0", name="max_quantity"),
    sqlite_autoincrement=True,  # a question that waits for typed words carries its id
)

curation_texts = Table(
    "curation_texts",
    metadata,
    Column("scope", String(12), nullable=False),
    Column("target", String(32), nullable=False),
    Column("locale", String(2), nullable=False),
    Column("field", String(8), nullable=False),
    Column("text", Text, nullable=False),  # empty where it was removed
    Column("before", Text, nullable=False, server_default=text("''")),  # what it replaced
    PrimaryKeyConstraint("scope", "target", "locale", "field"),
    one_of("scope", CurationScope),
    one_of("locale", Locale),
    one_of("field", CuratedText),
)
