"""All tables, with constraints that refuse impossible states and amounts."""

from storage.tables.base import metadata
from storage.tables.catalogue import categories, denominations, links, markups, products
from storage.tables.curation import curation, curation_texts
from storage.tables.money import accounts, entries, methods_off, payments, postings, receipts
from storage.tables.news import news, news_sent
from storage.tables.operations import (
    alerts,
    clock_spans,
    commit_marks,
    key_checks,
    last_runs,
    leader,
    moves,
    operator_actions,
    other_clocks,
    pauses,
    supplier_accounts,
    supplier_events,
)
from storage.tables.orders import (
    code_messages,
    codes,
    orders,
    purchase_requests,
    quotes,
    reveals,
    showings,
)
from storage.tables.people import (
    case_messages,
    cases,
    conversations,
    inbox,
    notes,
    operators,
    outbox,
    users,
    watches,
)
from storage.tables.prices import price_drafts, price_moves, value_prices
from storage.tables.stock import (
    own_batches,
    own_codes,
    own_products,
    own_reservations,
    own_values,
)
from storage.tables.sums import DERIVED, audit_marks, closed_days, day_sums

APPEND_ONLY = ("postings", "entries", "reveals")

__all__ = [
    "APPEND_ONLY",
    "DERIVED",
    "accounts",
    "alerts",
    "audit_marks",
    "case_messages",
    "cases",
    "categories",
    "clock_spans",
    "closed_days",
    "code_messages",
    "codes",
    "commit_marks",
    "conversations",
    "curation",
    "curation_texts",
    "day_sums",
    "denominations",
    "entries",
    "inbox",
    "key_checks",
    "last_runs",
    "leader",
    "links",
    "markups",
    "metadata",
    "methods_off",
    "moves",
    "news",
    "news_sent",
    "notes",
    "operator_actions",
    "operators",
    "orders",
    "other_clocks",
    "outbox",
    "own_batches",
    "own_codes",
    "own_products",
    "own_reservations",
    "own_values",
    "pauses",
    "payments",
    "postings",
    "price_drafts",
    "price_moves",
    "products",
    "purchase_requests",
    "quotes",
    "receipts",
    "reveals",
    "showings",
    "supplier_accounts",
    "supplier_events",
    "users",
    "value_prices",
    "watches",
]
