"""Tables of the catalogue as last fetched, of links between suppliers' products, and of markups."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import Id, Instant, metadata

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
    # The face value in hundredths of `currency`: a single one, or the range that a customer may
    # type.
    Column("lowest_minor", BigInteger),
    Column("highest_minor", BigInteger),
    Column("step_minor", BigInteger),
    Column("currency", String(8), nullable=False, server_default=text("''")),
    Column("priced_at", Instant),  # set only for a value that a customer typed
    # When the supplier's whole answers began to be without it; lost: they are since a day or more.
    Column("unlisted_at", Instant),
    Column("lost", Boolean, nullable=False, server_default=text("false")),
    # Until a newer answer of the supplier tells otherwise, the value is sold out.
    Column("sold_out_at", Instant),
    # Why the value is off the shelf (see HoldReason), and the cost in doubt.
    Column("held", String(16)),
    Column("held_cost_minor", BigInteger),
    UniqueConstraint("product_id", "supplier_type_id"),
    CheckConstraint("cost_minor >= 0", name="cost"),
)

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
