"""Orders share the answer to a question for prices; the bounds of each quote hold for the answer that is used."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot import errors, refusals
from bot.domain.alerts import AlertKind
from bot.domain.orders import Order, OrderState, ReturnReason
from bot.domain.supplier import OfferedDenomination, ProductOffer, Purchase
from bot.services.catalogue.refresh import refresh_product
from bot.services.orders.place import place_order
from tests.harness import ShopHarness, books_agree
from tests.integration.order_steps import change_order
from tests.vouchers import VoucherHarness

S = OrderState
USERS = (1, 2, 3)


def asked(harness: ShopHarness) -> int:
    return harness.book.count("checkProduct")


async def orders_of(harness: ShopHarness, *users: int) -> list[Order]:
    """An order of each, paid a second after the shelf's prices were asked."""
    await harness.denomination()
    harness.clock.pass_time(1)
    for user in users:
        await harness.customer(user)
    return [await harness.buy(user) for user in users]


async def place_together(harness: ShopHarness, orders: list[Order]) -> None:
    await asyncio.gather(*(place_order(harness.shop, order) for order in orders))


def hold_questions(harness: ShopHarness) -> Callable[[], None]:
    """Every question for prices waits until the returned function is called."""
    gate, product = asyncio.Event(), harness.supplier.product

    async def held(*args, **named):
        await gate.wait()
        return await product(*args, **named)

    harness.supplier.product = held
    return gate.set


async def until_asked(work: asyncio.Future) -> None:
    for _ in range(50):
        await asyncio.sleep(0)
    assert not work.done()


async def test_orders_of_one_product_ask_for_its_prices_once(harness: ShopHarness):
    orders = await orders_of(harness, *USERS)
    harness.let_prices_age()
    before, let_go = asked(harness), hold_questions(harness)

    placing = asyncio.ensure_future(place_together(harness, orders))
    await until_asked(placing)
    let_go()
    await placing

    assert asked(harness) - before == 1
    assert {(await harness.order(o.id)).state for o in orders} == {S.HANDLING}


async def test_whoever_opens_the_product_and_an_order_share_a_question(harness: ShopHarness):
    (order,) = await orders_of(harness, 1)
    product_id = harness.shop.shelf.denomination(order.denomination_id).product_id
    harness.let_prices_age()
    before, let_go = asked(harness), hold_questions(harness)

    both = asyncio.gather(
        place_order(harness.shop, order), refresh_product(harness.shop, product_id)
    )
    await until_asked(both)
    let_go()
    await both

    assert asked(harness) - before == 1
    assert harness.shop.shelf.product(product_id).priced_at == harness.clock.now()
    assert (await harness.order(order.id)).state is S.HANDLING


@pytest.mark.parametrize(("seconds", "questions"), [(29.999, 0), (30, 1)])
async def test_prices_that_were_asked_a_moment_before_buy_are_not_asked_again(
    harness: ShopHarness, seconds: float, questions: int
):
    await harness.customer(1)
    await harness.denomination()
    before = asked(harness)
    harness.clock.pass_time(seconds)
    order = await harness.buy(1)

    await harness.place()

    assert asked(harness) - before == questions
    assert (await harness.order(order.id)).state is S.HANDLING


async def test_how_long_prices_are_shared_is_a_setting(harness: ShopHarness):
    harness.set_policy(price_shared_for=timedelta(0))
    orders = await orders_of(harness, *USERS)
    before = asked(harness)

    await harness.place()

    assert asked(harness) - before == len(orders)


async def test_orders_whose_shared_question_fails_wait_each_and_ask_anew(harness: ShopHarness):
    orders = await orders_of(harness, *USERS)
    harness.let_prices_age()
    product, questions = harness.supplier.product, []

    async def fail(*args, **_named):
        questions.append(args)
        await asyncio.sleep(0.01)
        raise errors.SupplierUnavailable("checkProduct")

    harness.supplier.product = fail
    await place_together(harness, orders)

    assert len(questions) == 1
    waiting = [await harness.order(order.id) for order in orders]
    assert {(order.state, order.attempts) for order in waiting} == {(S.PAID, 1)}
    harness.supplier.product = product
    before = asked(harness)
    await harness.run(5)
    assert asked(harness) - before == 1
    assert S.PAID not in {(await harness.order(order.id)).state for order in orders}


async def test_what_an_older_answer_would_refuse_is_asked_anew(harness: ShopHarness):
    """A price that rose, was seen by somebody else, and fell again before the order was paid."""
    (order,) = await orders_of(harness, 1)
    usual, harness.kind().price = harness.kind().price, harness.kind().price * 2
    product_id = harness.shop.shelf.denomination(order.denomination_id).product_id
    await refresh_product(harness.shop, product_id)
    harness.kind().price = usual
    harness.clock.pass_time(1)
    before = asked(harness)

    await place_order(harness.shop, replace(order, paid_at=harness.clock.now()))

    assert asked(harness) - before == 1
    assert (await harness.order(order.id)).state is S.HANDLING


async def test_an_answer_since_the_payment_refuses_without_another_question(harness: ShopHarness):
    orders = await orders_of(harness, *USERS)
    harness.let_prices_age()
    harness.kind().price *= 2
    before = asked(harness)

    await harness.place()

    assert asked(harness) - before == 1
    assert harness.book.count("placeOrder") == 0
    ended = [await harness.order(order.id) for order in orders]
    assert {order.return_reason for order in ended} == {ReturnReason.PRICE_ROSE}
    await books_agree(harness)


async def test_a_price_that_rises_between_the_walk_and_the_purchase_is_told_and_asked_anew(
    harness: ShopHarness,
):
    """The supplier is told no price: the shop pays the rise of what was bought before it is seen.

    Another value of the product is then not bought with what was asked before.
    """
    (first,) = await orders_of(harness, 1)
    second = await harness.buy(1, label="25 $")
    await change_order(harness, second.id, due_at=harness.clock.now() + timedelta(seconds=15))
    for label in ("10 $", "25 $"):
        harness.kind(label=label).price *= 2
    before = asked(harness)

    await harness.run(14)

    assert (await harness.order(first.id)).state is S.FULFILLED
    assert asked(harness) == before
    (alert,) = harness.sender.alerts(AlertKind.PRICE_DRIFT)
    assert alert["order"] == str(first.id)
    with pytest.raises(refusals.SoldOut):
        await harness.buy(1)
    await harness.run(2)
    assert asked(harness) - before == 1
    assert (await harness.order(second.id)).return_reason is ReturnReason.PRICE_ROSE
    await books_agree(harness)


@pytest.mark.parametrize(("seconds", "sent"), [(120, True), (121, False)])
async def test_a_purchase_that_waits_too_long_for_its_call_is_checked_again(
    harness: ShopHarness, seconds: float, sent: bool
):
    (order,) = await orders_of(harness, 1)
    harness.supplier._client.throttle.block(seconds)
    before = asked(harness)

    await harness.place()

    assert (await harness.order(order.id)).state is (S.HANDLING if sent else S.PAID)
    assert (asked(harness) - before, harness.book.count("placeOrder")) == (0, sent)
    await harness.run(5)
    assert asked(harness) - before == (0 if sent else 1)
    assert harness.book.count("placeOrder") == 1


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (errors.OutOfStock("placeOrder"), S.REFUNDED),
        (errors.RequestRefused("placeOrder", "PRICE_CHANGED"), S.REFUNDED),
        (errors.InsufficientBalance("placeOrder"), S.PAID),
        (errors.TryLater("placeOrder"), S.PAID),
    ],
    ids=lambda it: type(it).__name__,
)
async def test_after_a_refused_purchase_the_next_one_asks_anew(
    harness: ShopHarness, refusal: errors.NothingBought, state: OrderState
):
    first, second = await orders_of(harness, 1, 2)
    buy = harness.supplier.buy

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise refusal

    harness.supplier.buy = refuse
    await place_order(harness.shop, first)
    harness.supplier.buy = buy
    harness.kind().price *= 3
    before = asked(harness)
    await place_order(harness.shop, second)

    assert (await harness.order(first.id)).state is state
    is_passing = isinstance(refusal, errors.TryLater)
    assert asked(harness) - before == (0 if is_passing else 1)
    after = await harness.order(second.id)
    assert after.return_reason is (None if is_passing else ReturnReason.PRICE_ROSE)
    await books_agree(harness)


async def test_a_price_that_cannot_be_read_keeps_its_own_orders_waiting_alone(
    harness: ShopHarness,
):
    orders = await orders_of(harness, 1)
    orders.append(await harness.buy(1, label="25 $"))
    harness.let_prices_age()
    readable = orders[1]

    async def product(supplier_product_id, **_named):
        found = OfferedDenomination(readable.supplier_type_id, "25 $", readable.unit_cost_minor, 9)
        now = harness.clock
        return ProductOffer(
            supplier_product_id,
            (found,),
            now.now(),
            complete=False,
            asked_monotonic=now.monotonic(),
        )

    harness.supplier.product = product
    shown = harness.shop.shelf.denomination(orders[0].denomination_id)
    await place_together(harness, orders)

    assert [(await harness.order(o.id)).state for o in orders] == [S.PAID, S.HANDLING]
    assert harness.shop.shelf.denomination(orders[0].denomination_id) == shown


async def test_a_voucher_shares_its_price_with_equal_purchases_only(
    voucher_harness: VoucherHarness,
):
    harness = voucher_harness
    await harness.customer(1, dinars=900_000)
    for quantity in (2, 2, 1, 2):
        await harness.buy(1, quantity)
    purchases: list[Purchase] = []
    product = harness.starship.product

    async def listening(supplier_product_id, **named):
        purchases.append(named["purchase"])
        return await product(supplier_product_id, **named)

    harness.starship.product = listening
    await harness.place()

    assert [purchase.quantity for purchase in purchases] == [2, 1]
    assert len(harness.vouchers.orders) == 4


async def test_a_cost_that_fell_too_far_is_not_bought_by_a_shared_answer(harness: ShopHarness):
    orders = await orders_of(harness, *USERS)
    harness.let_prices_age()
    harness.kind().price *= Decimal("0.49")

    await place_together(harness, orders)

    ended = [await harness.order(order.id) for order in orders]
    assert {order.return_reason for order in ended} == {ReturnReason.NOT_AVAILABLE}
    assert harness.book.count("placeOrder") == 0
