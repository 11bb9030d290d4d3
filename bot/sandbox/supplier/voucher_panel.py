"""Starship as somebody sees and steers it from outside: its books, and how it behaves today."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.panel import LOST_ANSWER, SHOWN, show_call
from bot.sandbox.supplier.vouchers import OPEN, Outcome, Voucher, VoucherBook, VoucherOrder

_USUAL = "usual"
_ALWAYS = 10**9
_TOP_UP = Decimal(1000)
_HABITS = ("lower_case", "numbers", "codes_at_once", "empties_cancelled", "flat_errors")


class VoucherPanel:
    """Amounts are the wallet's currency, instants are seconds since 1970."""

    def __init__(self, book: VoucherBook, name: str) -> None:
        self.book = book
        self.name = name
        self._lost_answer: Fault | None = None
        self._outage: Fault | None = None

    # --- what it shows --------------------------------------------------------------------------

    def shows(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Every part of the panel under a key of its own, as JSON."""
        yield ("supplier", self.name), self._now()
        for order in list(self.book.orders.values())[-SHOWN:]:
            yield ("supplier-order", self.name, str(order.id)), _order(order)
        first = max(0, len(self.book.calls) - SHOWN)
        for number, call in enumerate(self.book.calls[first:], first):
            yield ("supplier-call", self.name, str(number)), show_call(call)
        for product in self.book.products:
            yield ("supplier-stock", self.name, str(product.id)), _stock(product)

    def _now(self) -> dict[str, Any]:
        habits = self.book.habits
        switches = {name: getattr(habits, name) for name in _HABITS if name != "flat_errors"}
        return {
            "balance": float(self.book.balance),
            "currency": self.book.currency,
            "top_up": float(_TOP_UP),
            "orders": len(self.book.orders),
            "calls": len(self.book.calls),
            "choices": [_USUAL, *[o for o in Outcome if o is not Outcome.STOCKED], LOST_ANSWER],
            "next": self._next(),
            "outage": self._outage is not None,
            "habits": {**switches, "flat_errors": habits.error_shape == "flat"},
        }

    def _next(self) -> str:
        if self._lost_answer is not None and self._lost_answer.times > 0:
            return LOST_ANSWER
        return self.book.next_outcome or _USUAL

    # --- what can be done with it -----------------------------------------------------------------

    def act(self, what: str, value: str) -> None:
        """Carry out one press on the panel. Raises LookupError for what it has no button for."""
        actions: dict[str, Callable[[str], object]] = {
            "next": self._choose_next,
            "outage": self._switch_outage,
            "habit": self._switch_habit,
            "balance": self._set_balance,
            "stock": self._sell_out,
            "finish": self._release,
        }
        actions[what](value)

    def _choose_next(self, value: str) -> None:
        self.book.next_outcome = None
        if self._lost_answer is not None:
            self._lost_answer.times = 0
        if value == LOST_ANSWER:
            self._lost_answer = Fault(FaultKind.RESET_AFTER, "/orders")
            self.book.script(self._lost_answer)
        elif value in list(Outcome):
            self.book.next_outcome = Outcome(value)
        elif value != _USUAL:
            raise LookupError(value)

    def _switch_outage(self, value: str) -> None:
        if self._outage is not None:
            self._outage.times = 0
            self._outage = None
        if value == "on":
            self._outage = Fault(FaultKind.HTML, times=_ALWAYS, status=502)
            self.book.script(self._outage)

    def _switch_habit(self, value: str) -> None:
        """The other side of one of its pages' contradictions."""
        if value not in _HABITS:
            raise LookupError(value)
        habits = self.book.habits
        if value == "flat_errors":
            habits.error_shape = "nested" if habits.error_shape == "flat" else "flat"
        else:
            setattr(habits, value, not getattr(habits, value))

    def _set_balance(self, value: str) -> None:
        self.book.balance = Decimal(0) if value == "empty" else self.book.balance + _TOP_UP

    def _sell_out(self, value: str) -> None:
        """`value` is a product's id with a value behind it: none of the product left, or some again."""
        product = self.book.product(value.partition(":")[0])
        if product is None:
            raise LookupError(value)
        product.available = not product.available

    def _release(self, value: str) -> None:
        """Its staff looks at the order of this id now."""
        self.book.release(int(value) if value.isdigit() else 0)


def _order(order: VoucherOrder) -> dict[str, Any]:
    waits = order.status in OPEN or len(order.vouchers) < order.quantity
    return {
        "product": order.product.name,
        "value": f"{order.denomination.normalize():f} {order.product.currency}",
        "quantity": order.quantity,
        "came": len(order.vouchers),
        "status": order.status,
        "waits": waits and order.status not in ("CANCELLED", "FAILED"),
        "placed_at": order.placed_at.timestamp(),
    }


def _stock(product: Voucher) -> dict[str, Any]:
    values = [*product.values, *(["-".join(product.span)] if product.span else [])]
    kinds = [
        {
            "id": f"{product.id}:{value}",
            "value": f"{value} {product.currency}",
            "price": None,
            "quantity": product.most if product.available else 0,
        }
        for value in values
    ]
    return {"category": product.category, "product": product.name, "kinds": kinds}
