"""What is done twice, too late, or for something that moved on meanwhile: no second effect."""

from datetime import timedelta

import pytest

from bot.domain.orders import OrderState, ReturnReason
from bot.domain.records import AlertKind, OutboxKind
from bot.domain.supplier import Card, SupplierOrder, SupplierStatus
from bot.errors import (
    AlreadyDecided,
    InsufficientBalance,
    NotFound,
    NotRefundable,
    OutcomeUnknown,
    OutOfStock,
    SoldOut,
    SupplierUnavailable,
)
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.browse import exists, list_products, view_product, view_quantities
from bot.services.catalogue.refresh import refresh_catalogue
from bot.services.messaging import customers
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.customers import welcome
from bot.services.operations.reports import Span, my_orders, report_order, report_stats
from bot.services.orders import place, poll, reconcile
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.orders.settle import settle_order
from tests.harness import OPERATOR, ShopHarness, books_agree


async def _state(harness: ShopHarness, order_id: int, **values: object) -> None:
    async def change(tx):
        await tx.orders.change(order_id, **values)

    await harness.store.write(change)


async def test_every_step_of_the_pipeline_leaves_an_order_that_moved_on_alone(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(20)
    before = await harness.order(order.id)
    report = SupplierOrder("x", SupplierStatus.REFUNDED, True, 1)

    await place.place_order(harness.shop, order, harness.offers)
    for step in (
        lambda t: place._postpone(t, harness.shop, order.id, 1.0),
        lambda t: place._end(
            t, harness.shop, order.id, place.OrderEvent.REFUSE, ReturnReason.SOLD_OUT
        ),
        lambda t: place._accept(t, harness.shop, order.id, "other"),
        lambda t: place._lose(t, harness.shop, order.id, OutcomeUnknown("x")),
        lambda t: place._not_bought(t, harness.shop, order.id, OutOfStock("x")),
        lambda t: place._recover(t, harness.shop, order.id),
        lambda t: reconcile._adopt(t, harness.shop, order.id, []),
        lambda t: reconcile._look_again(
            t, harness.shop, [order.id], harness.clock.now(), seen=True
        ),
        lambda t: poll._postpone(t, harness.shop, [order.id], failed=True),
    ):
        await harness.store.write(step)
    assert await settle_order(harness.shop, before, report) is False

    assert await harness.order(order.id) == before
    assert len(harness.book.orders) == 1
    await books_agree(harness)


async def test_a_refusal_that_comes_late_still_returns_the_money(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await _state(harness, order.id, state=OrderState.UNCONFIRMED, sent_at=harness.clock.now())

    await harness.store.write(
        lambda t: place._not_bought(t, harness.shop, order.id, InsufficientBalance("x"))
    )
    assert (await harness.order(order.id)).state is OrderState.PAID


async def test_equal_orders_wait_while_one_is_on_its_way(harness: ShopHarness):
    await harness.customer(1)
    lost, flying = await harness.buy(1), await harness.buy(1)
    now = harness.clock.now()
    await _state(harness, lost.id, state=OrderState.UNCONFIRMED, sent_at=now, due_at=now)
    await _state(harness, flying.id, state=OrderState.PLACING, sent_at=now)

    async def yes() -> bool:
        return True

    await harness.supplier.buy(harness.supplier.build_request(flying.purchase, flying.id), yes)

    assert await reconcile.reconcile_lost_orders(harness.shop, "oneclickdz") == 0
    assert (await harness.order(lost.id)).supplier_order_id is None


async def test_an_order_interrupted_by_a_failing_disk_is_found_without_a_restart(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    await _state(harness, order.id, state=OrderState.PLACING, sent_at=harness.clock.now())

    assert await place.recover_interrupted(harness.shop, older_than=timedelta(seconds=90)) == 0
    harness.clock.pass_time(91)
    assert await place.recover_interrupted(harness.shop, older_than=timedelta(seconds=90)) == 1

    assert (await harness.order(order.id)).state is OrderState.UNCONFIRMED


async def test_a_supplier_that_is_down_before_the_purchase_delays_it(harness: ShopHarness):
    harness.book.script(
        Fault(FaultKind.STATUS, "checkProduct", times=3),
        Fault(FaultKind.STATUS, "checkProduct", status=429, code="X", retry_after=3),
    )
    await harness.customer(1)
    harness.book.faults, waiting = [], harness.book.faults
    order = await harness.buy(1)
    harness.book.faults = waiting

    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_product_that_vanished_before_the_purchase_is_returned(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.shelves[0].goods.clear()

    await harness.run(5)

    assert (await harness.order(order.id)).return_reason is ReturnReason.SOLD_OUT


async def test_a_key_refused_before_the_purchase_keeps_the_order(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.script(
        Fault(FaultKind.STATUS, "checkProduct", status=401, code="INVALID_ACCESS_TOKEN")
    )

    await harness.place()

    assert (await harness.order(order.id)).state is OrderState.PAID
    async with harness.store.reading() as tx:
        assert (await tx.operators.account("oneclickdz")).paused_for_access


async def test_a_refused_key_while_waiting_for_a_turn_sends_nothing(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.supplier._client._refused = place.AccessRefused("x", "IP_NOT_ALLOWED")

    await place._send(harness.shop, order)

    waiting = await harness.order(order.id)
    assert (waiting.state, waiting.sent_at) == (OrderState.PAID, None)
    assert harness.book.count("placeOrder") == 0


async def test_a_test_type_is_never_bought_for_real_money(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await _state(harness, order.id, supplier_type_id="TEST_REFUND")

    await harness.run(5)

    assert (await harness.order(order.id)).return_reason is ReturnReason.NOT_AVAILABLE
    assert harness.book.count("placeOrder") == 0
    assert harness.sender.alerts() == []  # noticed before the supplier's own guard had to refuse it


async def test_a_gone_product_can_still_be_bought_by_who_paid_for_it(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.shop.shelf.products.clear()

    await harness.run(20)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_an_order_that_the_supplier_does_not_know_yet_is_asked_for_again(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    hidden = dict(harness.book.orders)
    harness.book.orders.clear()

    await harness.run(10)
    assert (await harness.order(order.id)).state is OrderState.HANDLING
    harness.book.orders.update(hidden)
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_orders_missing_from_the_list_are_asked_for_one_by_one(harness: ShopHarness):
    for user in (1, 2, 3):
        await harness.customer(user)
        await harness.buy(user)
    await harness.place()
    for theirs in harness.book.orders.values():
        theirs.placed_at -= timedelta(days=1)

    await harness.run(20)

    assert harness.book.count("checkOrder") >= 3
    assert len(harness.sender.codes_of(3)) == 1


async def test_a_refund_is_decided_once_by_the_operator_who_asked(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    ask = {"operator_id": OPERATOR, "order_id": order.id, "reason": "x"}
    await harness.place()

    _, _, action = await ask_refund(harness.shop, key="a", **ask)
    with pytest.raises(AlreadyDecided):
        await ask_refund(harness.shop, key="a", **ask)
    with pytest.raises(NotFound):
        await confirm_refund(harness.shop, OPERATOR + 1, action)
    with pytest.raises(NotFound):
        await confirm_refund(harness.shop, OPERATOR, 1)  # the credit, not a refund
    _, _, later = await ask_refund(harness.shop, key="b", **ask)
    await confirm_refund(harness.shop, OPERATOR, action)
    with pytest.raises(AlreadyDecided):
        await confirm_refund(harness.shop, OPERATOR, action)
    with pytest.raises(NotRefundable):
        await confirm_refund(harness.shop, OPERATOR, later)

    assert await harness.balance(1) == 50_000_00
    await harness.run(30)
    assert harness.sender.codes_of(1) == []
    await books_agree(harness)


async def test_a_paid_order_is_refunded_at_once_and_one_on_its_way_is_not(harness: ShopHarness):
    await harness.customer(1)
    first, second = await harness.buy(1), await harness.buy(1)
    await _state(harness, second.id, state=OrderState.PLACING)

    _, _, action = await ask_refund(
        harness.shop, key="a", operator_id=OPERATOR, order_id=first.id, reason="x"
    )
    assert action is None
    with pytest.raises(NotRefundable):
        await ask_refund(
            harness.shop, key="b", operator_id=OPERATOR, order_id=second.id, reason="x"
        )


async def test_alerts_wait_for_an_operator_who_has_not_written_yet(harness: ShopHarness):
    harness.set_policy(admin_ids=frozenset({OPERATOR, 901}))
    await harness.store.write(
        lambda t: raise_alert(t, harness.shop, "k", AlertKind.CATALOGUE_STALE)
    )
    await harness.round()
    assert [s.user_id for s in harness.sender.sent] == [OPERATOR]

    await welcome(harness.shop, 901, "en")
    await harness.round()

    assert [s.user_id for s in harness.sender.sent] == [OPERATOR, 901]


async def test_a_message_about_nothing_and_an_alert_nobody_takes_are_set_aside(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=0)
    await harness.store.write(
        lambda t: t.outbox.add("x", 1, OutboxKind.ORDER_RESULT, harness.clock.now())
    )
    await harness.store.write(
        lambda t: t.outbox.add(
            "y", OPERATOR, OutboxKind.ALERT, harness.clock.now(), data={"alert": "balance_low"}
        )
    )
    from bot.errors import Undeliverable

    harness.sender.failures = [Undeliverable("no")]
    await harness.round()
    await harness.run(5)

    async with harness.store.reading() as tx:
        assert await tx.outbox.due(harness.clock.now(), 10) == []


async def test_a_stale_catalogue_is_told_after_two_days(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.STATUS, "catalog", times=9))
    harness.clock.pass_time(25 * 3600)
    with pytest.raises(SupplierUnavailable):
        await refresh_catalogue(harness.shop, "oneclickdz")
    await harness.round()
    assert harness.sender.alerts("catalogue") == []

    harness.clock.pass_time(25 * 3600)
    with pytest.raises(SupplierUnavailable):
        await refresh_catalogue(harness.shop, "oneclickdz")
    await harness.round()

    assert len(harness.sender.alerts("catalogue")) == 1
    harness.book.faults.clear()
    assert await refresh_catalogue(harness.shop, "oneclickdz")


async def test_the_shelf_answers_for_what_is_and_is_not_there(harness: ShopHarness):
    value = await harness.denomination()
    product = harness.shop.shelf.denomination(value).product_id
    harness.kind().quantity = 0
    harness.clock.pass_time(61)
    assert view_product(harness.shop, product).stale
    from bot.services.catalogue.refresh import refresh_product

    await refresh_product(harness.shop, product)

    with pytest.raises(SoldOut):
        view_quantities(harness.shop, value)
    assert exists(harness.shop, product_id=product)
    assert not exists(harness.shop, product_id=10**6)
    assert not exists(harness.shop, category_id=10**6)
    category = harness.shop.shelf.product(product).category_id
    assert (
        list_products(harness.shop, category, 99).number
        == list_products(harness.shop, category).pages - 1
    )


async def test_many_customers_are_remembered_up_to_a_bound(harness: ShopHarness, monkeypatch):
    monkeypatch.setattr(customers, "_REMEMBERED", 2)
    for user in (1, 2, 3):
        await welcome(harness.shop, user, "en")

    assert set(harness.shop.customers) == {2, 3}


async def test_reports_for_every_span(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(20)

    for span in Span:
        stats = await report_stats(harness.shop, span)
        assert stats.orders == {"fulfilled": 1}
        assert stats.profit_minor == stats.sales_minor - stats.cost_minor > 0
    harness.clock.pass_time(2 * 86400)
    assert (await report_stats(harness.shop, Span.TODAY)).median_seconds is None
    assert (await report_order(harness.shop, 1)).codes == 1
    orders, _, pages = await my_orders(harness.shop, 1, 5)
    assert (list(orders), pages) == ([], 1)


async def test_surplus_codes_are_kept_and_not_delivered(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    report = SupplierOrder(
        "x", SupplierStatus.FULFILLED, True, 1, (Card("ONE"), Card("TWO")), 2, unit_cost_minor=5
    )

    await settle_order(harness.shop, await harness.order(order.id), report)
    await harness.round()

    assert harness.sender.codes_of(1) == ["ONE"]
    assert (await report_order(harness.shop, order.id)).codes == 2


async def test_held_codes_are_not_stored_twice(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1, 2)
    await harness.place()
    held = SupplierOrder("x", SupplierStatus.REFUNDED, True, 2, (Card("ONE"), Card("TWO")), 0)

    for _ in range(2):
        await settle_order(harness.shop, await harness.order(order.id), held)

    assert (await report_order(harness.shop, order.id)).codes == 2


async def test_a_delivery_that_broke_off_goes_on_with_the_part_that_is_missing(
    harness: ShopHarness,
):
    from bot.errors import SendFailure

    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 100
    await harness.customer(1, dinars=500_000)
    await harness.round()
    await harness.buy(1, 30)
    await harness.place()
    harness.clock.pass_time(5)
    await poll.poll_due_orders(harness.shop, "oneclickdz")
    send, parts = harness.sender.send_codes, []

    async def second_fails(customer, order, code_message, *, again):
        parts.append(code_message.part)
        if parts == [0, 1]:
            raise SendFailure
        return await send(customer, order, code_message, again=again)

    harness.sender.send_codes = second_fails
    await harness.run(10)

    assert parts == [0, 1, 1]
    assert len(set(harness.sender.codes_of(1))) == len(harness.sender.codes_of(1)) == 30


async def test_an_order_of_another_kind_is_not_adopted(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1, label="25 $")
    await harness.place()
    other = next(iter(harness.book.orders.values()))
    lost = await harness.buy(1)
    now = harness.clock.now()
    await _state(harness, lost.id, state=OrderState.UNCONFIRMED, sent_at=now, due_at=now)
    await _state(harness, 1, supplier_order_id=None)

    await reconcile.reconcile_lost_orders(harness.shop, "oneclickdz")

    assert (await harness.order(lost.id)).supplier_order_id is None
    assert other.id in harness.book.orders


async def test_orders_stuck_one_after_the_other_are_told_ten_minutes_apart(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(120, step=20)
    await harness.buy(1)

    await harness.run(14 * 60, step=20)
    assert [a["orders"] for a in harness.sender.alerts("stuck")] == ["#1"]
    await harness.run(8 * 60, step=20)

    assert [a["orders"] for a in harness.sender.alerts("stuck")] == ["#1", "#2"]
