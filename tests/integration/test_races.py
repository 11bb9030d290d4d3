"""Who comes at the same moment changes nothing; each with a twin in which the guard is gone and the race is seen."""

import asyncio
import itertools
from dataclasses import replace

from bot.domain import ledger
from bot.domain.ledger import escrow, wallet
from bot.domain.orders import OrderState
from bot.domain.payments import Method, PaymentReport, ReportStatus
from bot.refusals import AlreadyDecided, NotRefundable, required
from bot.services.lease import Lease
from bot.services.operations.watch import watch_waiting_orders
from bot.services.orders import settle
from bot.services.orders.checkout import buy
from bot.services.orders.place import place_order
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.quote import make_quote
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.payments.provider_checks import (
    check_due_payments,
    check_my_payment,
    take_report,
)
from bot.services.payments.stars import StarCharge, payload_of, take_stars
from bot.services.payments.top_up import TopUpRequest, begin_payment
from bot.services.shop import Shop
from bot.services.wallet.credit import Credit, credit_wallet
from bot.services.wallet.unpaid_orders import cancel_order, end_unpaid_orders
from storage.repositories.ledger import LedgerRepository
from storage.repositories.orders import OrderRepository
from storage.repositories.payments import PaymentRepository
from storage.store import Store
from storage.tables import orders, payments
from tests.database import overwrite
from tests.harness import OPERATOR, ShopHarness, books_agree, send_due_messages
from tests.integration.order_steps import ask_order_refund


def second_process(harness: ShopHarness) -> Shop:
    """Another shop on the same database and the same supplier account."""
    store = Store(harness.store.url.render_as_string(hide_password=False))
    return Shop(
        store,
        harness.shop.suppliers,
        harness.sender,
        harness.clock,
        harness.vault,
        harness.shop.policy,
        "twin",
        harness.shop.shelf,
        Lease(harness.clock),
    )


async def _force(harness: ShopHarness, order_id: int, **values) -> None:
    await harness.store.write(lambda tx: overwrite(tx, orders, order_id, **values))


async def test_two_devices_press_one_confirm_screen(harness: ShopHarness):
    await harness.customer(1)
    view = await make_quote(harness.shop, 1, await harness.denomination(), 1)
    other = second_process(harness)
    try:
        results = await asyncio.gather(
            *(buy(shop, 1, view.quote.id, 7) for shop in (harness.shop, other) for _ in range(3))
        )
    finally:
        await other.store.close()

    assert len({order.id for order, _ in results}) == 1
    await harness.run(12)
    assert len(harness.book.orders) == 1
    await books_agree(harness)


async def test_two_processes_place_one_order_once(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    other = second_process(harness)
    try:
        await asyncio.gather(*(place_order(shop, order) for shop in (harness.shop, other)))
    finally:
        await other.store.close()

    assert harness.book.count("placeOrder") == len(harness.book.orders) == 1


async def test_without_the_intent_two_processes_buy_twice(harness: ShopHarness, monkeypatch):
    from bot.services.orders import place

    async def always(tx, shop, order_id, request):
        await overwrite(tx, orders, order_id, state=OrderState.PLACING, sent_at=shop.clock.now())
        return True

    monkeypatch.setattr(place, "_commit_intent", always)
    await harness.customer(1)
    order = await harness.buy(1)

    await asyncio.gather(*(place_order(harness.shop, order) for _ in range(2)))

    assert len(harness.book.orders) == 2


async def test_a_refund_and_a_delivery_at_once_pay_once(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    action = await ask_order_refund(harness, order)

    results = await asyncio.gather(
        confirm_refund(harness.shop, OPERATOR, action),
        poll_due_orders(harness.shop, "oneclickdz"),
        return_exceptions=True,
    )

    ended = await harness.order(order.id)
    assert ended.state in (OrderState.FULFILLED, OrderState.REFUNDED)
    if ended.state is OrderState.FULFILLED:
        assert isinstance(results[0], NotRefundable | AlreadyDecided)
    await books_agree(harness)
    assert await balance_of(harness, escrow(order.id)) == 0


async def test_without_the_look_at_the_state_a_refund_and_a_delivery_both_pay(
    harness: ShopHarness, monkeypatch
):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    await confirm_refund(harness.shop, OPERATOR, await ask_order_refund(harness, order))
    report = await harness.supplier.order(next(iter(harness.book.orders)), order.purchase)
    before = await balance_of(harness, wallet(1))
    await _force(harness, order.id, state=OrderState.HANDLING)
    monkeypatch.setattr(LedgerRepository, "_move", unguarded_move)

    await settle.settle_order(harness.shop, order, report)

    assert await balance_of(harness, escrow(order.id)) < 0  # the codes were paid with nothing
    assert before == 50_000_00


async def unguarded_move(self, account, amount_minor):
    from sqlalchemy import update

    from storage.tables import accounts

    await self.insert_once(accounts, name=account, balance_minor=0, may_be_negative=True)
    await self._db.execute(
        update(accounts)
        .where(accounts.c.name == account)
        .values(balance_minor=accounts.c.balance_minor + amount_minor, may_be_negative=True)
    )


async def balance_of(harness: ShopHarness, account: str) -> int:
    async with harness.store.reading() as tx:
        return await tx.ledger.balance(account)


async def test_two_sweeps_settle_one_order_once(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1, 2)
    await harness.place()
    harness.clock.pass_time(5)
    other = second_process(harness)
    try:
        ended = await asyncio.gather(
            poll_due_orders(harness.shop, "oneclickdz"), poll_due_orders(other, "oneclickdz")
        )
    finally:
        await other.store.close()

    assert sum(ended) == 1
    await harness.run(3)
    assert len(harness.sender.codes_of(1)) == 2
    await books_agree(harness)


async def test_without_the_lock_two_sweeps_settle_twice(harness: ShopHarness, monkeypatch):
    """The twin: an order that is read before the transaction is settled by both."""
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    stale = await harness.order(order.id)
    report = await harness.supplier.order(required(stale.supplier_order_id), stale.purchase)

    async def as_it_was(self, order_id):
        return stale

    monkeypatch.setattr(OrderRepository, "locked", as_it_was)

    ended = await asyncio.gather(
        *(settle.settle_order(harness.shop, order, report) for _ in range(2)),
        return_exceptions=True,
    )

    assert sum(result is not False for result in ended) == 2


async def test_two_operators_and_two_taps_refund_once(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)

    results = await asyncio.gather(
        *(
            ask_refund(harness.shop, key=key, operator_id=OPERATOR, order_id=order.id, reason="x")
            for key in ("a", "a", "b")
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(result, tuple) for result in results) == 1
    assert await balance_of(harness, wallet(1)) == 50_000_00
    await books_agree(harness)


async def test_one_credit_sent_twice_is_one_credit(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    other = second_process(harness)
    wish = Credit("update:9", OPERATOR, 1, 500, "")
    try:
        results = await asyncio.gather(
            *(credit_wallet(shop, wish) for shop in (harness.shop, other)),
            return_exceptions=True,
        )
    finally:
        await other.store.close()

    assert sorted(type(result).__name__ for result in results) == [
        "AlreadyDecided",
        "Credited",
    ]
    assert await balance_of(harness, wallet(1)) == 500


async def test_without_the_unique_key_one_credit_is_two(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    for key in ("update:9", "update:9 again"):
        await credit_wallet(harness.shop, Credit(key, OPERATOR, 1, 500, ""))

    assert await balance_of(harness, wallet(1)) == 1000


async def _begun(harness: ShopHarness, method: Method, minor: int = 200_000):
    harness.offer()
    customer = await harness.customer(1, dinars=0)
    return await begin_payment(
        harness.shop, customer, TopUpRequest(method, minor, None, "press", None)
    )


async def test_one_charge_told_to_two_processes_fills_the_wallet_once(harness: ShopHarness):
    payment = await _begun(harness, Method.STARS)
    other = second_process(harness)
    charge = StarCharge(1, payload_of(payment), payment.stars, "charge")
    try:
        await asyncio.gather(
            *(take_stars(shop, charge) for shop in (harness.shop, other, harness.shop, other)),
            return_exceptions=True,
        )
    finally:
        await other.store.close()

    assert await balance_of(harness, wallet(1)) == payment.asked_minor
    await books_agree(harness)


async def test_without_the_look_at_the_charge_one_payment_is_two(harness: ShopHarness, monkeypatch):
    """The twin: where a charge is not looked up, and its name not kept, it counts each time."""
    payment = await _begun(harness, Method.STARS)

    async def unknown(self, method, external_id):
        return None

    monkeypatch.setattr(PaymentRepository, "by_external_id", unknown)
    for number in range(2):
        charge = StarCharge(1, payload_of(payment), payment.stars, f"charge {number}")
        await take_stars(harness.shop, charge)

    assert await balance_of(harness, wallet(1)) == 2 * payment.asked_minor


async def test_two_sweeps_and_a_press_see_one_card_payment_once(harness: ShopHarness):
    payment = await _begun(harness, Method.OCPAY)
    harness.book.cards.pay(payment.external_id)
    other = second_process(harness)
    other.payment_methods = harness.shop.payment_methods
    harness.clock.pass_time(15)
    try:
        await asyncio.gather(
            check_due_payments(harness.shop),
            check_due_payments(other),
            check_my_payment(harness.shop, 1, payment.id),
            return_exceptions=True,
        )
    finally:
        await other.store.close()

    assert await balance_of(harness, wallet(1)) == 200_000
    await books_agree(harness)


async def test_without_its_key_a_payment_is_posted_twice(harness: ShopHarness, monkeypatch):
    """The twin: the posting's key is the last guard, and the audit sees where it is gone."""
    payment = await _begun(harness, Method.OCPAY)
    keys = itertools.count()
    real = ledger.payment

    def keyless(*args):
        return replace(real(*args), key=f"payment:{payment.id}:{next(keys)}")

    monkeypatch.setattr(ledger, "payment", keyless)
    report = PaymentReport(ReportStatus.CONFIRMED, payment.external_id, 200_000, sandbox=False)
    for _ in range(2):
        await harness.store.write(take_report, harness.shop, payment.id, report)
        await harness.store.write(_forget_state, payment.id)

    assert await balance_of(harness, wallet(1)) == 400_000
    async with harness.store.reading() as tx:
        assert (await tx.audit.contradicting_ledger())[1] != []


async def _forget_state(tx, payment_id):
    await overwrite(tx, payments, payment_id, state="open")


async def test_an_order_that_expires_while_it_is_paid_does_one_of_the_two(harness: ShopHarness):
    harness.offer()
    await harness.customer(1, dinars=0)
    order = await harness.buy(1)
    other = second_process(harness)
    harness.clock.pass_time(24 * 3600 - 1)
    try:
        await asyncio.gather(
            credit_wallet(harness.shop, Credit("k", OPERATOR, 1, order.total_minor, "")),
            cancel_order(other, 1, order.id),
            end_unpaid_orders(other),
            return_exceptions=True,
        )
    finally:
        await other.store.close()

    state = (await harness.order(order.id)).state
    assert state in (OrderState.PAID, OrderState.CANCELLED)
    held = await balance_of(harness, f"escrow:{order.id}")
    assert held == (order.total_minor if state is OrderState.PAID else 0)
    await books_agree(harness)


async def test_two_watchers_tell_a_slow_order_once(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(400)

    await asyncio.gather(*(watch_waiting_orders(harness.shop, "oneclickdz") for _ in range(3)))
    await harness.round()

    assert harness.sender.stages(1) == ["slow"]


async def test_two_senders_send_the_same_codes_to_the_same_person_only(harness: ShopHarness):
    """At least once is what delivery promises (docs/reliability.md); a second copy goes to nobody else."""
    await harness.customer(1)
    await harness.customer(2)
    await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)
    await poll_due_orders(harness.shop, "oneclickdz")

    async def send_all():
        while await send_due_messages(harness.shop):
            pass

    await asyncio.gather(send_all(), send_all())

    assert len(set(harness.sender.codes_of(1))) == 1
    assert harness.sender.codes_of(2) == []
