"""A purchase whose order changed meanwhile, whose id is taken, whose answer turns up late."""

from datetime import timedelta

from bot.domain.orders import Attention, OrderState
from bot.domain.records import AlertKind
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.place import find_orders_to_place, place_order
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.refund import ask_refund
from bot.services.selling.balance import check_balance
from tests.harness import OPERATOR, ShopHarness, books_agree


async def test_what_was_refunded_while_it_waited_for_its_turn_is_not_bought(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    (due,) = await find_orders_to_place(harness.shop)
    await ask_refund(harness.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="late")

    await place_order(harness.shop, due, harness.offers)

    assert harness.book.orders == {}
    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    await books_agree(harness)


async def test_an_id_that_another_order_has_is_not_taken_and_the_answer_counts_as_lost(
    harness: ShopHarness,
):
    await harness.customer(1)
    first = await harness.buy(1)
    await harness.place()
    taken = (await harness.order(first.id)).supplier_order_id
    second = await harness.buy(1)

    async def buy(_request, commit_intent):
        await commit_intent()
        return taken

    harness.supplier.buy = buy
    await harness.place()

    after = await harness.order(second.id)
    assert (after.state, after.supplier_order_id) == (OrderState.UNCONFIRMED, None)
    assert after.due_at == harness.clock.now()
    assert (await harness.order(first.id)).supplier_order_id == taken


async def test_an_order_that_turns_up_after_it_was_given_up_needs_nobody_any_more(
    harness: ShopHarness,
):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    order = await harness.buy(1)
    hidden, harness.book.orders = {}, {}
    await harness.place()
    hidden, harness.book.orders = harness.book.orders, hidden
    await harness.run(960, step=60)
    assert (await harness.order(order.id)).attention is Attention.NOT_FOUND
    harness.book.orders = hidden
    harness.clock.pass_time(600)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 1

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (OrderState.HANDLING, None)


async def test_a_supplier_that_is_silent_says_nothing_about_what_is_not_found(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await harness.buy(1)
    await harness.place()
    harness.book.script(Fault(FaultKind.STATUS, "list", times=100, status=503))
    await harness.run(1000, step=50)
    assert (await harness.order(order.id)).attention is None


async def test_two_lost_orders_are_both_found_and_counted(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    for _ in range(2):
        await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(1)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 2
    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 0


async def test_an_empty_balance_is_told_again_only_after_ten_minutes(harness: ShopHarness):
    await harness.customer(1)
    told = []
    for minutes in (0, 5, 6):
        harness.clock.pass_time(minutes * 60)
        harness.book.balance *= 0
        order = await harness.buy(1)
        await harness.place()
        await harness.round()
        told.append(len(harness.sender.alerts(AlertKind.BALANCE_EMPTY)))
        harness.book.top_up(100_000)
        harness.clock.pass_time(timedelta(seconds=11).total_seconds())
        await check_balance(harness.shop, "oneclickdz")
        await harness.run(10)
        assert (await harness.order(order.id)).state is OrderState.FULFILLED

    assert told == [1, 1, 2]
