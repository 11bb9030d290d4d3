"""Never bought twice: a lost answer is searched for, and what is found is adopted once."""

import pytest

from bot.domain.orders import Attention, OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.place import recover_interrupted
from bot.services.orders.refund import ask_refund, confirm_refund
from tests.harness import OPERATOR, ShopHarness, books_agree

LOST_AFTER = [
    Fault(FaultKind.STATUS_AFTER, "placeOrder", status=500),
    Fault(FaultKind.STATUS_AFTER, "placeOrder", status=503, code="SERVICE_UNAVAILABLE"),
    Fault(FaultKind.GARBAGE, "placeOrder"),
]


@pytest.mark.parametrize("fault", LOST_AFTER, ids=lambda f: f"{f.kind}-{f.status}")
async def test_an_order_whose_answer_was_lost_is_found_and_delivered(
    harness: ShopHarness, fault: Fault
):
    fault.times = 1
    harness.book.script(fault)
    await harness.customer(1)

    order = await harness.buy(1, 2)
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == harness.book.count("placeOrder") == 1
    assert len(harness.sender.codes_of(1)) == 2
    assert len(harness.sender.alerts("outcome_unknown")) == 1
    await books_agree(harness)


async def test_an_order_that_never_reached_the_supplier_waits_for_an_operator(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(14 * 60, step=5)
    assert harness.sender.alerts("not_found") == []
    await harness.run(2 * 60, step=5)

    waiting = await harness.order(order.id)
    assert (waiting.state, waiting.attention) == (OrderState.UNCONFIRMED, Attention.NOT_FOUND)
    assert len(harness.sender.alerts("not_found")) == 1
    assert harness.book.count("placeOrder") == 1
    await books_agree(harness)

    _, _, action = await ask_refund(
        harness.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="lost"
    )
    assert action is not None
    await confirm_refund(harness.shop, OPERATOR, action)
    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    assert await harness.balance(1) == 50_000_00


async def test_two_equal_orders_lost_at_once_get_an_order_each(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    await harness.customer(1)
    await harness.customer(2)

    first, second = await harness.buy(1), await harness.buy(2)
    await harness.run(30)

    bound = {(await harness.order(o.id)).supplier_order_id for o in (first, second)}
    assert bound == set(harness.book.orders)
    assert len(harness.sender.codes_of(1)) == len(harness.sender.codes_of(2)) == 1
    assert harness.sender.codes_of(1) != harness.sender.codes_of(2)
    await books_agree(harness)


async def test_of_two_equal_lost_orders_with_one_purchase_the_older_gets_it(harness: ShopHarness):
    harness.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"), Fault(FaultKind.HTML, "placeOrder", status=502)
    )
    await harness.customer(1)
    await harness.customer(2)

    first, second = await harness.buy(1), await harness.buy(2)
    await harness.run(60)

    assert (await harness.order(first.id)).state is OrderState.FULFILLED
    assert (await harness.order(second.id)).state is OrderState.UNCONFIRMED
    await books_agree(harness)


async def test_an_order_of_the_same_kind_that_is_ours_already_is_not_adopted(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2)
    await harness.buy(1)
    await harness.run(20)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=504))

    lost = await harness.buy(2)
    await harness.run(60)

    assert (await harness.order(lost.id)).state is OrderState.UNCONFIRMED
    assert harness.sender.codes_of(2) == []


async def test_a_purchase_cut_off_by_the_end_of_the_process_is_found_after_the_restart(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def interrupted(tx):
        await tx.orders.change(order.id, state=OrderState.PLACING, sent_at=harness.clock.now())

    await harness.store.write(interrupted)

    async def yes() -> bool:
        return True

    await harness.supplier.buy(
        harness.supplier.build_request(order.purchase, order.id), yes
    )  # it left, and its answer found nobody
    harness.restart()
    await harness.open()

    assert await recover_interrupted(harness.shop) == 1
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == 1
    await books_agree(harness)


async def test_the_search_goes_on_while_the_supplier_is_down(harness: ShopHarness):
    harness.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"), Fault(FaultKind.STATUS, "/list", times=5)
    )
    await harness.customer(1)

    order = await harness.buy(1)
    await harness.run(200)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


@pytest.mark.parametrize(
    ("status", "code", "retry_after"),
    [
        (429, "RATE_LIMIT_EXCEEDED", None),
        (429, "RATE_LIMIT_EXCEEDED", 30),
        (503, "AUTH_UNAVAILABLE", 5),
    ],
)
async def test_a_refusal_at_the_edge_is_sent_again_by_itself(
    harness: ShopHarness, status, code, retry_after
):
    harness.book.script(
        Fault(FaultKind.STATUS, "placeOrder", status=status, code=code, retry_after=retry_after)
    )
    await harness.customer(1)

    order = await harness.buy(1)
    await harness.run(90)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert harness.book.count("placeOrder") == 2
    assert len(harness.book.orders) == 1


@pytest.mark.parametrize("code", ["ERR_STOCK", "ERR_VALIDATION", "SOMETHING_NEW"])
async def test_a_clear_refusal_returns_the_money(harness: ShopHarness, code: str):
    harness.book.script(Fault(FaultKind.STATUS, "placeOrder", status=400, code=code))
    await harness.customer(1)

    order = await harness.buy(1)
    await harness.run(20)

    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    assert await harness.balance(1) == 50_000_00
    assert len(harness.sender.alerts("request_refused")) == (code != "ERR_STOCK")
    await books_agree(harness)
