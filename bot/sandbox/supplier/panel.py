"""The control panel of the OneClickDz simulator: shows its state, and scripts what happens next."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.sandbox.supplier.book import BookOrder, Call, NextOrder, SupplierBook
from bot.sandbox.supplier.catalogue import Denomination, Product
from bot.sandbox.supplier.faults import Fault, FaultKind

SHOWN = 12  # of each: orders, payments and calls
_RISE = Decimal("1.25")
_TOP_UP = 100_000
_ALWAYS = 10**9
LOST_ANSWER = "lost_answer"
NEXT = (*NextOrder, LOST_ANSWER)


class Panel:
    """One supplier's panel. Amounts are in dinars, times in seconds since 1970."""

    def __init__(self, book: SupplierBook, name: str) -> None:
        self.book = book
        self.name = name
        self._lost_answer: Fault | None = None
        self._outage: Fault | None = None
        self._usual_prices: dict[str, Decimal] = {}

    def shows(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Every part of the panel as a JSON value under its own key."""
        self.book.finish_due()
        yield ("supplier", self.name), self._summary()
        for order in list(self.book.orders.values())[-SHOWN:]:
            yield ("supplier-order", self.name, order.id), self._order(order)
        for payment in list(self.book.cards.payments.values())[-SHOWN:]:
            yield (
                ("supplier-payment", self.name, payment.ref),
                {"amount": payment.amount, "status": payment.status},
            )
        first = max(0, len(self.book.calls) - SHOWN)
        for number, call in enumerate(self.book.calls[first:], first):
            yield ("supplier-call", self.name, str(number)), show_call(call)
        for category in self.book.categories:
            for product in category.products:
                yield ("supplier-stock", self.name, product.id), _stock(category.title, product)

    def _summary(self) -> dict[str, Any]:
        return {
            "balance": float(self.book.balance),
            "orders": len(self.book.orders),
            "calls": len(self.book.calls),
            "top_up": _TOP_UP,
            "choices": ["usual", *NEXT],
            "next": self._next(),
            "outage": self._outage is not None,
            "price_rise": bool(self._usual_prices),
            "merchant": self.book.cards.merchant_validated,
        }

    def _next(self) -> str:
        if self._lost_answer is not None and self._lost_answer.times > 0:
            return LOST_ANSWER
        return self.book.next_order or "usual"

    def _order(self, order: BookOrder) -> dict[str, Any]:
        product = self.book.product(order.product)
        denomination = product.denomination(order.type) if product else None
        return {
            "product": product.title if product else order.product,
            "value": denomination.name if denomination else order.type,
            "quantity": order.quantity,
            "came": len(order.cards),
            "status": order.status,
            "waits": order.status == "HANDLING",
            "placed_at": _seconds(order.placed_at),
            "ready_at": _seconds(order.ready_at),
        }

    def act(self, what: str, value: str) -> None:
        """Carry out the action of a button. Raises LookupError for an unknown action or value."""
        actions: dict[str, Callable[[str], object]] = {
            "next": self._choose_next,
            "outage": self._switch_outage,
            "price_rise": self._switch_prices,
            "balance": self._set_balance,
            "stock": self._sell_out,
            "finish": self._finish,
            "pay": self.book.cards.pay,
            "decline": self.book.cards.decline,
            "merchant": self._switch_merchant,
        }
        actions[what](value)

    def _choose_next(self, value: str) -> None:
        self.book.next_order = None
        if self._lost_answer is not None:
            self._lost_answer.times = 0
        if value == LOST_ANSWER:
            self._lost_answer = Fault(FaultKind.RESET_AFTER, "placeOrder")
            self.book.script(self._lost_answer)
        elif value in list(NextOrder):
            self.book.next_order = NextOrder(value)
        elif value != "usual":
            raise LookupError(value)

    def _switch_outage(self, value: str) -> None:
        if self._outage is not None:
            self._outage.times = 0
            self._outage = None
        if value == "on":
            self._outage = Fault(FaultKind.HTML, times=_ALWAYS, status=502)
            self.book.script(self._outage)

    def _switch_prices(self, value: str) -> None:
        """Raise all prices by a quarter, or restore them."""
        for denomination in self._denominations():
            usual = self._usual_prices.pop(denomination.id, denomination.price)
            denomination.price = usual
            if value == "on":
                self._usual_prices[denomination.id] = usual
                denomination.price = (usual * _RISE).quantize(Decimal("0.01"))

    def _set_balance(self, value: str) -> None:
        if value == "empty":
            self.book.spend_elsewhere()
        else:
            self.book.top_up(_TOP_UP)

    def _sell_out(self, value: str) -> None:
        """Empty the stock of the denomination with this id, or fill it again."""
        denomination = next((d for d in self._denominations() if d.id == value), None)
        if denomination is None:
            raise LookupError(value)
        denomination.quantity = 0 if denomination.quantity else 25

    def _switch_merchant(self, value: str) -> None:
        """Allow or refuse card payments for this shop."""
        self.book.cards.merchant_validated = value == "on"

    def _finish(self, value: str) -> None:
        """Complete the order with this id now."""
        self.book.orders[value].ready_at = self.book.now()

    def _denominations(self) -> Iterator[Denomination]:
        for category in self.book.categories:
            for product in category.products:
                yield from product.denominations


def show_call(call: Call) -> dict[str, Any]:
    return {"at": _seconds(call.at), "what": call.what, "came": call.response}


def _stock(category: str, product: Product) -> dict[str, Any]:
    denominations = [
        {"id": d.id, "value": d.name, "price": float(d.price), "quantity": d.quantity}
        for d in product.denominations
    ]
    return {"category": category, "product": product.title, "kinds": denominations}


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
