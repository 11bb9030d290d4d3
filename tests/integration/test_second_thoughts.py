"""What is done twice, too late, or for something that moved on meanwhile: no second effect."""

from datetime import timedelta

import pytest

from bot.domain.orders import OrderState, ReturnReason
from bot.domain.records import AlertKind, OutboxKind
from bot.domain.supplier import Card, Environment, SupplierOrder, SupplierStatus
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
from bot.services import customers, place, poll, search
from bot.services.alerts import raise_alert
from bot.services.browse import exists, list_products, view_product, view_quantities
from bot.services.catalogue import refresh_catalogue
from bot.services.customers import welcome
from bot.services.refund import ask_refund, confirm_refund
from bot.services.report import Span, my_orders, report_order, report_stats
from bot.services.settle import settle_order
from tests.stage import OPERATOR, Stage, books_agree


async def _state(stage: Stage, order_id: int, **values: object) -> None:
    async def change(tables):
        await tables.orders.change(order_id, **values)

    await stage.store.write(change)


async def test_every_step_of_the_pipeline_leaves_an_order_that_moved_on_alone(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.run(20)
    before = await stage.order(order.id)
    report = SupplierOrder("x", SupplierStatus.REFUNDED, True, 1)

    await place.place_order(stage.shop, order, stage.offers)
    for step in (
        lambda t: place._postpone(t, stage.shop, order.id, 1.0),
        lambda t: place._end(
            t, stage.shop, order.id, place.OrderEvent.REFUSE, ReturnReason.SOLD_OUT
        ),
        lambda t: place._accept(t, stage.shop, order.id, "other"),
        lambda t: place._lose(t, stage.shop, order.id, OutcomeUnknown("x")),
        lambda t: place._not_bought(t, stage.shop, order.id, OutOfStock("x")),
        lambda t: place._recover(t, stage.shop, order.id),
        lambda t: search._adopt(t, stage.shop, order.id, []),
        lambda t: search._look_again(t, stage.shop, [order.id], stage.clock.now(), seen=True),
        lambda t: poll._postpone(t, stage.shop, [order.id], failed=True),
    ):
        await stage.store.write(step)
    assert await settle_order(stage.shop, before, report) is False

    assert await stage.order(order.id) == before
    assert len(stage.book.orders) == 1
    await books_agree(stage)


async def test_an_answer_that_names_another_orders_purchase_starts_a_search(stage: Stage):
    await stage.customer(1)
    first = await stage.buy(1)
    await stage.run(20)
    taken = (await stage.order(first.id)).supplier_order_id
    second = await stage.buy(1)
    await _state(stage, second.id, state=OrderState.PLACING, sent_at=stage.clock.now())

    await stage.store.write(lambda t: place._accept(t, stage.shop, second.id, taken))
    assert (await stage.order(second.id)).state is OrderState.UNCONFIRMED
    await stage.store.write(lambda t: place._accept(t, stage.shop, second.id, taken))

    assert (await stage.order(second.id)).supplier_order_id is None


async def test_a_refusal_that_comes_late_still_returns_the_money(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await _state(stage, order.id, state=OrderState.UNCONFIRMED, sent_at=stage.clock.now())

    await stage.store.write(
        lambda t: place._not_bought(t, stage.shop, order.id, InsufficientBalance("x"))
    )
    assert (await stage.order(order.id)).state is OrderState.PAID


async def test_equal_orders_wait_while_one_is_on_its_way(stage: Stage):
    await stage.customer(1)
    lost, flying = await stage.buy(1), await stage.buy(1)
    now = stage.clock.now()
    await _state(stage, lost.id, state=OrderState.UNCONFIRMED, sent_at=now, due_at=now)
    await _state(stage, flying.id, state=OrderState.PLACING, sent_at=now)

    async def yes() -> bool:
        return True

    await stage.supplier.buy(stage.supplier.compose(flying.purchase, flying.id), yes)

    assert await search.search_lost_orders(stage.shop, "oneclickdz") == 0
    assert (await stage.order(lost.id)).supplier_order_id is None


async def test_an_order_interrupted_by_a_failing_disk_is_found_without_a_restart(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await _state(stage, order.id, state=OrderState.PLACING, sent_at=stage.clock.now())

    assert await place.recover_interrupted(stage.shop, older_than=timedelta(seconds=90)) == 0
    stage.clock.pass_time(91)
    assert await place.recover_interrupted(stage.shop, older_than=timedelta(seconds=90)) == 1

    assert (await stage.order(order.id)).state is OrderState.UNCONFIRMED


async def test_a_supplier_that_is_down_before_the_purchase_delays_it(stage: Stage):
    stage.book.script(
        Fault(FaultKind.STATUS, "checkProduct", times=3),
        Fault(FaultKind.STATUS, "checkProduct", status=429, code="X", retry_after=3),
    )
    await stage.customer(1)
    stage.book.faults, waiting = [], stage.book.faults
    order = await stage.buy(1)
    stage.book.faults = waiting

    await stage.run(60)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED


async def test_a_product_that_vanished_before_the_purchase_is_returned(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.book.shelves[0].goods.clear()

    await stage.run(5)

    assert (await stage.order(order.id)).return_reason is ReturnReason.SOLD_OUT


async def test_a_key_refused_before_the_purchase_keeps_the_order(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.book.script(
        Fault(FaultKind.STATUS, "checkProduct", status=401, code="INVALID_ACCESS_TOKEN")
    )

    await stage.place()

    assert (await stage.order(order.id)).state is OrderState.PAID
    async with stage.store.reading() as tables:
        assert (await tables.operators.account("oneclickdz")).paused_for_access


async def test_a_refused_key_while_waiting_for_a_turn_sends_nothing(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.supplier._line._refused = place.AccessRefused("x", "IP_NOT_ALLOWED")

    await place._send(stage.shop, order)

    waiting = await stage.order(order.id)
    assert (waiting.state, waiting.sent_at) == (OrderState.PAID, None)
    assert stage.book.count("placeOrder") == 0


async def test_a_test_type_is_never_bought_for_real_money(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await _state(stage, order.id, supplier_type_id="TEST_REFUND")

    await stage.run(5)

    assert (await stage.order(order.id)).return_reason is ReturnReason.NOT_AVAILABLE
    assert stage.book.count("placeOrder") == 0
    assert stage.sender.alerts() == []  # noticed before the supplier's own guard had to refuse it


async def test_a_gone_product_can_still_be_bought_by_who_paid_for_it(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.shop.shelf.products.clear()

    await stage.run(20)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED


async def test_an_order_that_the_supplier_does_not_know_yet_is_asked_for_again(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    hidden = dict(stage.book.orders)
    stage.book.orders.clear()

    await stage.run(10)
    assert (await stage.order(order.id)).state is OrderState.HANDLING
    stage.book.orders.update(hidden)
    await stage.run(30)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED


async def test_orders_missing_from_the_list_are_asked_for_one_by_one(stage: Stage):
    for user in (1, 2, 3):
        await stage.customer(user)
        await stage.buy(user)
    await stage.place()
    for theirs in stage.book.orders.values():
        theirs.placed_at -= timedelta(days=1)

    await stage.run(20)

    assert stage.book.count("checkOrder") >= 3
    assert len(stage.sender.codes_of(3)) == 1


async def test_a_refund_is_decided_once_by_the_operator_who_asked(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    ask = {"operator_id": OPERATOR, "order_id": order.id, "reason": "x"}
    await stage.place()

    _, _, action = await ask_refund(stage.shop, key="a", **ask)
    with pytest.raises(AlreadyDecided):
        await ask_refund(stage.shop, key="a", **ask)
    with pytest.raises(NotFound):
        await confirm_refund(stage.shop, OPERATOR + 1, action)
    with pytest.raises(NotFound):
        await confirm_refund(stage.shop, OPERATOR, 1)  # the credit, not a refund
    _, _, later = await ask_refund(stage.shop, key="b", **ask)
    await confirm_refund(stage.shop, OPERATOR, action)
    with pytest.raises(AlreadyDecided):
        await confirm_refund(stage.shop, OPERATOR, action)
    with pytest.raises(NotRefundable):
        await confirm_refund(stage.shop, OPERATOR, later)

    assert await stage.balance(1) == 50_000_00
    await stage.run(30)
    assert stage.sender.codes_of(1) == []
    await books_agree(stage)


async def test_a_paid_order_is_refunded_at_once_and_one_on_its_way_is_not(stage: Stage):
    await stage.customer(1)
    first, second = await stage.buy(1), await stage.buy(1)
    await _state(stage, second.id, state=OrderState.PLACING)

    _, _, action = await ask_refund(
        stage.shop, key="a", operator_id=OPERATOR, order_id=first.id, reason="x"
    )
    assert action is None
    with pytest.raises(NotRefundable):
        await ask_refund(stage.shop, key="b", operator_id=OPERATOR, order_id=second.id, reason="x")


async def test_an_alert_is_quiet_for_a_while_where_that_is_asked(stage: Stage):
    async def alert(tables):
        raised = await raise_alert(
            tables, stage.shop, "k", AlertKind.BALANCE_LOW, quiet_for=timedelta(minutes=5)
        )
        await tables.operators.close_alert("k", stage.clock.now())
        return raised

    assert await stage.store.write(alert) is True
    assert await stage.store.write(alert) is False
    stage.clock.pass_time(301)
    assert await stage.store.write(alert) is True


async def test_alerts_wait_for_an_operator_who_has_not_written_yet(stage: Stage):
    stage.set_policy(admin_ids=frozenset({OPERATOR, 901}))
    await stage.store.write(lambda t: raise_alert(t, stage.shop, "k", AlertKind.CATALOGUE_STALE))
    await stage.round()
    assert [s.user_id for s in stage.sender.sent] == [OPERATOR]

    await welcome(stage.shop, 901, "en")
    await stage.round()

    assert [s.user_id for s in stage.sender.sent] == [OPERATOR, 901]


async def test_a_message_about_nothing_and_an_alert_nobody_takes_are_set_aside(stage: Stage):
    await stage.customer(1, dinars=0)
    await stage.store.write(
        lambda t: t.outbox.add("x", 1, OutboxKind.ORDER_RESULT, stage.clock.now())
    )
    await stage.store.write(
        lambda t: t.outbox.add(
            "y", OPERATOR, OutboxKind.ALERT, stage.clock.now(), data={"alert": "balance_low"}
        )
    )
    from bot.errors import Undeliverable

    stage.sender.failures = [Undeliverable("no")]
    await stage.round()
    await stage.run(5)

    async with stage.store.reading() as tables:
        assert await tables.outbox.due(stage.clock.now(), 10) == []


async def test_a_stale_catalogue_is_told_after_two_days(stage: Stage):
    stage.book.script(Fault(FaultKind.STATUS, "catalog", times=9))
    stage.clock.pass_time(25 * 3600)
    with pytest.raises(SupplierUnavailable):
        await refresh_catalogue(stage.shop, "oneclickdz")
    await stage.round()
    assert stage.sender.alerts("catalogue") == []

    stage.clock.pass_time(25 * 3600)
    with pytest.raises(SupplierUnavailable):
        await refresh_catalogue(stage.shop, "oneclickdz")
    await stage.round()

    assert len(stage.sender.alerts("catalogue")) == 1
    stage.book.faults.clear()
    assert await refresh_catalogue(stage.shop, "oneclickdz")


async def test_the_shelf_answers_for_what_is_and_is_not_there(stage: Stage):
    value = await stage.denomination()
    product = stage.shop.shelf.denomination(value).product_id
    stage.kind().quantity = 0
    stage.clock.pass_time(61)
    assert view_product(stage.shop, product).stale
    from bot.services.catalogue import refresh_product

    await refresh_product(stage.shop, product)

    with pytest.raises(SoldOut):
        view_quantities(stage.shop, value)
    assert exists(stage.shop, product_id=product)
    assert not exists(stage.shop, product_id=10**6)
    assert not exists(stage.shop, category_id=10**6)
    category = stage.shop.shelf.product(product).category_id
    assert (
        list_products(stage.shop, category, 99).number
        == list_products(stage.shop, category).pages - 1
    )


async def test_many_customers_are_remembered_up_to_a_bound(stage: Stage, monkeypatch):
    monkeypatch.setattr(customers, "_REMEMBERED", 2)
    for user in (1, 2, 3):
        await welcome(stage.shop, user, "en")

    assert set(stage.shop.customers) == {2, 3}


async def test_reports_for_every_span(stage: Stage):
    await stage.customer(1)
    await stage.buy(1)
    await stage.run(20)

    for span in Span:
        stats = await report_stats(stage.shop, span)
        assert stats.orders == {"fulfilled": 1}
        assert stats.profit_minor == stats.sales_minor - stats.cost_minor > 0
    stage.clock.pass_time(2 * 86400)
    assert (await report_stats(stage.shop, Span.TODAY)).median_seconds is None
    assert (await report_order(stage.shop, 1)).codes == 1
    orders, _, pages = await my_orders(stage.shop, 1, 5)
    assert (list(orders), pages) == ([], 1)


async def test_a_report_without_prices_costs_what_was_expected(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    accepted = await stage.order(order.id)
    report = SupplierOrder("x", SupplierStatus.FULFILLED, True, 1, (Card("ONLY-CODE"),), 1)

    assert await settle_order(stage.shop, accepted, report)

    assert (await stage.order(order.id)).cost_minor == order.unit_cost_minor
    assert Environment.PRODUCTION is accepted.environment


async def test_surplus_codes_are_kept_and_not_delivered(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    report = SupplierOrder(
        "x", SupplierStatus.FULFILLED, True, 1, (Card("ONE"), Card("TWO")), 2, unit_cost_minor=5
    )

    await settle_order(stage.shop, await stage.order(order.id), report)
    await stage.round()

    assert stage.sender.codes_of(1) == ["ONE"]
    assert (await report_order(stage.shop, order.id)).codes == 2


async def test_held_codes_are_not_stored_twice(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1, 2)
    await stage.place()
    held = SupplierOrder("x", SupplierStatus.REFUNDED, True, 2, (Card("ONE"), Card("TWO")), 0)

    for _ in range(2):
        await settle_order(stage.shop, await stage.order(order.id), held)

    assert (await report_order(stage.shop, order.id)).codes == 2


async def test_a_delivery_that_broke_off_goes_on_with_the_part_that_is_missing(stage: Stage):
    from bot.errors import SendFailure

    stage.set_policy(max_quantity=60)
    stage.kind().quantity = 100
    await stage.customer(1, dinars=500_000)
    await stage.round()
    await stage.buy(1, 30)
    await stage.place()
    stage.clock.pass_time(5)
    await poll.poll_due_orders(stage.shop, "oneclickdz")
    send, parts = stage.sender.send_codes, []

    async def second_fails(customer, order, parcel, *, again):
        parts.append(parcel.part)
        if parts == [0, 1]:
            raise SendFailure
        return await send(customer, order, parcel, again=again)

    stage.sender.send_codes = second_fails
    await stage.run(10)

    assert parts == [0, 1, 1]
    assert len(set(stage.sender.codes_of(1))) == len(stage.sender.codes_of(1)) == 30


async def test_an_order_of_another_kind_is_not_adopted(stage: Stage):
    await stage.customer(1)
    await stage.buy(1, label="25 $")
    await stage.place()
    other = next(iter(stage.book.orders.values()))
    lost = await stage.buy(1)
    now = stage.clock.now()
    await _state(stage, lost.id, state=OrderState.UNCONFIRMED, sent_at=now, due_at=now)
    await _state(stage, 1, supplier_order_id=None)

    await search.search_lost_orders(stage.shop, "oneclickdz")

    assert (await stage.order(lost.id)).supplier_order_id is None
    assert other.id in stage.book.orders


async def test_orders_stuck_one_after_the_other_are_told_ten_minutes_apart(stage: Stage):
    stage.book.handling_seconds = 10_000
    await stage.customer(1)
    await stage.buy(1)
    await stage.run(120, step=20)
    await stage.buy(1)

    await stage.run(14 * 60, step=20)
    assert [a["orders"] for a in stage.sender.alerts("stuck")] == ["#1"]
    await stage.run(8 * 60, step=20)

    assert [a["orders"] for a in stage.sender.alerts("stuck")] == ["#1", "#2"]
