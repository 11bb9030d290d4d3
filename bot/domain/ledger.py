"""Double-entry bookkeeping: every movement of money is a posting whose entries sum to zero.

Accounts: `wallet:<user>` what a customer can spend; `escrow:<order>` what is reserved for an open
order; `sales` revenue; `funding` the counter-account of manual credits (so it is negative);
`paid:<method>` the same for payments of customers; `returning:<payment>` refunds of payments in
progress; `losses` chargebacks of money that the customer had spent already, and compensation for codes
that were bad (negative); `fees:<method>` what a provider kept of payments (negative).

All accounts sum to zero, so:
money in = wallets + escrow + refunds in progress + sales − losses − fees.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import is_pseudonym
from bot.errors import Invariant


class PostingKind(StrEnum):
    CREDIT = "credit"
    HOLD = "hold"
    SALE = "sale"
    RETURN = "return"
    PAYMENT = "payment"
    PAYBACK = "payback"
    FEE = "fee"


SALES = "sales"
FUNDING = "funding"
LOSSES = "losses"


def wallet(user_id: int) -> str:
    return f"wallet:{user_id}"


def is_wallet(account: str) -> bool:
    return account.startswith("wallet:")


def is_forgotten(account: str) -> bool:
    """Whether it is the wallet of a customer who was forgotten: nobody can spend what is there."""
    return is_wallet(account) and is_pseudonym(int(account.removeprefix("wallet:")))


def escrow(order_id: int) -> str:
    return f"escrow:{order_id}"


def paid_in(method: str) -> str:
    return f"paid:{method}"


def fees(method: str) -> str:
    return f"fees:{method}"


def returning(payment_id: int) -> str:
    return f"returning:{payment_id}"


def may_be_negative(account: str) -> bool:
    """Only the shop's own accounts may be negative: a wallet or an escrow account never is."""
    return account in (SALES, FUNDING, LOSSES) or account.startswith((paid_in(""), fees("")))


@dataclass(frozen=True, slots=True)
class Entry:
    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """`key` is unique: a second posting with the same key is not stored."""

    key: str
    kind: PostingKind
    entries: tuple[Entry, ...]
    order_id: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if sum(entry.amount_minor for entry in self.entries) != 0:
            raise Invariant(f"posting {self.key} does not sum to zero")


def _move(source: str, target: str, amount_minor: int) -> tuple[Entry, Entry]:
    """Raises Invariant for an amount that is not positive."""
    if amount_minor <= 0:
        raise Invariant(f"nothing to move from {source} to {target}")
    return Entry(source, -amount_minor), Entry(target, amount_minor)


def credit(key: str, user_id: int, amount_minor: int, note: str) -> Posting:
    """A manual credit by an operator; a negative amount corrects an earlier one."""
    if amount_minor >= 0:
        entries = _move(FUNDING, wallet(user_id), amount_minor)
    else:
        entries = _move(wallet(user_id), FUNDING, -amount_minor)
    return Posting(key, PostingKind.CREDIT, entries, note=note)


def reserve(order_id: int, user_id: int, amount_minor: int) -> Posting:
    """Move the price of an order from the wallet into escrow."""
    entries = _move(wallet(user_id), escrow(order_id), amount_minor)
    return Posting(f"hold:{order_id}", PostingKind.HOLD, entries, order_id)


def sale(order_id: int, amount_minor: int, delivered_before: int = 0) -> Posting:
    """Revenue for delivered codes; `delivered_before` makes the key of each part unique."""
    entries = _move(escrow(order_id), SALES, amount_minor)
    key = f"sale:{order_id}:{delivered_before}" if delivered_before else f"sale:{order_id}"
    return Posting(key, PostingKind.SALE, entries, order_id)


def release_escrow(
    order_id: int, user_id: int, amount_minor: int, *, key: str = "", note: str = ""
) -> Posting:
    """Move money of an order from escrow back into the wallet."""
    entries = _move(escrow(order_id), wallet(user_id), amount_minor)
    return Posting(key or f"return:{order_id}", PostingKind.RETURN, entries, order_id, note)


def compensate(key: str, order_id: int, user_id: int, amount_minor: int, note: str) -> Posting:
    """Make a delivered code good that was bad: the shop bears it as a loss of that order."""
    entries = _move(LOSSES, wallet(user_id), amount_minor)
    return Posting(key, PostingKind.RETURN, entries, order_id, note)


def payment(payment_id: int, method: str, user_id: int, amount_minor: int) -> Posting:
    """Credit a payment of a customer to their wallet, once for each payment."""
    entries = _move(paid_in(method), wallet(user_id), amount_minor)
    return Posting(payment_key(payment_id), PostingKind.PAYMENT, entries, note=str(payment_id))


def payment_key(payment_id: int) -> str:
    return f"payment:{payment_id}"


def refund_key(payment_id: int) -> str:
    """The key of the posting with which a payment has left us again."""
    return f"paidback:{payment_id}"


def fee(payment_id: int, method: str, amount_minor: int) -> Posting:
    """What the provider kept of a payment, once for each payment: the shop bears it."""
    entries = _move(fees(method), paid_in(method), amount_minor)
    return Posting(fee_key(payment_id), PostingKind.FEE, entries, note=str(payment_id))


def fee_key(payment_id: int) -> str:
    return f"fee:{payment_id}"


def start_refund(
    payment_id: int, user_id: int, amount_minor: int, attempt: int, order_id: int | None
) -> Posting:
    """Take a payment out of the wallet for a refund; `attempt` numbers the tries."""
    entries = _move(wallet(user_id), returning(payment_id), amount_minor)
    key = f"payback:{payment_id}:{attempt}"
    return Posting(key, PostingKind.PAYBACK, entries, order_id, str(payment_id))


def complete_refund(payment_id: int, method: str, amount_minor: int) -> Posting:
    """The provider has refunded the payment."""
    entries = _move(returning(payment_id), paid_in(method), amount_minor)
    return Posting(refund_key(payment_id), PostingKind.PAYBACK, entries, note=str(payment_id))


def cancel_refund(payment_id: int, user_id: int, amount_minor: int, attempt: int) -> Posting:
    """The provider has refused the refund: the money goes back into the wallet."""
    entries = _move(returning(payment_id), wallet(user_id), amount_minor)
    key = f"payback:{payment_id}:{attempt}:kept"
    return Posting(key, PostingKind.PAYBACK, entries, note=str(payment_id))


def chargeback(
    payment_id: int, method: str, user_id: int, amount_minor: int, wallet_minor: int
) -> Posting:
    """A provider refunded the payer on its own: the wallet pays what it still has, and the rest is
    the shop's loss."""
    from_wallet = min(amount_minor, wallet_minor)
    lost = amount_minor - from_wallet
    entries = [Entry(paid_in(method), amount_minor)]
    entries += [Entry(wallet(user_id), -from_wallet)] if from_wallet else []
    entries += [Entry(LOSSES, -lost)] if lost else []
    return Posting(
        refund_key(payment_id), PostingKind.PAYBACK, tuple(entries), note=str(payment_id)
    )
