"""An order from the press to the codes: whole, in part, not at all."""

from bot.domain.orders import OrderState, ReturnReason
from tests.harness import ShopHarness, books_agree, send_due_messages


async def test_a_bought_code_is_delivered_to_its_buyer_alone(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2)

    order = await harness.buy(1, 2)
    await harness.run(20)

    done = await harness.order(order.id)
    assert done.state is OrderState.FULFILLED
    assert sorted(harness.sender.codes_of(1)) == sorted(
        c["value"] for o in harness.book.orders.values() for c in o.cards
    )
    assert harness.sender.codes_of(2) == []
    assert await harness.balance(1) == 50_000_00 - order.total_minor
    await books_agree(harness)


async def test_the_customer_pays_before_the_supplier_is_called(harness: ShopHarness):
    await harness.customer(1)

    order = await harness.buy(1)

    assert await harness.balance(1) == 50_000_00 - order.total_minor
    assert harness.book.count("placeOrder") == 0
    await books_agree(harness)


async def test_a_partial_fill_delivers_what_came_and_returns_the_rest_in_one_message(
    harness: ShopHarness,
):
    await harness.customer(1)
    harness.book.next_outcomes.append(3)

    order = await harness.buy(1, 5)
    await harness.run(20)

    done = await harness.order(order.id)
    assert (done.state, done.delivered_quantity) == (OrderState.PARTIAL, 3)
    assert done.returned_minor == 2 * order.unit_price_minor
    assert len(harness.sender.codes_of(1)) == 3
    assert [s.kind for s in harness.sender.sent if s.user_id == 1] == ["credited", "codes"]
    assert await harness.balance(1) == 50_000_00 - 3 * order.unit_price_minor
    await books_agree(harness)


async def test_a_refused_order_returns_everything(harness: ShopHarness):
    await harness.customer(1)
    harness.book.next_outcomes.append(0)

    order = await harness.buy(1, 2)
    await harness.run(20)

    done = await harness.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.NOT_AVAILABLE)
    assert await harness.balance(1) == 50_000_00
    assert harness.sender.sent[-1].kind == "returned"
    await books_agree(harness)


async def test_sandbox_keys_hand_the_same_code_to_every_order(sandbox_harness: ShopHarness):
    await sandbox_harness.customer(1)
    await sandbox_harness.customer(2)

    await sandbox_harness.buy(1, 2)
    await sandbox_harness.buy(2, 2)
    await sandbox_harness.run(20)

    assert (
        sandbox_harness.sender.codes_of(1)
        == sandbox_harness.sender.codes_of(2)
        == ["SANDBOX-CARD-1", "SANDBOX-CARD-2"]
    )
    await books_agree(sandbox_harness)


async def test_sold_out_between_the_press_and_the_purchase_returns_the_money(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    harness.kind().quantity = 0

    await harness.run(5)

    done = await harness.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SOLD_OUT)
    assert harness.book.count("placeOrder") == 0
    assert await harness.balance(1) == 50_000_00


async def test_a_small_rise_of_the_price_is_taken_and_a_large_one_returns_the_money(
    harness: ShopHarness,
):
    await harness.customer(1)
    small = await harness.buy(1)
    harness.let_prices_age()
    harness.kind().price += 50
    await harness.run(10)
    large = await harness.buy(1)
    harness.let_prices_age()
    harness.kind().price *= 2

    await harness.run(10)

    assert (await harness.order(small.id)).state is OrderState.FULFILLED
    done = await harness.order(large.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.PRICE_ROSE)
    assert harness.book.count("placeOrder") == 1
    assert [a["order"] for a in harness.sender.alerts("price_drift")] == [str(small.id)]
    await books_agree(harness)


async def test_orders_paid_together_share_one_question_about_the_price(harness: ShopHarness):
    for user in (1, 2, 3):
        await harness.customer(user)
        await harness.buy(user)
    harness.let_prices_age()
    asked = harness.book.count("checkProduct")

    await harness.run(10)

    assert harness.book.count("checkProduct") - asked == 1
    assert harness.book.count("placeOrder") == 3


async def test_an_outcome_is_told_once_however_often_the_outbox_is_swept(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(20)
    told = len(harness.sender.sent)

    await harness.run(60)
    await send_due_messages(harness.shop)

    assert len(harness.sender.sent) == told


async def test_polling_serves_many_orders_with_one_list_and_stops_when_they_end(
    harness: ShopHarness,
):
    for user in range(1, 21):
        await harness.customer(user)
        await harness.buy(user)

    await harness.run(60)

    assert harness.book.count("checkOrder") <= 2
    assert harness.book.count("/list") <= 4
    calls = len(harness.book.calls)
    await harness.run(60)
    assert not [c for c in harness.book.calls[calls:] if "Order" in c.what or "list" in c.what]


async def test_a_slow_order_is_told_at_five_minutes_and_alerted_at_ten_then_still_ends(
    harness: ShopHarness,
):
    harness.book.handling_seconds = 800
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(290)
    assert harness.sender.statuses == []
    await harness.run(30)
    assert harness.sender.stages(order.id) == ["slow"]
    assert harness.sender.alerts("stuck") == []
    await harness.run(300)
    assert [a["orders"] for a in harness.sender.alerts("stuck")] == [f"#{order.id}"]
    await harness.run(400)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.sender.alerts("stuck")) == 1
