"""Price and stock are asked once more before a purchase; what does not fit is not bought."""

import pytest

from bot import refusals
from bot.domain.orders import OrderState, ReturnReason
from bot.domain.supplier import OfferedDenomination, ProductOffer
from bot.sandbox.supplier.faults import Fault, FaultKind
from storage.tables import orders
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order
from tests.integration.readings import refuse_key_twice


@pytest.mark.parametrize(
    ("stock", "above_highest_cost", "reason"),
    [
        (2, 0, None),
        (2, -1, None),
        (1, 0, ReturnReason.SOLD_OUT),
        (2, 1, ReturnReason.PRICE_ROSE),
        (2, None, ReturnReason.SOLD_OUT),
    ],
)
async def test_an_offer_that_is_short_too_dear_or_without_a_price_is_not_bought(
    harness: ShopHarness, stock: int, above_highest_cost: int | None, reason: ReturnReason | None
):
    await harness.customer(1)
    order = await harness.buy(1, quantity=2)
    harness.let_prices_age()
    cost = 0 if above_highest_cost is None else order.highest_cost_minor + above_highest_cost
    found = OfferedDenomination(order.supplier_type_id, "10 $", cost, stock)

    async def product(supplier_product_id, **_named):
        return ProductOffer(supplier_product_id, (found,), harness.clock.now())

    harness.supplier.product = product
    await harness.place()

    after = await harness.order(order.id)
    assert after.return_reason is reason
    assert (after.state is OrderState.HANDLING) is (reason is None)


async def test_a_denomination_that_left_its_product_is_sold_out(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    kinds = next(
        product
        for category in harness.book.categories
        for product in category.products
        if harness.kind() in product.denominations
    )
    kinds.denominations.remove(harness.kind())
    await harness.place()
    assert (await harness.order(order.id)).return_reason is ReturnReason.SOLD_OUT


async def test_a_product_that_vanished_before_the_purchase_is_returned(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    harness.book.categories[0].products.clear()

    await harness.run(5)

    assert (await harness.order(order.id)).return_reason is ReturnReason.SOLD_OUT


async def test_a_product_that_left_the_shelf_is_still_bought_for_a_paid_order(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    harness.shop.shelf.products.clear()

    await harness.run(20)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_supplier_that_is_down_before_the_purchase_delays_it(harness: ShopHarness):
    harness.book.script(
        Fault(FaultKind.STATUS, "checkProduct", times=3),
        Fault(FaultKind.STATUS, "checkProduct", status=429, code="X", retry_after=3),
    )
    await harness.customer(1)
    harness.book.faults, waiting = [], harness.book.faults
    order = await harness.buy(1)
    harness.let_prices_age()
    harness.book.faults = waiting

    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_key_refused_before_the_purchase_keeps_the_order(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    await refuse_key_twice(harness)
    harness.book.script(
        Fault(FaultKind.STATUS, "checkProduct", status=401, code="INVALID_ACCESS_TOKEN")
    )

    await harness.place()

    assert (await harness.order(order.id)).state is OrderState.PAID
    async with harness.store.reading() as tx:
        assert (await tx.suppliers.account("oneclickdz")).paused_for_access


async def test_a_failed_price_question_is_counted_and_repeated_later(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    harness.book.script(Fault(FaultKind.HTML, "checkProduct", status=502))
    await harness.place()
    waits = await harness.order(order.id)

    assert waits.attempts == 1
    assert refusals.required(waits.due_at) > harness.clock.now()


async def test_orders_of_one_product_share_the_failure_of_its_price_question(harness: ShopHarness):
    for user in (1, 2, 3):
        await harness.customer(user)
        await harness.buy(user)
    harness.let_prices_age()
    harness.book.script(Fault(FaultKind.STATUS, "checkProduct", times=10**9, status=503))
    calls = harness.book.count("checkProduct")

    await harness.place()

    assert harness.book.count("checkProduct") - calls == 1
    assert {(await harness.order(n)).attempts for n in (1, 2, 3)} == {1}


async def test_a_test_type_is_never_bought_for_real_money(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.let_prices_age()
    await change_order(harness, order.id, supplier_type_id="TEST_REFUND")

    await harness.run(5)

    assert (await harness.order(order.id)).return_reason is ReturnReason.NOT_AVAILABLE
    assert harness.book.count("placeOrder") == 0
    assert harness.sender.alerts() == []  # noticed before the supplier's own guard had to refuse it


async def test_a_test_type_is_bought_in_the_sandbox(sandbox_harness: ShopHarness):
    await sandbox_harness.customer(1)
    order = await sandbox_harness.buy(1)
    async with sandbox_harness.store._writer.begin() as db:
        await db.execute(orders.update().values(supplier_type_id="TEST_REFUND"))
    await sandbox_harness.place()

    assert (await sandbox_harness.order(order.id)).state is OrderState.HANDLING
    assert sandbox_harness.book.count("placeOrder") == 1
