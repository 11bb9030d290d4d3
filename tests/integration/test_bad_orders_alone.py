"""An order that cannot be refunded, found or looked at harms no other order, no start and no night."""

from datetime import timedelta

import pytest

from bot import start
from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.errors import StorageFailure, SupplierUnavailable
from bot.services.messaging.item_runs import run_items
from bot.services.operations import nightly
from bot.services.orders import place, refunded
from bot.services.orders.place import recover_interrupted, refund_overdue_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.refund import confirm_refund
from tests.harness import OPERATOR, ShopHarness
from tests.integration.order_steps import ask_order_refund, change_order

HOUR = 3600
ODD = UnicodeError("odd")


def break_for(monkeypatch, module, name: str, order_id: int, error: Exception = ODD) -> None:
    """Let a step of `module` raise for one order; it works for the others."""
    real = getattr(module, name)

    async def step(tx, shop, order, *args, **kwargs):
        if order_id in (order, getattr(order, "id", None)):
            raise error
        return await real(tx, shop, order, *args, **kwargs)

    monkeypatch.setattr(module, name, step)


async def paid(harness: ShopHarness, count: int):
    orders = []
    for user_id in range(1, count + 1):
        await harness.customer(user_id)
        orders.append(await harness.buy(user_id))
    return orders


async def states(harness: ShopHarness, *orders) -> list[OrderState]:
    return [(await harness.order(order.id)).state for order in orders]


async def sending(harness: ShopHarness, count: int):
    orders = await paid(harness, count)
    for order in orders:
        now = harness.clock.now()
        await change_order(harness, order.id, state="placing", sent_at=now, due_at=None)
    return orders


async def test_an_overdue_order_that_cannot_be_refunded_stops_no_refund_and_no_purchase(
    harness: ShopHarness, monkeypatch
):
    odd, overdue, fresh = await paid(harness, 3)
    harness.clock.pass_time(5 * HOUR)
    now = harness.clock.now()
    await change_order(harness, fresh.id, paid_at=now, due_at=now)
    break_for(monkeypatch, place, "end_and_refund", odd.id)

    await harness.place()

    assert await states(harness, odd, overdue) == [OrderState.PAID, OrderState.REFUNDED]
    assert (await harness.order(fresh.id)).state is OrderState.HANDLING
    monkeypatch.undo()
    harness.clock.pass_time(2)
    await refund_overdue_orders(harness.shop)
    assert (await harness.order(odd.id)).state is OrderState.REFUNDED


async def test_orders_that_rest_after_failures_hide_none_that_are_due(
    harness: ShopHarness, monkeypatch
):
    orders = await paid(harness, 3)
    monkeypatch.setattr(place, "DUE_OF_ONE_SUPPLIER", 2)
    harness.clock.pass_time(5 * HOUR)
    for order in orders[:2]:
        break_for(monkeypatch, place, "end_and_refund", order.id)

    await refund_overdue_orders(harness.shop)
    await refund_overdue_orders(harness.shop)

    paid_still, refunded_now = OrderState.PAID, OrderState.REFUNDED
    assert await states(harness, *orders) == [paid_still, paid_still, refunded_now]


async def test_an_interrupted_order_that_cannot_be_marked_stops_neither_the_start_nor_another(
    harness: ShopHarness, monkeypatch
):
    odd, other = await sending(harness, 2)
    with monkeypatch.context() as broken:
        break_for(broken, place, "mark_unconfirmed", odd.id, OverflowError())

        await start.prepare(harness.shop)

    assert await states(harness, odd, other) == [OrderState.PLACING, OrderState.UNCONFIRMED]
    harness.clock.pass_time(100)
    assert await recover_interrupted(harness.shop, older_than=timedelta(seconds=90)) == 1
    assert (await harness.order(odd.id)).state is OrderState.UNCONFIRMED


async def test_an_order_that_was_answered_meanwhile_is_not_interrupted(
    harness: ShopHarness, monkeypatch
):
    (order,) = await sending(harness, 1)

    async def answered_first(*args, **kwargs):
        await change_order(harness, order.id, state="refunded")
        return await run_items(*args, **kwargs)

    monkeypatch.setattr(place, "run_items", answered_first)

    assert await recover_interrupted(harness.shop) == 0


@pytest.mark.parametrize("name", list(start.STEPS))
async def test_a_step_of_the_start_that_fails_stops_no_other(
    harness: ShopHarness, monkeypatch, name: str
):
    done = []

    def step(of: str):
        async def work(_shop) -> None:
            if of == name:
                raise OverflowError
            done.append(of)

        return work

    monkeypatch.setattr(start, "STEPS", {of: step(of) for of in start.STEPS})

    await start.prepare(harness.shop)

    assert done == [of for of in start.STEPS if of != name]


async def test_a_start_without_its_database_fails(harness: ShopHarness, monkeypatch):
    async def closed(_shop) -> None:
        raise StorageFailure("no database")

    monkeypatch.setattr(start, "STEPS", {"clock": closed})

    with pytest.raises(StorageFailure):
        await start.prepare(harness.shop)


async def test_a_start_does_its_steps_and_names_what_it_found(
    harness: ShopHarness, monkeypatch, caplog
):
    (order,) = await sending(harness, 1)

    async def unserved(*_args) -> list[str]:
        return ["another"]

    monkeypatch.setattr(start, "find_unserved_suppliers", unserved)

    await start.prepare(harness.shop)

    assert (await harness.order(order.id)).state is OrderState.UNCONFIRMED
    assert "1 purchases were interrupted" in caplog.text
    assert "orders wait at another" in caplog.text


async def test_a_refunded_order_that_cannot_be_looked_for_harms_no_other(
    harness: ShopHarness, monkeypatch
):
    orders = await paid(harness, 2)
    for order in orders:
        now = harness.clock.now()
        await change_order(harness, order.id, state="unconfirmed", sent_at=now, due_at=now)
        action_id = await ask_order_refund(harness, await harness.order(order.id), f"r{order.id}")
        await confirm_refund(harness.shop, OPERATOR, action_id)
    odd, other = [await harness.order(order.id) for order in orders]
    lists = []

    async def no_list(*_args):
        lists.append(harness.clock.now())
        raise SupplierUnavailable("list")

    monkeypatch.setattr(harness.supplier, "orders", no_list)
    break_for(monkeypatch, refunded, "_note_found", odd.id)
    harness.clock.pass_time(90)

    await reconcile_lost_orders(harness.shop, harness.supplier.name)

    looked_at = await harness.order(other.id)
    assert looked_at.due_at is not None
    assert looked_at.due_at > harness.clock.now()
    await reconcile_lost_orders(harness.shop, harness.supplier.name)
    assert len(lists) == 1  # the odd one rests, though it is still due


async def test_an_odd_answer_to_the_audit_leaves_no_other_check_undone(
    harness: ShopHarness, monkeypatch
):
    checked, reported = [], list[str]()
    harness.shop.items.report = reported.append

    async def odd(_store, supplier, *_args):
        raise OverflowError

    async def stars(*_args):
        checked.append("stars")
        raise KeyError("amount")

    monkeypatch.setattr(nightly, "audit_supplier", odd)
    monkeypatch.setattr(nightly, "reconcile_stars", stars)

    found, silent = await nightly.audit_now(harness.shop)

    assert found
    assert checked == ["stars"]
    assert silent == [harness.supplier.name, "telegram"]
    assert "OverflowError" in reported[0]

    async def full(*_args):
        raise StorageFailure("full")

    monkeypatch.setattr(nightly, "audit_supplier", full)
    with pytest.raises(StorageFailure):
        await nightly.audit_now(harness.shop)


async def test_an_order_that_cannot_be_refunded_stands_before_an_operator_once(
    harness: ShopHarness, monkeypatch
):
    odd, other = await paid(harness, 2)
    harness.clock.pass_time(5 * HOUR)
    break_for(monkeypatch, place, "end_and_refund", odd.id)

    await harness.run(HOUR // 2)

    (told,) = harness.sender.alerts(AlertKind.ITEM_FAILING)
    assert (told["item"], told["order"]) == ("overdue", str(odd.id))
    assert await states(harness, other) == [OrderState.REFUNDED]
