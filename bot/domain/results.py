"""What the one message about the end of an order says of money."""

from dataclasses import dataclass

from bot.domain.payments import Method


@dataclass(frozen=True, slots=True)
class MoneyNote:
    """Amounts are in minor units; `wallet_minor` is the balance after all that the message tells.

    `paid_minor` and `paid_by`: the payment that paid for the order, where no message told of it.
    `orders`: others that were paid by what was refunded.
    """

    wallet_minor: int
    paid_minor: int = 0
    paid_by: Method | None = None
    orders: tuple[int, ...] = ()
