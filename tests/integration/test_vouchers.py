"""Starship behind the same services: vouchers that come at once, late, in parts, or not."""

import asyncio

import pytest

from bot.domain.orders import Attention, OrderState
from bot.domain.supplier import Environment
from bot.errors import SellingPaused
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services import search
from bot.services.access import check_access
from bot.services.poll import poll_due_orders
from bot.services.quote import make_quote
from bot.services.refund import ask_refund, confirm_refund
from bot.services.search import search_lost_orders
from bot.services.watch import find_left_out
from storage.tables import purchase_requests
from tests.stage import OPERATOR, books_agree
from tests.vouchers import VoucherStage

HOUR = 3600
S = OrderState


@pytest.fixture
async def stage(store):
    stage = await VoucherStage(store).open()
    yield stage
    await books_agree(stage)
    await stage.close()


async def test_a_voucher_in_stock_is_bought_and_delivered(stage: VoucherStage):
    await stage.customer(1)
    order = await stage.buy(1, quantity=2)
    await stage.run(6)

    order = await stage.order(order.id)
    assert (order.state, order.delivered_quantity) == (S.FULFILLED, 2)
    assert stage.sender.codes_of(1) == [v["card_number"] for v in stage.there.vouchers]
    assert order.environment is Environment.PRODUCTION
    assert order.supplier_order_id == str(stage.there.id)
    # 24 USD each by its own quote, at 245.50 dinars.
    assert order.cost_minor == 2 * 24 * 24550
    await stage.run(2 * HOUR, step=900)
    assert stage.vouchers.count("GET /api/v1/orders/") == 1, (
        "what was delivered is never fetched again"
    )


async def test_what_is_pending_for_hours_is_told_once_and_comes(stage: VoucherStage):
    await stage.customer(1)
    stage.next(Outcome.PENDING)
    order = await stage.buy(1)
    await stage.run(23 * HOUR, step=1800)
    assert (await stage.order(order.id)).state is S.HANDLING
    assert [step for _, step in stage.sender.statuses if step == "slow"] == ["slow"]
    assert stage.sender.alerts() == []
    assert stage.vouchers.count("GET /api/v1/orders/") == 0, "its list told that it had not moved"
    await stage.run(2 * HOUR, step=1800)
    assert [a["hours"] if "hours" in a else a["minutes"] for a in stage.sender.alerts()] == ["1440"]
    stage.vouchers.release(stage.there.id)
    await stage.run(1200, step=300)

    assert (await stage.order(order.id)).state is S.FULFILLED
    assert len(stage.vouchers.orders) == 1
    assert len(stage.sender.codes_of(1)) == 1


async def test_parts_are_delivered_as_they_come(stage: VoucherStage):
    await stage.customer(1)
    stage.next(Outcome.PARTIAL)
    order = await stage.buy(1, quantity=5)
    await stage.run(20)
    half = await stage.order(order.id)
    assert (half.state, half.delivered_quantity) == (S.HANDLING, 2)
    assert len(stage.sender.codes_of(1)) == 2
    await books_agree(stage)
    await stage.run(HOUR, step=480)
    assert len(stage.sender.codes_of(1)) == 2, "each code is sent once"
    stage.vouchers.release(stage.there.id)
    await stage.run(HOUR, step=480)

    whole = await stage.order(order.id)
    assert (whole.state, whole.delivered_quantity) == (S.FULFILLED, 5)
    assert [len(s.codes) for s in stage.sender.sent if s.kind == "codes"] == [2, 3]
    assert sorted(stage.sender.codes_of(1)) == sorted(
        v["card_number"] for v in stage.there.vouchers
    )


@pytest.mark.parametrize("empties", [True, False])
async def test_a_part_stays_its_buyers_when_the_rest_is_cancelled(stage: VoucherStage, empties):
    stage.vouchers.habits.empties_cancelled = empties
    await stage.customer(1)
    stage.next(Outcome.PARTIAL_CANCELLED)
    order = await stage.buy(1, quantity=5)
    await stage.run(20)
    stage.vouchers.release(stage.there.id)
    await stage.run(HOUR, step=480)

    order = await stage.order(order.id)
    assert (order.state, order.delivered_quantity) == (S.PARTIAL, 2)
    assert order.returned_minor == 3 * order.unit_price_minor
    assert await stage.balance() == 5_000_000 - 2 * order.unit_price_minor
    assert len(stage.sender.codes_of(1)) == 2


@pytest.mark.parametrize("outcome", [Outcome.CANCELLED, Outcome.FAILED])
async def test_what_never_comes_is_returned(stage: VoucherStage, outcome):
    await stage.customer(1)
    stage.next(outcome)
    order = await stage.buy(1)
    await stage.run(20)
    stage.vouchers.release(stage.there.id)
    await stage.run(HOUR, step=480)

    assert (await stage.order(order.id)).state is S.REFUNDED
    assert await stage.balance() == 5_000_000


async def test_delivered_with_one_missing_is_told_and_asked_again(stage: VoucherStage):
    await stage.customer(1)
    stage.next(Outcome.SHORT)
    order = await stage.buy(1, quantity=3)
    await stage.run(30)
    short = await stage.order(order.id)
    assert (short.delivered_quantity, short.attention) == (2, Attention.CONTRADICTION)
    assert len(stage.sender.alerts("attention")) == 1
    stage.vouchers.release(stage.there.id)
    await stage.run(HOUR, step=480)

    order = await stage.order(order.id)
    assert (order.state, order.attention) == (S.FULFILLED, None)
    assert len(stage.sender.codes_of(1)) == 3


@pytest.mark.parametrize(
    "kind", [FaultKind.SILENCE_AFTER, FaultKind.RESET_AFTER, FaultKind.STATUS_AFTER, FaultKind.TORN]
)
async def test_a_lost_answer_is_asked_for_with_the_same_bytes(stage: VoucherStage, kind):
    await stage.customer(1)
    denomination = await stage.denomination()
    assert denomination
    stage.vouchers.script(Fault(kind, "/orders", seconds=0.5))
    order = await stage.buy(1)
    await stage.run(30)

    assert (await stage.order(order.id)).state is S.FULFILLED
    assert len(stage.vouchers.orders) == 1
    assert stage.vouchers.count("POST /api/v1/orders") == 2


async def test_a_request_that_never_arrived_is_ordered_by_its_repetition(stage: VoucherStage):
    await stage.customer(1)
    await stage.denomination()
    stage.vouchers.script(Fault(FaultKind.SILENCE_BEFORE, "/orders", seconds=0.5))
    order = await stage.buy(1)
    await stage.run(30)

    assert (await stage.order(order.id)).state is S.FULFILLED
    assert len(stage.vouchers.orders) == 1


async def test_a_key_older_than_a_day_is_never_sent_again(stage: VoucherStage):
    await stage.customer(1)
    await stage.denomination()
    stage.vouchers.script(Fault(FaultKind.HTML, "/orders", times=10**6, status=502))
    order = await stage.buy(1)
    await stage.run(30)
    stage.clock.pass_time(25 * HOUR)
    asked = stage.vouchers.count("POST /api/v1/orders")
    stage.vouchers.faults.clear()
    await stage.run(3 * HOUR, step=900)

    lost = await stage.order(order.id)
    assert (lost.state, lost.attention) == (S.UNCONFIRMED, Attention.NOT_FOUND)
    assert stage.vouchers.count("POST /api/v1/orders") == asked
    assert stage.vouchers.orders == {}


async def test_an_order_whose_key_is_old_is_found_by_its_reference(stage: VoucherStage):
    await stage.customer(1)
    await stage.denomination()
    stage.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    first = await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(25 * HOUR)
    other = await stage.buy(1)
    await stage.run(120, step=2)

    found = await stage.order(first.id)
    assert found.state is S.FULFILLED
    assert (await stage.order(other.id)).state is S.FULFILLED
    assert len(stage.vouchers.orders) == 2
    refs = {o.ref: str(o.id) for o in stage.vouchers.orders.values()}
    assert refs[next(r for r in refs if r.startswith(f"HN-{first.id}-"))] == found.supplier_order_id


async def test_nothing_is_polled_or_searched_where_nothing_waits(stage: VoucherStage):
    calls = len(stage.vouchers.calls)
    assert await poll_due_orders(stage.shop, "starship") == 0
    assert await search_lost_orders(stage.shop, "starship") == 0
    assert len(stage.vouchers.calls) == calls


async def pending(stage: VoucherStage, quantity: int = 2):
    await stage.customer(1)
    stage.next(Outcome.PENDING)
    order = await stage.buy(1, quantity=quantity)
    await stage.run(4)
    return order


async def test_a_state_never_heard_of_is_told_and_waited_for(stage: VoucherStage):
    order = await pending(stage)
    stage.there.status = "QUALITY_CHECK"
    await stage.run(30, step=5)
    assert (await stage.order(order.id)).attention is Attention.CONTRADICTION
    assert len(stage.sender.alerts("attention")) == 1
    stage.there.status = "PENDING"
    stage.vouchers.release(stage.there.id)
    await stage.run(600, step=60)

    order = await stage.order(order.id)
    assert (order.state, order.attention) == (S.FULFILLED, None)


async def test_all_codes_of_a_part_are_the_whole(stage: VoucherStage):
    order = await pending(stage)
    stage.vouchers.release(stage.there.id)
    stage.there.status = "PARTIALLY_DELIVERED"
    await stage.run(60, step=5)

    assert (await stage.order(order.id)).state is S.FULFILLED
    assert len(stage.sender.codes_of(1)) == 2


async def test_a_part_with_more_than_was_asked_is_told(stage: VoucherStage):
    order = await pending(stage, quantity=1)
    stage.there.status = "PARTIALLY_DELIVERED"
    stage.there.vouchers += [stage.vouchers._voucher(stage.there) for _ in range(2)]
    await stage.run(60, step=5)

    order = await stage.order(order.id)
    assert (order.delivered_quantity, order.attention) == (1, Attention.SURPLUS)
    assert len(stage.sender.codes_of(1)) == 1


async def test_a_voucher_that_somebody_else_has_is_not_delivered_again(stage: VoucherStage):
    await stage.customer(2)
    await stage.buy(2)
    await stage.run(6)
    taken = stage.there.vouchers[0]
    order = await pending(stage, quantity=3)
    stage.there.status = "PARTIALLY_DELIVERED"
    stage.there.vouchers += [taken, stage.vouchers._voucher(stage.there)]
    await stage.run(60, step=5)

    order = await stage.order(order.id)
    assert (order.delivered_quantity, order.attention) == (1, Attention.DUPLICATE_CODE)
    assert taken["card_number"] not in stage.sender.codes_of(1)
    assert len(stage.sender.alerts("attention")) == 1


async def test_a_code_that_stands_twice_in_a_part_is_one(stage: VoucherStage):
    order = await pending(stage, quantity=3)
    stage.there.status = "PARTIALLY_DELIVERED"
    stage.there.vouchers += [stage.vouchers._voucher(stage.there)] * 2
    await stage.run(120, step=10)

    order = await stage.order(order.id)
    assert (order.delivered_quantity, order.attention) == (1, Attention.DUPLICATE_CODE)
    assert len(stage.sender.codes_of(1)) == 1


async def test_an_operator_can_end_what_came_in_part(stage: VoucherStage):
    await stage.customer(1)
    stage.next(Outcome.PARTIAL)
    order = await stage.buy(1, quantity=3)
    await stage.run(20)
    _, amount, action = await ask_refund(
        stage.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="waited enough"
    )
    assert amount == 2 * order.unit_price_minor
    await confirm_refund(stage.shop, OPERATOR, action)
    await stage.run(5)

    order = await stage.order(order.id)
    assert (order.state, order.delivered_quantity) == (S.PARTIAL, 1)


async def test_a_repetition_whose_key_is_refused_closes_the_shop_and_bought_nothing(
    stage: VoucherStage,
):
    await stage.customer(1)
    await stage.denomination()
    stage.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    order = await stage.buy(1)
    await stage.place()
    stage.vouchers.refused_addresses = True
    stage.clock.pass_time(2)
    assert await search_lost_orders(stage.shop, "starship") == 0
    await stage.run(20)
    assert len(stage.sender.alerts("circuit_open")) == 1
    stage.vouchers.refused_addresses = False
    await check_access(stage.shop, "starship")
    await stage.run(60)

    assert (await stage.order(order.id)).state is S.FULFILLED
    assert len(stage.vouchers.orders) == 1


async def test_an_answer_that_comes_for_an_ended_order_binds_nothing(stage: VoucherStage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.run(6)
    assert not await stage.store.write(search._adopt_one, stage.shop, order.id, "999")


async def test_a_price_of_what_is_on_no_shelf_any_more_is_kept_nowhere(stage: VoucherStage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.shop.shelf._denominations.clear()
    await stage.place()
    stage.clock.pass_time(5)
    await poll_due_orders(stage.shop, "starship")
    assert (await stage.order(order.id)).state is S.FULFILLED
    await stage.reload()


async def test_sandbox_vouchers_are_delivered_as_they_come_too(store):
    stage = await VoucherStage(store, kind="test").open()
    await stage.customer(1)
    stage.next(Outcome.PARTIAL)
    order = await stage.buy(1, quantity=3)
    await stage.run(20)
    stage.vouchers.release(stage.there.id)
    await stage.run(200, step=20)

    order = await stage.order(order.id)
    assert (order.environment, order.state) == (Environment.SANDBOX, S.FULFILLED)
    assert len(stage.sender.codes_of(1)) == 3
    await stage.close()


async def lost(stage: VoucherStage):
    """An order at the supplier, whose answer did not arrive; it is looked for from now on."""
    await stage.customer(1)
    await stage.denomination()
    stage.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    order = await stage.buy(1)
    await stage.place()
    stage.clock.pass_time(2)
    return order


async def test_two_looks_at_once_bind_a_lost_order_once(stage: VoucherStage):
    order = await lost(stage)
    looks = (search_lost_orders(stage.shop, "starship") for _ in range(2))
    assert sorted(await asyncio.gather(*looks)) == [0, 1]
    await stage.run(20)

    assert (await stage.order(order.id)).state is S.FULFILLED
    assert len(stage.sender.codes_of(1)) == 1


async def test_an_order_whose_request_is_not_here_is_never_sent_anew(stage: VoucherStage):
    """Without it there is nothing to repeat, and no reference to know it by: an operator decides."""
    order = await lost(stage)
    async with stage.store._writer.begin() as db:
        await db.execute(purchase_requests.delete())
    await stage.run(1200, step=20)

    order = await stage.order(order.id)
    assert (order.state, order.attention) == (S.UNCONFIRMED, Attention.NOT_FOUND)
    assert stage.vouchers.count("POST /api/v1/orders") == 1


async def test_a_silence_is_not_waited_for_once_for_each_lost_order(stage: VoucherStage):
    for user in range(1, 6):
        await stage.customer(user)
        stage.vouchers.script(Fault(FaultKind.STATUS_AFTER, "/orders"))
        await stage.buy(user)
        await stage.place()
    stage.vouchers.script(Fault(FaultKind.HTML, "", times=10**6, status=502))
    asked = stage.vouchers.count("POST /api/v1/orders")
    stage.clock.pass_time(2)
    await search_lost_orders(stage.shop, "starship")
    assert stage.vouchers.count("POST /api/v1/orders") == asked + 3
    stage.vouchers.faults.clear()
    await stage.run(200, step=10)
    assert len(stage.vouchers.orders) == 5
    for user in range(1, 6):
        assert len(stage.sender.codes_of(user)) == 1


async def test_a_supplier_that_was_switched_off_sells_nothing_and_is_told_of(stage: VoucherStage):
    order = await pending(stage)
    denomination = await stage.denomination()
    away = stage.shop.suppliers
    stage.shop.suppliers = {}
    assert await find_left_out(stage.store, stage.shop.suppliers) == ["starship"]
    with pytest.raises(SellingPaused):
        await make_quote(stage.shop, 1, denomination, 1)
    stage.shop.suppliers = away
    assert await find_left_out(stage.store, away) == []
    stage.vouchers.release(stage.there.id)
    await stage.run(120, step=10)
    assert (await stage.order(order.id)).state is S.FULFILLED
