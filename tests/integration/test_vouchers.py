"""Starship behind the same services: vouchers that come at once, late, in parts, or not."""

import pytest

from bot.domain.orders import Attention, OrderState
from bot.domain.supplier import Environment
from bot.refusals import SellingPaused, required
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.operations.watch import find_unserved_suppliers
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.quote import make_quote
from bot.services.orders.refund import ask_refund, confirm_refund
from tests.harness import OPERATOR, books_agree
from tests.sweeps import AT_INTERVALS
from tests.vouchers import VoucherHarness

HOUR = 3600
S = OrderState


@pytest.fixture
def harness(voucher_harness: VoucherHarness) -> VoucherHarness:
    return voucher_harness


async def test_a_voucher_in_stock_is_bought_and_delivered(harness: VoucherHarness):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    await harness.run(6)

    order = await harness.order(order.id)
    assert (order.state, order.delivered_quantity) == (S.FULFILLED, 2)
    assert harness.sender.codes_of(1) == [v["card_number"] for v in harness.there.vouchers]
    assert order.environment is Environment.PRODUCTION
    assert order.supplier_order_id == str(harness.there.id)
    # 24 USD each by its own quote, at 245.50 dinars.
    assert order.cost_minor == 2 * 24 * 24550
    await harness.run(2 * HOUR)
    assert harness.vouchers.count("GET /api/v1/orders/") == 1, (
        "what was delivered is never fetched again"
    )


async def test_what_is_pending_for_hours_is_told_once_and_comes(harness: VoucherHarness):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    harness.next(Outcome.PENDING)
    order = await harness.buy(1)
    await harness.run(23 * HOUR)
    assert (await harness.order(order.id)).state is S.HANDLING
    assert harness.sender.stages(order.id) == ["slow"]
    assert harness.sender.alerts() == []
    assert harness.vouchers.count("GET /api/v1/orders/") == 0, "its list told that it had not moved"
    await harness.run(2 * HOUR)
    assert [a["hours"] if "hours" in a else a["minutes"] for a in harness.sender.alerts()] == [
        "1440"
    ]
    harness.vouchers.release(harness.there.id)
    await harness.run(1200)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.vouchers.orders) == 1
    assert len(harness.sender.codes_of(1)) == 1


async def test_parts_are_delivered_as_they_come(harness: VoucherHarness):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    harness.next(Outcome.PARTIAL)
    order = await harness.buy(1, quantity=5)
    await harness.run(20)
    half = await harness.order(order.id)
    assert (half.state, half.delivered_quantity) == (S.HANDLING, 2)
    assert len(harness.sender.codes_of(1)) == 2
    await books_agree(harness)
    await harness.run(HOUR)
    assert len(harness.sender.codes_of(1)) == 2, "each code is sent once"
    harness.vouchers.release(harness.there.id)
    await harness.run(HOUR)

    whole = await harness.order(order.id)
    assert (whole.state, whole.delivered_quantity) == (S.FULFILLED, 5)
    assert [len(s.codes) for s in harness.sender.sent if s.kind == "codes"] == [2, 3]
    assert sorted(harness.sender.codes_of(1)) == sorted(
        v["card_number"] for v in harness.there.vouchers
    )


@pytest.mark.parametrize("empties", [True, False])
async def test_a_part_stays_its_buyers_when_the_rest_is_cancelled(harness: VoucherHarness, empties):
    harness.vouchers.variants.empties_cancelled = empties
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    harness.next(Outcome.PARTIAL_CANCELLED)
    order = await harness.buy(1, quantity=5)
    await harness.run(20)
    harness.vouchers.release(harness.there.id)
    await harness.run(HOUR)

    order = await harness.order(order.id)
    assert (order.state, order.delivered_quantity) == (S.PARTIAL, 2)
    assert order.returned_minor == 3 * order.unit_price_minor
    assert await harness.balance() == 5_000_000 - 2 * order.unit_price_minor
    assert len(harness.sender.codes_of(1)) == 2


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.FAILED])
async def test_what_never_comes_is_returned(harness: VoucherHarness, outcome):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    harness.next(outcome)
    order = await harness.buy(1)
    await harness.run(20)
    harness.vouchers.release(harness.there.id)
    await harness.run(HOUR)

    assert (await harness.order(order.id)).state is S.REFUNDED
    assert await harness.balance() == 5_000_000


async def test_delivered_with_one_missing_is_told_and_asked_again(harness: VoucherHarness):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    harness.next(Outcome.SHORT)
    order = await harness.buy(1, quantity=3)
    await harness.run(30)
    short = await harness.order(order.id)
    assert (short.delivered_quantity, short.attention) == (2, Attention.CONTRADICTION)
    assert len(harness.sender.alerts("attention")) == 1
    harness.vouchers.release(harness.there.id)
    await harness.run(HOUR)

    order = await harness.order(order.id)
    assert (order.state, order.attention) == (S.FULFILLED, None)
    assert len(harness.sender.codes_of(1)) == 3


async def pending(harness: VoucherHarness, quantity: int = 2):
    await harness.customer(1)
    harness.next(Outcome.PENDING)
    order = await harness.buy(1, quantity=quantity)
    await harness.run(4)
    return order


async def test_a_state_never_heard_of_is_told_and_waited_for(harness: VoucherHarness):
    order = await pending(harness)
    harness.there.status = "QUALITY_CHECK"
    await harness.run(30)
    assert (await harness.order(order.id)).attention is Attention.CONTRADICTION
    assert len(harness.sender.alerts("attention")) == 1
    harness.there.status = "PENDING"
    harness.vouchers.release(harness.there.id)
    await harness.run(600)

    order = await harness.order(order.id)
    assert (order.state, order.attention) == (S.FULFILLED, None)


async def test_all_codes_of_a_part_are_the_whole(harness: VoucherHarness):
    order = await pending(harness)
    harness.vouchers.release(harness.there.id)
    harness.there.status = "PARTIALLY_DELIVERED"
    await harness.run(60)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.sender.codes_of(1)) == 2


async def test_a_part_with_more_than_was_asked_is_told(harness: VoucherHarness):
    order = await pending(harness, quantity=1)
    harness.there.status = "PARTIALLY_DELIVERED"
    harness.there.vouchers += [harness.vouchers._voucher(harness.there) for _ in range(2)]
    await harness.run(60)

    order = await harness.order(order.id)
    assert (order.delivered_quantity, order.attention) == (1, Attention.SURPLUS)
    assert len(harness.sender.codes_of(1)) == 1


async def test_a_voucher_that_somebody_else_has_is_not_delivered_again(harness: VoucherHarness):
    await harness.customer(2)
    await harness.buy(2)
    await harness.run(6)
    taken = harness.there.vouchers[0]
    order = await pending(harness, quantity=3)
    harness.there.status = "PARTIALLY_DELIVERED"
    harness.there.vouchers += [taken, harness.vouchers._voucher(harness.there)]
    await harness.run(60)

    order = await harness.order(order.id)
    assert (order.delivered_quantity, order.attention) == (1, Attention.DUPLICATE_CODE)
    assert taken["card_number"] not in harness.sender.codes_of(1)
    assert len(harness.sender.alerts("attention")) == 1


async def test_a_code_that_stands_twice_in_a_part_is_one(harness: VoucherHarness):
    order = await pending(harness, quantity=3)
    harness.there.status = "PARTIALLY_DELIVERED"
    harness.there.vouchers += [harness.vouchers._voucher(harness.there)] * 2
    await harness.run(120)

    order = await harness.order(order.id)
    assert (order.delivered_quantity, order.attention) == (1, Attention.DUPLICATE_CODE)
    assert len(harness.sender.codes_of(1)) == 1


async def test_an_operator_can_end_what_came_in_part(harness: VoucherHarness):
    await harness.customer(1)
    harness.next(Outcome.PARTIAL)
    order = await harness.buy(1, quantity=3)
    await harness.run(20)
    _, amount, action = await ask_refund(
        harness.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="waited enough"
    )
    assert amount == 2 * order.unit_price_minor
    await confirm_refund(harness.shop, OPERATOR, required(action))
    await harness.run(5)

    order = await harness.order(order.id)
    assert (order.state, order.delivered_quantity) == (S.PARTIAL, 1)


async def test_a_price_of_what_is_on_no_shelf_any_more_is_kept_nowhere(harness: VoucherHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.shop.shelf._denominations.clear()
    await harness.place()
    harness.clock.pass_time(5)
    await poll_due_orders(harness.shop, "starship")
    assert (await harness.order(order.id)).state is S.FULFILLED
    await harness.reload()


async def test_sandbox_vouchers_are_delivered_as_they_come_too(store):
    harness = await VoucherHarness(store, kind="test").open()
    await harness.customer(1)
    harness.next(Outcome.PARTIAL)
    order = await harness.buy(1, quantity=3)
    await harness.run(20)
    harness.vouchers.release(harness.there.id)
    await harness.run(200)

    order = await harness.order(order.id)
    assert (order.environment, order.state) == (Environment.SANDBOX, S.FULFILLED)
    assert len(harness.sender.codes_of(1)) == 3
    await harness.close()


async def test_a_supplier_that_was_switched_off_sells_nothing_and_is_told_of(
    harness: VoucherHarness,
):
    order = await pending(harness)
    denomination = await harness.denomination()
    away = harness.shop.suppliers
    harness.shop.suppliers = {}
    assert await find_unserved_suppliers(harness.store, harness.shop.suppliers) == ["starship"]
    with pytest.raises(SellingPaused):
        await make_quote(harness.shop, 1, denomination, 1)
    harness.shop.suppliers = away
    assert await find_unserved_suppliers(harness.store, away) == []
    harness.vouchers.release(harness.there.id)
    await harness.run(120)
    assert (await harness.order(order.id)).state is S.FULFILLED
