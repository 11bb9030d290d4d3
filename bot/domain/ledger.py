"""Double entry: every movement of money is a posting whose entries sum to zero.

Accounts: `wallet:<user>` what a customer may spend; `escrow:<order>` what an open order holds;
`sales` what was earned; `funding` the other side of money brought in by hand (so it is negative).
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Invariant


class PostingKind(StrEnum):
    CREDIT = "credit"
    HOLD = "hold"
    SALE = "sale"
    RETURN = "return"


SALES = "sales"
FUNDING = "funding"


def wallet(user_id: int) -> str:
    return f"wallet:{user_id}"


def escrow(order_id: int) -> str:
    return f"escrow:{order_id}"


def may_be_negative(account: str) -> bool:
    """Only the shop's own side may be: no wallet and no hold ever is."""
    return account in (SALES, FUNDING)


@dataclass(frozen=True, slots=True)
class Entry:
    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """`key` is unique for ever: a posting made twice is made once."""

    key: str
    kind: PostingKind
    entries: tuple[Entry, ...]
    order_id: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if sum(entry.amount_minor for entry in self.entries) != 0:
            raise Invariant(f"posting {self.key} does not sum to zero")


def _move(source: str, target: str, amount_minor: int) -> tuple[Entry, Entry]:
    if amount_minor <= 0:
        raise Invariant(f"nothing to move from {source} to {target}")
    return Entry(source, -amount_minor), Entry(target, amount_minor)


def credit(key: str, user_id: int, amount_minor: int, note: str) -> Posting:
    """Money brought in by hand; a negative amount takes a mistake back."""
    if amount_minor >= 0:
        entries = _move(FUNDING, wallet(user_id), amount_minor)
    else:
        entries = _move(wallet(user_id), FUNDING, -amount_minor)
    return Posting(key, PostingKind.CREDIT, entries, note=note)


def hold(order_id: int, user_id: int, amount_minor: int) -> Posting:
    entries = _move(wallet(user_id), escrow(order_id), amount_minor)
    return Posting(f"hold:{order_id}", PostingKind.HOLD, entries, order_id)


def sale(order_id: int, amount_minor: int) -> Posting:
    entries = _move(escrow(order_id), SALES, amount_minor)
    return Posting(f"sale:{order_id}", PostingKind.SALE, entries, order_id)


def give_back(
    order_id: int, user_id: int, amount_minor: int, *, key: str = "", note: str = ""
) -> Posting:
    entries = _move(escrow(order_id), wallet(user_id), amount_minor)
    return Posting(key or f"return:{order_id}", PostingKind.RETURN, entries, order_id, note)
