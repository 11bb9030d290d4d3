"""A question for a price refuses only orders that were paid before it was sent, also those that joined it."""

import asyncio

import pytest

from bot import errors
from bot.domain.orders import Order, OrderState
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.orders.place import place_order
from tests.harness import ShopHarness
from tests.patience import until

S = OrderState


class Questions:
    """The first question waits, and is answered by `first`; later ones are answered as usual."""

    def __init__(self, harness: ShopHarness, first: Exception) -> None:
        self.sent, self.gate, self.count = asyncio.Event(), asyncio.Event(), 0
        product = harness.supplier.product

        async def question(*args, **named):
            self.count += 1
            if self.count > 1:
                return await product(*args, **named)
            self.sent.set()
            await self.gate.wait()
            raise first

        harness.supplier.product = question


async def joined(
    harness: ShopHarness, first: Exception, pause_seconds: float
) -> tuple[Order, Order, Questions]:
    """Two orders of a product: the second joins the question of the first, so much later."""
    await harness.denomination()
    orders = []
    for user in (1, 2):
        await harness.customer(user)
        orders.append(await harness.buy(user))
    harness.let_prices_age()
    questions = Questions(harness, first)
    waiting, ask = [], harness.shop.prices.ask

    async def ask_noted(*args, **named):
        waiting.append(args)
        return await ask(*args, **named)

    harness.shop.prices.ask = ask_noted
    placing = [asyncio.ensure_future(place_order(harness.shop, orders[0]))]
    await asyncio.wait_for(questions.sent.wait(), PATIENCE_SECONDS)
    harness.clock.pass_time(pause_seconds)
    placing.append(asyncio.ensure_future(place_order(harness.shop, orders[1])))
    await until(lambda: len(waiting) == 2)
    questions.gate.set()
    await asyncio.wait_for(asyncio.gather(*placing), PATIENCE_SECONDS)
    earlier, later = [await harness.order(order.id) for order in orders]
    return earlier, later, questions


async def test_an_order_that_joined_a_question_later_is_not_refused_by_its_failure(
    harness: ShopHarness,
):
    refusal = errors.UnknownAtSupplier("checkProduct", "ERR_PRODUCT")

    earlier, later, questions = await joined(harness, refusal, 1)

    assert (earlier.state, later.state) == (S.REFUNDED, S.HANDLING)
    assert questions.count == 2


async def test_orders_that_ask_together_share_a_refusal(harness: ShopHarness):
    refusal = errors.UnknownAtSupplier("checkProduct", "ERR_PRODUCT")

    earlier, later, questions = await joined(harness, refusal, 0)

    assert (earlier.state, later.state) == (S.REFUNDED, S.REFUNDED)
    assert questions.count == 1


@pytest.mark.parametrize("failure", [errors.SupplierUnavailable("x"), errors.TryLater("x")])
async def test_an_outage_refuses_nobody_and_is_shared_whenever_it_was_asked(
    harness: ShopHarness, failure: Exception
):
    earlier, later, questions = await joined(harness, failure, 1)

    assert (earlier.state, later.state) == (S.PAID, S.PAID)
    assert questions.count == 1
