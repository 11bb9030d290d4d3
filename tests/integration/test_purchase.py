"""An order from the press to the codes: whole, in part, not at all."""

from bot.domain.orders import OrderState, ReturnReason
from bot.services.deliver import send_due_messages
from tests.stage import Stage, books_agree


async def test_a_bought_code_is_delivered_to_its_buyer_alone(stage: Stage):
    await stage.customer(1)
    await stage.customer(2)

    order = await stage.buy(1, 2)
    await stage.run(20)

    done = await stage.order(order.id)
    assert done.state is OrderState.FULFILLED
    assert sorted(stage.sender.codes_of(1)) == sorted(
        c["value"] for o in stage.book.orders.values() for c in o.cards
    )
    assert stage.sender.codes_of(2) == []
    assert await stage.balance(1) == 50_000_00 - order.total_minor
    await books_agree(stage)


async def test_the_customer_pays_before_the_supplier_is_called(stage: Stage):
    await stage.customer(1)

    order = await stage.buy(1)

    assert await stage.balance(1) == 50_000_00 - order.total_minor
    assert stage.book.count("placeOrder") == 0
    await books_agree(stage)


async def test_a_partial_fill_delivers_what_came_and_returns_the_rest_in_one_message(stage: Stage):
    await stage.customer(1)
    stage.book.next_outcomes.append(3)

    order = await stage.buy(1, 5)
    await stage.run(20)

    done = await stage.order(order.id)
    assert (done.state, done.delivered_quantity) == (OrderState.PARTIAL, 3)
    assert done.returned_minor == 2 * order.unit_price_minor
    assert len(stage.sender.codes_of(1)) == 3
    assert [s.kind for s in stage.sender.sent if s.user_id == 1] == ["credited", "codes"]
    assert await stage.balance(1) == 50_000_00 - 3 * order.unit_price_minor
    await books_agree(stage)


async def test_a_refused_order_returns_everything(stage: Stage):
    await stage.customer(1)
    stage.book.next_outcomes.append(0)

    order = await stage.buy(1, 2)
    await stage.run(20)

    done = await stage.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.NOT_AVAILABLE)
    assert await stage.balance(1) == 50_000_00
    assert stage.sender.sent[-1].kind == "returned"
    await books_agree(stage)


async def test_sandbox_keys_hand_the_same_code_to_every_order(sandbox_stage: Stage):
    await sandbox_stage.customer(1)
    await sandbox_stage.customer(2)

    await sandbox_stage.buy(1, 2)
    await sandbox_stage.buy(2, 2)
    await sandbox_stage.run(20)

    assert (
        sandbox_stage.sender.codes_of(1)
        == sandbox_stage.sender.codes_of(2)
        == ["SANDBOX-CARD-1", "SANDBOX-CARD-2"]
    )
    await books_agree(sandbox_stage)


async def test_sold_out_between_the_press_and_the_purchase_returns_the_money(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.kind().quantity = 0

    await stage.run(5)

    done = await stage.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SOLD_OUT)
    assert stage.book.count("placeOrder") == 0
    assert await stage.balance(1) == 50_000_00


async def test_a_small_rise_of_the_price_is_taken_and_a_large_one_returns_the_money(stage: Stage):
    await stage.customer(1)
    small = await stage.buy(1)
    stage.kind().price += 50
    await stage.run(10)
    large = await stage.buy(1)
    stage.kind().price *= 2

    await stage.run(10)

    assert (await stage.order(small.id)).state is OrderState.FULFILLED
    done = await stage.order(large.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.PRICE_ROSE)
    assert stage.book.count("placeOrder") == 1
    assert [a["order"] for a in stage.sender.alerts("price_drift")] == [str(small.id)]
    await books_agree(stage)


async def test_orders_paid_together_share_one_question_about_the_price(stage: Stage):
    for user in (1, 2, 3):
        await stage.customer(user)
        await stage.buy(user)
    asked = stage.book.count("checkProduct")

    await stage.run(10)

    assert stage.book.count("checkProduct") - asked == 1
    assert stage.book.count("placeOrder") == 3


async def test_an_outcome_is_told_once_however_often_the_outbox_is_swept(stage: Stage):
    await stage.customer(1)
    await stage.buy(1)
    await stage.run(20)
    told = len(stage.sender.sent)

    await stage.run(60)
    await send_due_messages(stage.shop)

    assert len(stage.sender.sent) == told


async def test_polling_serves_many_orders_with_one_list_and_stops_when_they_end(stage: Stage):
    for user in range(1, 21):
        await stage.customer(user)
        await stage.buy(user)

    await stage.run(60)

    assert stage.book.count("checkOrder") <= 2
    assert stage.book.count("/list") <= 4
    calls = len(stage.book.calls)
    await stage.run(60)
    assert not [c for c in stage.book.calls[calls:] if "Order" in c.what or "list" in c.what]


async def test_a_slow_order_is_told_at_five_minutes_and_alerted_at_ten_then_still_ends(
    stage: Stage,
):
    stage.book.handling_seconds = 800
    await stage.customer(1)
    order = await stage.buy(1)

    await stage.run(290, step=10)
    assert stage.sender.statuses == []
    await stage.run(30, step=10)
    assert [step for _, step in stage.sender.statuses] == ["slow"]
    assert stage.sender.alerts("stuck") == []
    await stage.run(300, step=10)
    assert [a["orders"] for a in stage.sender.alerts("stuck")] == [f"#{order.id}"]
    await stage.run(400, step=10)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    assert len(stage.sender.alerts("stuck")) == 1
