"""Tables of what operators say of single values' prices, and of price tables that are being changed."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, String, Table, Text

from storage.tables.base import Id, Instant, metadata

value_prices = Table(
    "value_prices",
    metadata,
    Column(
        "denomination_id",
        ForeignKey("catalogue_denominations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("fixed_minor", BigInteger),
    Column("floor_minor", BigInteger),
    CheckConstraint("fixed_minor > 0", name="fixed"),
    CheckConstraint("floor_minor > 0", name="floor"),
)

# One of each operator: the rules of a category or product as they were, and as they are to be.
price_drafts = Table(
    "price_drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("operator_id", BigInteger, nullable=False, unique=True),
    Column("scope", String(16), nullable=False),
    Column("target_id", BigInteger, nullable=False),
    Column("base", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,  # buttons carry its id
)

# How far managers have moved a value's price on the last day on which they did, in millionths.
price_moves = Table(
    "price_moves",
    metadata,
    Column(
        "denomination_id",
        ForeignKey("catalogue_denominations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("day", String(10), nullable=False),  # of the shop's time zone
    Column("moved", BigInteger, nullable=False),
)
