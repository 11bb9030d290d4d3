"""All tables, with constraints that refuse impossible states and amounts."""

from storage.tables.base import metadata
from storage.tables.catalogue import categories, denominations, links, markups, products
from storage.tables.money import accounts, entries, methods_off, payments, postings, receipts
from storage.tables.operations import (
    alerts,
    clock_spans,
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
from storage.tables.people import case_messages, cases, conversations, inbox, outbox, users

APPEND_ONLY = ("postings", "entries", "reveals")

__all__ = [
    "APPEND_ONLY",
    "accounts",
    "alerts",
    "case_messages",
    "cases",
    "categories",
    "clock_spans",
    "code_messages",
    "codes",
    "conversations",
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
    "operator_actions",
    "orders",
    "other_clocks",
    "outbox",
    "pauses",
    "payments",
    "postings",
    "products",
    "purchase_requests",
    "quotes",
    "receipts",
    "reveals",
    "showings",
    "supplier_accounts",
    "supplier_events",
    "users",
]
