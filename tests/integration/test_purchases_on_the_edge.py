"""A purchase whose order changed meanwhile, whose id is taken, whose answer turns up late."""

from datetime import timedelta

from bot.domain.orders import Attention, OrderState
from bot.domain.records import AlertKind
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.balance import check_balance
from bot.services.place import find_orders_to_place, place_order
from bot.services.refund import ask_refund
from bot.services.search import search_lost_orders
from tests.stage import OPERATOR, Stage, books_agree


async def test_what_was_refunded_while_it_waited_for_its_turn_is_not_bought(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    (due,) = await find_orders_to_place(stage.shop)
    await ask_refund(stage.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="late")

    await place_order(stage.shop, due, stage.offers)

    assert stage.book.orders == {}
    assert (await stage.order(order.id)).state is OrderState.REFUNDED
    await books_agree(stage)


async def test_an_id_that_another_order_has_is_not_taken_and_the_answer_counts_as_lost(
    stage: Stage,
):
    await stage.customer(1)
    first = await stage.buy(1)
    await stage.place()
    taken = (await stage.order(first.id)).supplier_order_id
    second = await stage.buy(1)

    async def buy(_request, commit_intent):
        await commit_intent()
        return taken

    stage.supplier.buy = buy
    await stage.place()

    after = await stage.order(second.id)
    assert (after.state, after.supplier_order_id) == (OrderState.UNCONFIRMED, None)
    assert after.due_at == stage.clock.now()
    assert (await stage.order(first.id)).supplier_order_id == taken


async def test_an_order_that_turns_up_after_it_was_given_up_needs_nobody_any_more(stage: Stage):
    await stage.customer(1)
    stage.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    order = await stage.buy(1)
    hidden, stage.book.orders = {}, {}
    await stage.place()
    hidden, stage.book.orders = stage.book.orders, hidden
    await stage.run(960, step=60)
    assert (await stage.order(order.id)).attention is Attention.NOT_FOUND
    stage.book.orders = hidden
    stage.clock.pass_time(600)

    assert await search_lost_orders(stage.shop, "oneclickdz") == 1

    after = await stage.order(order.id)
    assert (after.state, after.attention) == (OrderState.HANDLING, None)


async def test_a_supplier_that_is_silent_says_nothing_about_what_is_not_found(stage: Stage):
    await stage.customer(1)
    stage.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await stage.buy(1)
    await stage.place()
    stage.book.script(Fault(FaultKind.STATUS, "list", times=100, status=503))
    await stage.run(1000, step=50)
    assert (await stage.order(order.id)).attention is None


async def test_two_lost_orders_are_both_found_and_counted(stage: Stage):
    await stage.customer(1)
    stage.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    for _ in range(2):
        await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(1)

    assert await search_lost_orders(stage.shop, "oneclickdz") == 2
    assert await search_lost_orders(stage.shop, "oneclickdz") == 0


async def test_an_empty_balance_is_told_again_only_after_ten_minutes(stage: Stage):
    await stage.customer(1)
    told = []
    for minutes in (0, 5, 6):
        stage.clock.pass_time(minutes * 60)
        stage.book.balance *= 0
        order = await stage.buy(1)
        await stage.place()
        await stage.round()
        told.append(len(stage.sender.alerts(AlertKind.BALANCE_EMPTY)))
        stage.book.top_up(100_000)
        stage.clock.pass_time(timedelta(seconds=11).total_seconds())
        await check_balance(stage.shop, "oneclickdz")
        await stage.run(10)
        assert (await stage.order(order.id)).state is OrderState.FULFILLED

    assert told == [1, 1, 2]
