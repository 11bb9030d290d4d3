"""What one look at things leaves to the next: counts, places in a list, and whose turn comes after."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors as e
from bot.domain.orders import OrderState
from bot.domain.payments import PaymentState
from bot.services.catalogue import browse
from bot.services.payments.top_up import MOST_OPEN
from bot.services.wallet.credit import Credit, credit_wallet
from storage.tables import payments
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import PRICE, unpaid_order

# --- looks at many orders ---------------------------------------------------------------------------


# --- money and waiting ------------------------------------------------------------------------------


async def test_money_pays_the_oldest_orders_it_suffices_for_and_no_more(
    pay, paying_harness: ShopHarness
):
    waiting = [await unpaid_order(paying_harness) for _ in range(3)]
    await credit_wallet(paying_harness.shop, Credit("in", OPERATOR, 1, 2 * PRICE - 1, ""))
    assert [(await paying_harness.order(o.id)).state for o in waiting] == [
        OrderState.PAID,
        OrderState.AWAITING_PAYMENT,
        OrderState.AWAITING_PAYMENT,
    ]
    await credit_wallet(paying_harness.shop, Credit("on", OPERATOR, 1, PRICE + 1, ""))

    assert {(await paying_harness.order(o.id)).state for o in waiting} == {OrderState.PAID}
    assert await paying_harness.balance() == 0


async def test_as_many_payments_are_begun_in_an_hour_as_anybody_may(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin(minor=100_000)
    for number in range(1, MOST_OPEN):
        await pay.begin(minor=100_000 + 100 * number)
    with pytest.raises(e.TooManyPayments):
        await pay.begin(minor=500_000)
    paying_harness.clock.moment = first.created_at + timedelta(hours=1)
    await pay.begin(minor=500_000)


async def test_one_key_is_one_payment_while_it_is_open(pay, paying_harness: ShopHarness):
    first = await pay.begin(key="k")
    assert (await pay.begin(key="k", minor=300_000)).id == first.id
    assert (await pay.begin()).id == first.id  # the same wish, a moment later
    async with paying_harness.store._writer.begin() as db:
        await db.execute(update(payments).values(state=PaymentState.EXPIRED))
    with pytest.raises(e.NotFound):
        await pay.begin(key="k")


@pytest.mark.parametrize(
    ("stock", "cost", "left"), [(0, 5, 0), (2, 5, 0), (3, 5, 0), (4, 5, 1), (9, 0, 0), (9, 5, 6)]
)
async def test_a_reserve_stays_in_stock(harness: ShopHarness, stock, cost, left):
    harness.set_policy(stock_reserve=3)
    value = harness.shop.shelf.denomination(await harness.denomination())
    assert browse.stock_of(harness.shop, replace(value, stock=stock, cost_minor=cost)) == left
