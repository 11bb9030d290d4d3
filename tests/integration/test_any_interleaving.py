"""The ledger and the order machine under Hypothesis, against a plain model of who owns what."""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.orders import OrderState
from bot.domain.payments import Method, Payment, PaymentState, ReceiptKind, Rejection
from bot.errors import PaymentFailure, RefundRefused, Unreachable
from bot.refusals import AlreadyDecided, DebitTooLarge, NotFound, NotRefundable, Refused
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.messaging.customers import ensure_customer
from bot.services.operations.reports import report_payment
from bot.services.orders.checkout import buy
from bot.services.orders.place import recover_interrupted
from bot.services.orders.quote import make_quote
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.decisions import Decision, accept_payment, reject_payment
from bot.services.payments.provider_checks import check_my_payment
from bot.services.payments.receipts import ReceiptFile, ReceiptUpload, send_receipt
from bot.services.payments.refunds import (
    ask_payment_refund,
    confirm_payment_refund,
    record_chargeback,
)
from bot.services.payments.stars import StarCharge, payload_of, take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment
from bot.services.wallet.credit import Credit, credit_wallet
from bot.services.wallet.unpaid_orders import cancel_order
from storage.migrate import migrate
from storage.store import Store
from tests.database import store_at
from tests.harness import OPERATOR, ShopHarness, books_agree

USERS = st.integers(1, 3)
FAULTS = st.sampled_from(
    [
        Fault(FaultKind.STATUS_AFTER, "placeOrder"),
        Fault(FaultKind.HTML, "placeOrder", status=502),
        Fault(FaultKind.STATUS, "placeOrder", status=400, code="ERR_STOCK"),
        Fault(FaultKind.STATUS, "placeOrder", status=429, code="RATE_LIMIT_EXCEEDED"),
        Fault(FaultKind.STATUS, "list"),
        Fault(FaultKind.STATUS, "checkOrder"),
        Fault(FaultKind.STATUS, "checkProduct"),
    ]
)
_EMPTY: list[Path] = []


def empty_database() -> Path:
    if not _EMPTY:
        path = Path(tempfile.mkdtemp()) / "empty.db"

        async def make() -> None:
            store = Store(f"sqlite:///{path}")
            await migrate(store)
            await store.close()

        asyncio.run(make())
        _EMPTY.append(path)
    return _EMPTY[0]


class ShopMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.money_in = dict.fromkeys((1, 2, 3), 0)
        self.quotes: list[tuple[int, int]] = []
        self.actions: list[int] = []
        self.credits = 0

    def do(self, work):
        return self.runner.run(work)

    @initialize()
    def open(self) -> None:
        shutil.copy(empty_database(), self.folder / "hanout.db")
        store = store_at(self.folder / "hanout.db")
        self.harness = self.do(ShopHarness(store).open())
        self.value = self.do(self.harness.denomination())
        for user in (1, 2, 3):
            self.do(ensure_customer(self.harness.shop, user, "en"))

    @rule(user=USERS, dinars=st.integers(-3000, 9000).filter(bool), replay=st.booleans())
    def credit(self, user, dinars, replay) -> None:
        self.credits += 0 if replay and self.credits else 1
        try:
            self.do(
                credit_wallet(
                    self.harness.shop,
                    Credit(f"k{self.credits}", OPERATOR, user, dinars * 100, ""),
                )
            )
            self.money_in[user] += dinars * 100
        except (AlreadyDecided, DebitTooLarge):
            pass

    @rule(user=USERS, quantity=st.integers(1, 3))
    def quote(self, user, quantity) -> None:
        try:
            self.quotes.append(
                (user, self.do(make_quote(self.harness.shop, user, self.value, quantity)).quote.id)
            )
        except Refused:
            pass

    @rule(data=st.data(), by=st.none() | USERS)
    def press_buy(self, data, by) -> None:
        if self.quotes:
            user, quote = data.draw(st.sampled_from(self.quotes))
            try:
                order, _ = self.do(buy(self.harness.shop, by or user, quote, 7))
                assert order.user_id == user == (by or user)
            except Refused:
                pass

    @rule(outcome=st.integers(0, 3))
    def supplier_decides(self, outcome) -> None:
        self.harness.book.next_outcomes.append(outcome)

    @rule(fault=FAULTS)
    def supplier_fails(self, fault) -> None:
        self.harness.book.script(
            Fault(fault.kind, fault.path, 1, fault.seconds, fault.status, fault.code)
        )

    @rule()
    def chat_fails(self) -> None:
        self.harness.sender.failures.append(Unreachable())

    @rule(user=USERS)
    def comes_back(self, user) -> None:
        self.do(ensure_customer(self.harness.shop, user, "en"))

    @rule(order_id=st.integers(1, 8))
    def operator_refunds(self, order_id) -> None:
        self.credits += 1
        try:
            _, _, action = self.do(
                ask_refund(
                    self.harness.shop,
                    key=f"r{self.credits}",
                    operator_id=OPERATOR,
                    order_id=order_id,
                    reason="x",
                )
            )
            if action is not None:
                self.actions.append(action)
        except (NotFound, NotRefundable):
            pass

    @rule(data=st.data())
    def operator_confirms(self, data) -> None:
        if self.actions:
            try:
                self.do(
                    confirm_refund(
                        self.harness.shop, OPERATOR, data.draw(st.sampled_from(self.actions))
                    )
                )
            except Refused:
                pass

    @rule(seconds=st.sampled_from([0, 1, 5, 30, 700]))
    def time_passes(self, seconds) -> None:
        self.harness.clock.pass_time(seconds)
        self.do(self.harness.round())

    @rule()
    def restart(self) -> None:
        self.harness.restart()
        self.do(self.harness.reload())
        self.do(recover_interrupted(self.harness.shop))

    @invariant()
    def money_adds_up(self) -> None:
        if hasattr(self, "harness"):
            self.do(books_agree(self.harness))
            self.do(self._owners_have_their_money())

    async def _owners_have_their_money(self) -> None:
        for user, money_in in self.money_in.items():
            async with self.harness.store.reading() as tx:
                orders, _ = await tx.orders.page(user, 0, 1000)
                wallet = await tx.ledger.balance(f"wallet:{user}")
            spent = sum(o.total_minor - o.returned_minor for o in orders)
            assert wallet == money_in - spent >= 0

    @invariant()
    def nobody_holds_anothers_code_and_nothing_is_bought_twice(self) -> None:
        if hasattr(self, "harness"):
            seen = {user: set(self.harness.sender.codes_of(user)) for user in self.money_in}
            assert not (seen[1] & seen[2] or seen[1] & seen[3] or seen[2] & seen[3])
            self.do(self._purchases_match())

    async def _purchases_match(self) -> None:
        sent = 0
        for user in self.money_in:
            async with self.harness.store.reading() as tx:
                orders, _ = await tx.orders.page(user, 0, 1000)
            sent += sum(o.sent_at is not None or o.state is OrderState.PLACING for o in orders)
        assert len(self.harness.book.orders) <= sent

    def teardown(self) -> None:
        if hasattr(self, "harness"):
            self.do(self.harness.close())
            self.do(self.harness.store.close())
        self.runner.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class PayingMachine(ShopMachine):
    """The same with every way to pay: what came in is what wallets, holds, sales and payers hold."""

    def __init__(self) -> None:
        super().__init__()
        self.bills: list[Payment] = []
        self.charges: list[StarCharge] = []
        self.told: set[str] = set()
        self.cards: list[Payment] = []
        self.transfers: list[Payment] = []

    @initialize()
    def open(self) -> None:
        super().open()
        self.harness.offer()
        self.harness.set_policy(payment_window=timedelta(minutes=20))

    def key(self) -> str:
        self.credits += 1
        return f"press:{self.credits}"

    def _begin(self, user, method, minor, order_id) -> None:
        customer = self.do(ensure_customer(self.harness.shop, user, "en"))
        wish = TopUpRequest(method, minor, order_id, self.key(), None)
        try:
            payment = self.do(begin_payment(self.harness.shop, customer, wish))
        except (Refused, PaymentFailure):
            return
        kept = {Method.STARS: self.bills, Method.OCPAY: self.cards, Method.TRANSFER: self.transfers}
        kept[method].append(payment)

    @rule(data=st.data(), payer=USERS, more=st.integers(0, 3))
    def stars_are_paid(self, data, payer, more) -> None:
        """By its owner or by somebody else, once or again, at any time."""
        bill = self._some(data, Method.STARS, self.bills)
        if bill is not None:
            name = f"charge:{len(self.charges)}"
            charge = StarCharge(payer, payload_of(bill), bill.stars + more, name)
            self.charges.append(charge)
            self.harness.stars_gateway.list(name, payer, charge.stars)
            self._tell(charge)

    def _some(self, data, method, begun):
        """A payment of this way: a new one, or any that was begun before."""
        if not begun or data.draw(st.booleans()):
            order_id = data.draw(st.none() | st.integers(1, 6))
            self._begin(data.draw(USERS), method, data.draw(st.integers(1, 900_000)), order_id)
        return data.draw(st.sampled_from(begun)) if begun else None

    @rule(data=st.data())
    def telegram_says_it_again(self, data) -> None:
        if self.charges:
            self._tell(data.draw(st.sampled_from(self.charges)))

    def _tell(self, charge) -> None:
        self.do(take_stars(self.harness.shop, charge))
        if charge.charge_id not in self.told:
            self.told.add(charge.charge_id)
            self.money_in[charge.user_id] += charge.stars * 150

    @rule(data=st.data())
    def a_card_is_paid_and_asked_for(self, data) -> None:
        payment = self._some(data, Method.OCPAY, self.cards)
        if payment is None:
            return
        before = self.do(report_payment(self.harness.shop, payment.id)).state
        self.harness.book.cards.pay(payment.external_id)
        self.harness.clock.pass_time(6)
        try:
            after = self.do(check_my_payment(self.harness.shop, payment.user_id, payment.id))
        except Refused:
            return
        if after.state is PaymentState.CREDITED is not before:
            self.money_in[payment.user_id] += after.paid_minor

    @rule(data=st.data(), minor=st.none() | st.integers(1, 900_000), accept=st.booleans())
    def a_receipt_is_looked_at(self, data, minor, accept) -> None:
        payment = self._some(data, Method.TRANSFER, self.transfers)
        if payment is None:
            return
        file = ReceiptFile(ReceiptKind.PHOTO, "f", data.draw(st.sampled_from("abc")))
        proof = ReceiptUpload([file], payment.reference)
        decision = Decision(self.key(), OPERATOR, payment.id, minor)
        try:
            self.do(send_receipt(self.harness.shop, payment.user_id, proof))
            if accept:
                done = self.do(accept_payment(self.harness.shop, decision))
                self.money_in[payment.user_id] += done.paid_minor
            else:
                self.do(reject_payment(self.harness.shop, decision, Rejection.USED))
        except Refused:
            pass

    @rule(data=st.data(), failure=st.sampled_from([None, PaymentFailure, RefundRefused]))
    def stars_are_given_back(self, data, failure) -> None:
        if not self.told:
            return
        payment = self._of(data.draw(st.sampled_from(sorted(self.told))))
        if failure is not None:
            self.harness.stars_gateway.failures.append(failure("x"))
        ask = {"key": self.key(), "operator_id": OPERATOR, "payment_id": payment.id}
        try:
            _, action = self.do(ask_payment_refund(self.harness.shop, **ask))
            self.do(confirm_payment_refund(self.harness.shop, OPERATOR, action))
        except Refused:
            pass
        self.harness.stars_gateway.failures.clear()

    @rule(data=st.data())
    def telegram_takes_stars_back(self, data) -> None:
        if not self.told:
            return
        payment = self._of(data.draw(st.sampled_from(sorted(self.told))))
        left = self.do(self.harness.balance(payment.user_id))
        self.do(record_chargeback(self.harness.shop, Method.STARS, payment.external_id))
        if payment.state is PaymentState.CREDITED:
            # What had been spent is the shop's loss: the customer owes nothing.
            self.money_in[payment.user_id] += max(0, payment.paid_minor - left)

    def _of(self, charge_id):
        async def find():
            async with self.harness.store.reading() as tx:
                return await tx.payments.by_external_id(Method.STARS, charge_id)

        return self.do(find())

    @rule(user=USERS, order_id=st.integers(1, 6))
    def calls_off(self, user, order_id) -> None:
        try:
            self.do(cancel_order(self.harness.shop, user, order_id))
        except Refused:
            pass

    async def _owners_have_their_money(self) -> None:
        """money in = money held + sales + paid back, for each customer and for the whole shop."""
        async with self.harness.store.reading() as tx:
            rows = await tx.payments.newest(10_000)
        gone = (PaymentState.RETURNING, PaymentState.RETURNED)
        for user, money_in in self.money_in.items():
            async with self.harness.store.reading() as tx:
                orders, _ = await tx.orders.page(user, 0, 1000)
                wallet = await tx.ledger.balance(f"wallet:{user}")
            unpaid = (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED, OrderState.EXPIRED)
            spent = sum(o.total_minor - o.returned_minor for o in orders if o.state not in unpaid)
            back = sum(p.paid_minor for p in rows if p.user_id == user and p.state in gone)
            assert wallet == money_in - spent - back >= 0


TestAnyInterleaving = ShopMachine.TestCase
TestAnyPayment = PayingMachine.TestCase
TestAnyInterleaving.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyPayment.settings = settings(TestAnyInterleaving.settings, max_examples=14)
