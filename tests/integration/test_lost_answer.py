"""Never bought twice: a lost answer is searched for, and what is found is adopted once."""

import pytest

from bot.domain.orders import Attention, OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.place import recover_interrupted
from bot.services.refund import ask_refund, confirm_refund
from tests.stage import OPERATOR, Stage, books_agree

LOST_AFTER = [
    Fault(FaultKind.STATUS_AFTER, "placeOrder", status=500),
    Fault(FaultKind.STATUS_AFTER, "placeOrder", status=503, code="SERVICE_UNAVAILABLE"),
    Fault(FaultKind.GARBAGE, "placeOrder"),
]


@pytest.mark.parametrize("fault", LOST_AFTER, ids=lambda f: f"{f.kind}-{f.status}")
async def test_an_order_whose_answer_was_lost_is_found_and_delivered(stage: Stage, fault: Fault):
    fault.times = 1
    stage.book.script(fault)
    await stage.customer(1)

    order = await stage.buy(1, 2)
    await stage.run(30)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    assert len(stage.book.orders) == stage.book.count("placeOrder") == 1
    assert len(stage.sender.codes_of(1)) == 2
    assert len(stage.sender.alerts("outcome_unknown")) == 1
    await books_agree(stage)


async def test_an_order_that_never_reached_the_supplier_waits_for_an_operator(stage: Stage):
    stage.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    await stage.customer(1)
    order = await stage.buy(1)

    await stage.run(14 * 60, step=5)
    assert stage.sender.alerts("not_found") == []
    await stage.run(2 * 60, step=5)

    waiting = await stage.order(order.id)
    assert (waiting.state, waiting.attention) == (OrderState.UNCONFIRMED, Attention.NOT_FOUND)
    assert len(stage.sender.alerts("not_found")) == 1
    assert stage.book.count("placeOrder") == 1
    await books_agree(stage)

    _, _, action = await ask_refund(
        stage.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="lost"
    )
    assert action is not None
    await confirm_refund(stage.shop, OPERATOR, action)
    assert (await stage.order(order.id)).state is OrderState.REFUNDED
    assert await stage.balance(1) == 50_000_00


async def test_two_equal_orders_lost_at_once_get_an_order_each(stage: Stage):
    stage.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    await stage.customer(1)
    await stage.customer(2)

    first, second = await stage.buy(1), await stage.buy(2)
    await stage.run(30)

    bound = {(await stage.order(o.id)).supplier_order_id for o in (first, second)}
    assert bound == set(stage.book.orders)
    assert len(stage.sender.codes_of(1)) == len(stage.sender.codes_of(2)) == 1
    assert stage.sender.codes_of(1) != stage.sender.codes_of(2)
    await books_agree(stage)


async def test_of_two_equal_lost_orders_with_one_purchase_the_older_gets_it(stage: Stage):
    stage.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"), Fault(FaultKind.HTML, "placeOrder", status=502)
    )
    await stage.customer(1)
    await stage.customer(2)

    first, second = await stage.buy(1), await stage.buy(2)
    await stage.run(60)

    assert (await stage.order(first.id)).state is OrderState.FULFILLED
    assert (await stage.order(second.id)).state is OrderState.UNCONFIRMED
    await books_agree(stage)


async def test_an_order_of_the_same_kind_that_is_ours_already_is_not_adopted(stage: Stage):
    await stage.customer(1)
    await stage.customer(2)
    await stage.buy(1)
    await stage.run(20)
    stage.book.script(Fault(FaultKind.HTML, "placeOrder", status=504))

    lost = await stage.buy(2)
    await stage.run(60)

    assert (await stage.order(lost.id)).state is OrderState.UNCONFIRMED
    assert stage.sender.codes_of(2) == []


async def test_a_purchase_cut_off_by_the_end_of_the_process_is_found_after_the_restart(
    stage: Stage,
):
    await stage.customer(1)
    order = await stage.buy(1)

    async def interrupted(tables):
        await tables.orders.change(order.id, state=OrderState.PLACING, sent_at=stage.clock.now())

    await stage.store.write(interrupted)

    async def yes() -> bool:
        return True

    await stage.supplier.buy(
        stage.supplier.compose(order.purchase, order.id), yes
    )  # it left, and its answer found nobody
    stage.restart()
    await stage.open()

    assert await recover_interrupted(stage.shop) == 1
    await stage.run(30)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    assert len(stage.book.orders) == 1
    await books_agree(stage)


async def test_the_search_goes_on_while_the_supplier_is_down(stage: Stage):
    stage.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"), Fault(FaultKind.STATUS, "/list", times=5)
    )
    await stage.customer(1)

    order = await stage.buy(1)
    await stage.run(200)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED


@pytest.mark.parametrize(
    ("status", "code", "retry_after"),
    [
        (429, "RATE_LIMIT_EXCEEDED", None),
        (429, "RATE_LIMIT_EXCEEDED", 30),
        (503, "AUTH_UNAVAILABLE", 5),
    ],
)
async def test_a_refusal_at_the_edge_is_sent_again_by_itself(
    stage: Stage, status, code, retry_after
):
    stage.book.script(
        Fault(FaultKind.STATUS, "placeOrder", status=status, code=code, retry_after=retry_after)
    )
    await stage.customer(1)

    order = await stage.buy(1)
    await stage.run(90)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    assert stage.book.count("placeOrder") == 2
    assert len(stage.book.orders) == 1


@pytest.mark.parametrize("code", ["ERR_STOCK", "ERR_VALIDATION", "SOMETHING_NEW"])
async def test_a_clear_refusal_returns_the_money(stage: Stage, code: str):
    stage.book.script(Fault(FaultKind.STATUS, "placeOrder", status=400, code=code))
    await stage.customer(1)

    order = await stage.buy(1)
    await stage.run(20)

    assert (await stage.order(order.id)).state is OrderState.REFUNDED
    assert await stage.balance(1) == 50_000_00
    assert len(stage.sender.alerts("request_refused")) == (code != "ERR_STOCK")
    await books_agree(stage)
