"""The status message of an order shows what the order is when its turn comes."""

from contextlib import asynccontextmanager

from bot.domain.orders import OrderState
from bot.domain.records import Customer, Locale
from bot.errors import StorageOutage
from bot.services.operations.order_messages import show_status
from tests.harness import ShopHarness

LINA = Customer(1, Locale.EN)


async def delivered(harness: ShopHarness):
    """An order as it was when it was placed, and is no more: its codes have come since."""
    await harness.customer(LINA.id)
    order = await harness.buy(1)
    await harness.run(60)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    harness.sender.statuses.clear()
    return order


async def test_the_progress_of_an_order_that_has_ended_meanwhile_is_not_shown(harness: ShopHarness):
    order = await delivered(harness)

    await show_status(harness.shop, LINA, order, only_open=True)
    assert harness.sender.statuses == []

    await show_status(harness.shop, LINA, order)
    assert [now.state for now, _ in harness.sender.statuses] == [OrderState.FULFILLED]


async def test_an_order_that_cannot_be_read_again_is_shown_as_it_was_read_before(
    harness: ShopHarness, monkeypatch
):
    await delivered(harness)
    before = await harness.order(1)

    @asynccontextmanager
    async def away():
        raise StorageOutage
        yield

    monkeypatch.setattr(harness.shop.store, "reading", away)
    await show_status(harness.shop, LINA, before)

    assert [now for now, _ in harness.sender.statuses] == [before]
