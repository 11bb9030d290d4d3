"""The supplier as somebody sees and steers it from outside: its books, and what happens next."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.sandbox.supplier.book import BookOrder, Call, NextOrder, SupplierBook
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.goods import Good, Kind

SHOWN = 12  # orders and calls
_RISE = Decimal("1.25")
_TOP_UP = 100_000
_ALWAYS = 10**9
LOST_ANSWER = "lost_answer"
NEXT = (*NextOrder, LOST_ANSWER)


class Panel:
    """One supplier's panel. Amounts are dinars, instants are seconds since 1970."""

    def __init__(self, book: SupplierBook, name: str) -> None:
        self.book = book
        self.name = name
        self._lost_answer: Fault | None = None
        self._outage: Fault | None = None
        self._usual_prices: dict[str, Decimal] = {}

    # --- what it shows --------------------------------------------------------------------------

    def shows(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Every part of the panel under a key of its own, as JSON."""
        self.book.finish_due()
        yield ("supplier", self.name), self._now()
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
        for shelf in self.book.shelves:
            for good in shelf.goods:
                yield ("supplier-stock", self.name, good.id), _stock(shelf.title, good)

    def _now(self) -> dict[str, Any]:
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
        good = self.book.good(order.product)
        kind = good.kind(order.type) if good else None
        return {
            "product": good.title if good else order.product,
            "value": kind.name if kind else order.type,
            "quantity": order.quantity,
            "came": len(order.cards),
            "status": order.status,
            "waits": order.status == "HANDLING",
            "placed_at": _seconds(order.placed_at),
            "ready_at": _seconds(order.ready_at),
        }

    # --- what can be done with it -----------------------------------------------------------------

    def act(self, what: str, value: str) -> None:
        """Carry out one press on the panel. Raises LookupError for what it has no button for."""
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
        """A quarter more for everything, or the usual prices again."""
        for kind in self._kinds():
            kind.price = self._usual_prices.pop(kind.id, kind.price)
            if value == "on":
                self._usual_prices[kind.id] = kind.price
                kind.price = (kind.price * _RISE).quantize(Decimal("0.01"))

    def _set_balance(self, value: str) -> None:
        if value == "empty":
            self.book.spend_elsewhere()
        else:
            self.book.top_up(_TOP_UP)

    def _sell_out(self, value: str) -> None:
        """`value` is a kind's id: none left, or some again."""
        kind = next((kind for kind in self._kinds() if kind.id == value), None)
        if kind is None:
            raise LookupError(value)
        kind.quantity = 0 if kind.quantity else 25

    def _switch_merchant(self, value: str) -> None:
        """Whether the supplier takes payments by card for this shop."""
        self.book.cards.merchant_validated = value == "on"

    def _finish(self, value: str) -> None:
        """The order of this id is ready now."""
        self.book.orders[value].ready_at = self.book.now()

    def _kinds(self) -> Iterator[Kind]:
        for shelf in self.book.shelves:
            for good in shelf.goods:
                yield from good.kinds


def show_call(call: Call) -> dict[str, Any]:
    return {"at": _seconds(call.at), "what": call.what, "came": call.came}


def _stock(category: str, good: Good) -> dict[str, Any]:
    kinds = [
        {"id": k.id, "value": k.name, "price": float(k.price), "quantity": k.quantity}
        for k in good.kinds
    ]
    return {"category": category, "product": good.title, "kinds": kinds}


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
