"""The control panel of the Starship simulator: shows its state, and scripts what happens next."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.panel import LOST_ANSWER, SHOWN, show_call
from bot.sandbox.supplier.vouchers import OPEN, Outcome, VoucherBook, VoucherOrder, VoucherProduct

_USUAL = "usual"
_ALWAYS = 10**9
_TOP_UP = Decimal(1000)
# The page's switches. `flat_errors` stands for Variants.error_format.
_SWITCHES = ("lower_case", "numbers", "codes_at_once", "empties_cancelled", "flat_errors")


class VoucherPanel:
    """One supplier's panel. Amounts are in the wallet's currency, times in seconds since 1970."""

    def __init__(self, book: VoucherBook, name: str) -> None:
        self.book = book
        self.name = name
        self._lost_answer: Fault | None = None
        self._outage: Fault | None = None

    def shows(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Every part of the panel as a JSON value under its own key."""
        yield ("supplier", self.name), self._summary()
        for order in list(self.book.orders.values())[-SHOWN:]:
            yield ("supplier-order", self.name, str(order.id)), _order(order)
        first = max(0, len(self.book.calls) - SHOWN)
        for number, call in enumerate(self.book.calls[first:], first):
            yield ("supplier-call", self.name, str(number)), show_call(call)
        for product in self.book.products:
            yield ("supplier-stock", self.name, str(product.id)), _stock(product)

    def _summary(self) -> dict[str, Any]:
        variants = self.book.variants
        switches = {name: getattr(variants, name) for name in _SWITCHES if name != "flat_errors"}
        return {
            "balance": float(self.book.balance),
            "currency": self.book.currency,
            "top_up": float(_TOP_UP),
            "orders": len(self.book.orders),
            "calls": len(self.book.calls),
            "choices": [_USUAL, *[o for o in Outcome if o is not Outcome.STOCKED], LOST_ANSWER],
            "next": self._next(),
            "outage": self._outage is not None,
            "habits": {**switches, "flat_errors": variants.error_format == "flat"},
        }

    def _next(self) -> str:
        if self._lost_answer is not None and self._lost_answer.times > 0:
            return LOST_ANSWER
        return self.book.next_outcome or _USUAL

    def act(self, what: str, value: str) -> None:
        """Carry out the action of a button. Raises LookupError for an unknown action or value."""
        actions: dict[str, Callable[[str], object]] = {
            "next": self._choose_next,
            "outage": self._switch_outage,
            "habit": self._switch_variant,
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

    def _switch_variant(self, value: str) -> None:
        """Switch between two documented variants of the API."""
        if value not in _SWITCHES:
            raise LookupError(value)
        variants = self.book.variants
        if value == "flat_errors":
            is_flat = variants.error_format == "flat"
            variants.error_format = "nested" if is_flat else "flat"
        else:
            setattr(variants, value, not getattr(variants, value))

    def _set_balance(self, value: str) -> None:
        self.book.balance = Decimal(0) if value == "empty" else self.book.balance + _TOP_UP

    def _sell_out(self, value: str) -> None:
        """Empty the stock of a product, or fill it again; `value`: `<product id>:<face value>`."""
        product = self.book.product(value.partition(":")[0])
        if product is None:
            raise LookupError(value)
        product.available = not product.available

    def _release(self, value: str) -> None:
        """Complete the pending order with this id."""
        self.book.release(int(value) if value.isdecimal() else 0)


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


def _stock(product: VoucherProduct) -> dict[str, Any]:
    values = [*product.values, *(["-".join(product.value_range)] if product.value_range else [])]
    kinds = [
        {
            "id": f"{product.id}:{value}",
            "value": f"{value} {product.currency}",
            "price": None,
            "quantity": product.max_quantity if product.available else 0,
        }
        for value in values
    ]
    return {"category": product.category, "product": product.name, "kinds": kinds}
