"""Tables of what is summed up or audited once, and not read again where nothing has changed."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from storage.tables.base import metadata

# The days whose sums are those of their orders. Triggers of `orders` and `codes` take a day out, in the transaction that
# changes a figure of one of its orders or their codes: whoever writes, also by hand. Days are UTC's, counted from 1970,
# by `created_at`. `audited`: and nothing contradicted its orders.
closed_days = Table(
    "closed_days",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("audited", Boolean, nullable=False, server_default=text("false")),
)

# What the last audit found right: of each of the shop's own accounts the sum of its entries up to a posting. A trigger
# of `entries` removes it where an entry is added to one of these postings.
audit_marks = Table(
    "audit_marks",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("balance_minor", BigInteger, nullable=False),
    Column("posting_id", BigInteger, nullable=False),
)

# Worth something only for a day that is in `closed_days`. Without a primary key: labels have no limit of length.
day_sums = Table(
    "day_sums",
    metadata,
    Column("day", Integer, nullable=False),
    Column("supplier", String(32), nullable=False),
    Column("state", String(20), nullable=False),
    Column("product_id", BigInteger, nullable=False),
    Column("denomination_label", Text, nullable=False),
    Column("product_title", Text, nullable=False),  # one of those by which it was bought
    Column("orders", BigInteger, nullable=False),
    Column("with_codes", BigInteger, nullable=False),  # of the orders: those that ended with any
    Column("codes", BigInteger, nullable=False),
    Column("sales_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Index("ix_day_sums_day", "day"),
)
# In this order SQLite sums up without sorting. PostgreSQL does not need it, and would not index every label.
Index(
    "ix_day_sums_groups",
    *day_sums.c["supplier", "state", "product_id", "denomination_label", "day"],
    *day_sums.c["product_title", "orders", "with_codes", "codes", "sales_minor", "cost_minor"],
).ddl_if(dialect="sqlite")

DERIVED = (
    audit_marks,
    closed_days,
    day_sums,
)  # made anew from other tables, whenever they are missing
