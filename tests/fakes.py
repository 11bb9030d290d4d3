"""What stands for the world in tests: a clock that tests move, what is sent to people, and payments in Stars."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.cases import SupportCase
from bot.domain.catalogue import Product
from bot.domain.code_messages import CodeMessage
from bot.domain.news import Letter, News
from bot.domain.orders import Order
from bot.domain.payments import Payment, Receipt, StarMovement
from bot.domain.people import BackInStock
from bot.domain.records import Customer, SentCodeMessage
from bot.domain.results import MoneyNote
from bot.domain.waiting import Waiting
from bot.ports import PaymentNote
from bot.services.payments.stars import StarCharge, payload_of

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class HarnessClock:
    """Time that passes only when it is told to, or when somebody sleeps.

    `moment` is the wall clock; `true` is the time that nobody can set.
    """

    def __init__(self) -> None:
        self.moment = START
        self.set_by = timedelta(0)  # the wall clock minus the true time

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return (self.true() - START).total_seconds()

    def true(self) -> datetime:
        return self.moment - self.set_by

    def step(self, seconds: float) -> None:
        """Set the wall clock ahead, or back by less than 0; monotonic time stands still."""
        self.moment += timedelta(seconds=seconds)
        self.set_by += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def pass_time(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Sent:
    kind: str
    user_id: int
    order: Order | None = None
    codes: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    payment: Payment | None = None
    note: PaymentNote | None = None
    money: MoneyNote | None = None


class RecordingSender:
    """Implements the Sender port: keeps what was said, and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.failures: list[Exception] = []
        self.masked: list[int] = []
        self.statuses: list[tuple[Order, Waiting | None]] = []
        self._ids = 1000

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def send_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        self._fail()
        codes = tuple(card.value for card in code_message.cards)
        money = code_message.money
        self.sent.append(Sent("codes", customer.id, order, codes, again=again, money=money))
        self._ids += 1
        return self._ids

    async def mask_codes(
        self,
        customer: Customer,
        order: Order,
        message: SentCodeMessage,
        masks: Sequence[str],
        first: int,
        *,
        for_good: bool = False,
    ) -> None:
        self._fail()
        self.masked.append(message.message_id)

    async def send_returned(self, customer: Customer, order: Order, money: MoneyNote) -> None:
        self._fail()
        self.sent.append(Sent("returned", customer.id, order, money=money))

    async def send_lost(self, customer: Customer, order: Order) -> None:
        self._fail()
        self.sent.append(Sent("lost", customer.id, order))

    async def update_status(
        self, customer: Customer, order: Order, waiting: Waiting | None, *, alone: bool = False
    ) -> None:
        self.statuses.append((order, waiting))

    def stages(self, order_id: int) -> list[str]:
        """What the status message of an order said that it waits for, in order."""
        return [str(w.stage) for order, w in self.statuses if w and order.id == order_id]

    async def send_credited(self, customer: Customer, data: Mapping[str, str]) -> None:
        self._fail()
        self.sent.append(Sent("credited", customer.id, data=data))

    async def send_team(self, customer: Customer, data: Mapping[str, str]) -> None:
        self._fail()
        self.sent.append(Sent("team", customer.id, data=data))

    async def send_closing(self, customer: Customer, data: Mapping[str, str]) -> None:
        self._fail()
        self.sent.append(Sent("closing", customer.id, data=data))

    async def send_payment(self, customer: Customer, payment: Payment, note: PaymentNote) -> None:
        self._fail()
        self.sent.append(Sent("payment", customer.id, note.order, payment=payment, note=note))

    async def send_receipt(
        self,
        operator: Customer,
        payment: Payment,
        receipts: Sequence[Receipt],
        same: Sequence[Payment],
        *,
        decides: bool,
    ) -> None:
        self._fail()
        ids = tuple(p.reference for p in same)
        data = {"receipt": " ".join(receipt.unique_id for receipt in receipts)}
        self.sent.append(Sent("receipt", operator.id, payment=payment, codes=ids, data=data))

    async def send_back_in_stock(self, customer: Customer, value: BackInStock) -> None:
        self._fail()
        data = {"value": str(value.denomination_id), "price": str(value.price_minor)}
        self.sent.append(Sent("back", customer.id, data=data))

    async def send_missed(self, customer: Customer) -> None:
        self._fail()
        self.sent.append(Sent("missed", customer.id))

    async def send_case(
        self, operator: Customer, case: SupportCase, order: Order | None, answered_by: int | None
    ) -> int:
        self._fail()
        data = {"case": str(case.id), "answered_by": str(answered_by or "")}
        self.sent.append(Sent("case", operator.id, order, data=data))
        self._ids += 1
        return self._ids

    async def send_case_closed(self, person: Customer, case: SupportCase) -> int:
        self._fail()
        self.sent.append(Sent("case_closed", person.id, data={"case": str(case.id)}))
        self._ids += 1
        return self._ids

    async def copy_messages(
        self, receiver: Customer, from_chat: int, message_ids: Sequence[int]
    ) -> Sequence[int]:
        self._fail()
        data = {"from": str(from_chat), "messages": " ".join(map(str, message_ids))}
        self.sent.append(Sent("copies", receiver.id, data=data))
        self._ids += len(message_ids)
        return range(self._ids - len(message_ids) + 1, self._ids + 1)

    async def send_news(
        self,
        customer: Customer,
        letter: Letter,
        product: Product | None,
        *,
        is_preview: bool = False,
    ) -> None:
        self._fail()
        data = {
            "text": letter.text,
            "photo": letter.photo,
            "product": product.title if product else "",
        }
        self.sent.append(Sent("news", customer.id, data=data))

    async def update_news(self, operator: Customer, sent: News, waits: datetime | None) -> None:
        self._fail()
        data = {"state": sent.state, "sent": str(sent.totals.sent), "waits": str(waits)}
        self.sent.append(Sent("progress", operator.id, data=data))

    async def send_ended(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        self._fail()
        self.sent.append(Sent("ended", customer.id, order))

    async def send_reminder(
        self, customer: Customer, order: Order, expires_at: datetime, days: int
    ) -> None:
        self._fail()
        self.sent.append(Sent("reminder", customer.id, order, data={"days": str(days)}))

    def payments(self, user_id: int = 1) -> list[str]:
        """What this customer was told of their payments, in order."""
        return [s.note.what for s in self.sent if s.note and s.user_id == user_id]

    async def send_alert(self, customer: Customer, data: Mapping[str, str]) -> None:
        self._fail()
        self.sent.append(Sent("alert", customer.id, data=data))

    def alerts(self, kind: str = "") -> list[Mapping[str, str]]:
        return [s.data for s in self.sent if s.kind == "alert" and kind in s.data["alert"]]

    def codes_of(self, user_id: int) -> list[str]:
        return [
            code
            for s in self.sent
            if s.kind == "codes" and s.user_id == user_id
            for code in s.codes
        ]


class FakeStarsGateway:
    """Implements the StarsGateway port: Telegram's side of payments in Stars, as tests say."""

    def __init__(self, clock: HarnessClock) -> None:
        self.clock = clock
        self.invoices: list[Payment] = []
        self.refunded: list[str] = []
        self.listed: list[StarMovement] = []
        self.failures: list[Exception] = []
        self.told: list[StarCharge] = []  # what Telegram said, and says again after a crash

    def pay(self, payment: Payment, charge_id: str) -> StarCharge:
        """The customer pays a bill; Telegram's word of it."""
        charge = StarCharge(payment.user_id, payload_of(payment), payment.stars, charge_id)
        self.list(charge_id, payment.user_id, payment.stars, charge.payload)
        self.told.append(charge)
        return charge

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def send_invoice(self, customer: Customer, payment: Payment) -> None:
        self._fail()
        self.invoices.append(payment)

    async def refund(self, user_id: int, charge_id: str) -> None:
        self._fail()
        if charge_id not in self.refunded:
            self.refunded.append(charge_id)
            came = next((m for m in self.listed if m.charge_id == charge_id), None)
            if came is not None:
                self.listed.append(replace(came, back=True, at=self.clock.true()))

    async def movements(self, since: datetime) -> Sequence[StarMovement]:
        self._fail()
        return [m for m in self.listed if m.at >= since]

    def list(self, charge_id: str, user_id: int, stars: int, payload: str = "") -> None:
        self.listed.append(
            StarMovement(charge_id, user_id, stars, payload, self.clock.true(), back=False)
        )


class CountingMeter:
    """Implements the port Meter; remembers each report, without its duration."""

    def __init__(self) -> None:
        self.updates: list[tuple[str, str]] = []
        self.supplier_calls: list[tuple[str, str, str]] = []
        self.telegram_calls: list[tuple[str, str]] = []
        self.lags: list[tuple[str, float]] = []
        self.runs: list[tuple[str, bool]] = []
        self.ended: list[tuple[str, str]] = []

    def update_handled(self, kind: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.updates.append((kind, outcome))

    def supplier_called(self, supplier: str, operation: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.supplier_calls.append((supplier, operation, outcome))

    def telegram_called(self, group: str, code: str, seconds: float) -> None:
        assert seconds >= 0
        self.telegram_calls.append((group, code))

    def sweep_begun(self, sweep: str, lag_seconds: float) -> None:
        self.lags.append((sweep, lag_seconds))

    def sweep_ended(self, sweep: str, *, failed: bool) -> None:
        self.runs.append((sweep, failed))

    def order_ended(self, supplier: str, outcome: str) -> None:
        self.ended.append((supplier, outcome))
