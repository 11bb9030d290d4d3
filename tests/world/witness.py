"""What must never be written, noted at the moment it is: by triggers, which no code of the shop knows of."""

import sqlite3
from typing import Final

_BANNED: Final = "(SELECT banned_at FROM users WHERE id = NEW.user_id) IS NOT NULL"
_OF_BATCH: Final = "FROM own_batches b WHERE b.id = NEW.batch_id"


def _paused(supplier: str, *, paid: bool) -> str:
    """Whether a pause of the shop or of this supplier is open; `paid`: one that stops what is paid."""
    stops = " AND p.stops_paid" if paid else ""
    return (
        "EXISTS (SELECT 1 FROM pauses p WHERE p.state = 'open'"
        f" AND (p.scope = 'shop' OR (p.scope = 'supplier' AND p.target = {supplier})){stops})"
    )


_OF_QUOTE: Final = (
    "(SELECT p.supplier FROM catalogue_denominations d"
    " JOIN catalogue_products p ON p.id = d.product_id WHERE d.id = NEW.denomination_id)"
)
# What is told, the event, and when it is wrong.
_WRONG: Final = (
    ("a banned person got a quote", "INSERT ON quotes", _BANNED),
    ("a banned person made an order", "INSERT ON orders", _BANNED),
    ("a banned person began a payment", "INSERT ON payments", f"{_BANNED} AND NEW.state = 'open'"),
    ("a price was promised under a pause", "INSERT ON quotes", _paused(_OF_QUOTE, paid=False)),
    ("an order was made under a pause", "INSERT ON orders", _paused("NEW.supplier", paid=False)),
    (
        "an order was paid under a pause",
        "UPDATE OF state ON orders",
        f"OLD.state = 'awaiting_payment' AND NEW.state = 'paid' AND {_paused('NEW.supplier', paid=False)}",
    ),
    (
        "an order was sent under a pause that stops what is paid",
        "UPDATE OF state ON orders",
        f"NEW.state = 'placing' AND {_paused('NEW.supplier', paid=True)}",
    ),
    (
        "a code of a batch that is not on sale was reserved",
        "UPDATE OF reservation ON own_codes",
        f"NEW.reservation IS NOT NULL AND (SELECT b.state {_OF_BATCH}) <> 'on_sale'",
    ),
    (
        "a code went from one order to another",
        "UPDATE OF reservation ON own_codes",
        "OLD.reservation IS NOT NULL AND NEW.reservation IS NOT NULL AND OLD.reservation <> NEW.reservation",
    ),
)


def watch(database: sqlite3.Connection) -> None:
    """Lay the triggers; what they note stays in a table beside the shop's."""
    database.execute("CREATE TABLE witness (what TEXT NOT NULL)")
    for number, (what, event, wrong) in enumerate(_WRONG):
        database.execute(
            f"CREATE TRIGGER witness_{number} AFTER {event} WHEN {wrong}"
            f" BEGIN INSERT INTO witness VALUES ('{what}'); END"
        )


def noted(database: sqlite3.Connection) -> list[str]:
    """What was wrong so far."""
    return [what for (what,) in database.execute("SELECT what FROM witness ORDER BY rowid")]
