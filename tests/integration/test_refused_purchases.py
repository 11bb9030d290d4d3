"""A purchase that the shop's key or balance does not allow: the order waits, unless it has ended."""

import pytest

from bot import errors
from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.place import place_order
from bot.services.selling.balance import check_balance
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order


async def test_a_key_refused_by_a_purchase_pauses_the_supplier_and_keeps_the_order(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise errors.AccessRefused("placeOrder", "IP_NOT_ALLOWED")

    harness.supplier.buy = refuse
    await harness.place()

    waiting = await harness.order(order.id)
    assert (waiting.state, waiting.sent_at) == (OrderState.PAID, None)
    async with harness.store.reading() as tx:
        assert (await tx.suppliers.account("oneclickdz")).paused_for_access


async def test_a_refused_product_ends_its_order_alone_and_closes_no_supplier(harness: ShopHarness):
    """With a code that nobody knows, 403 refuses this purchase: our key is not in doubt."""
    await harness.customer(1)
    await harness.customer(2)
    refused = await harness.buy(1)
    harness.book.script(Fault(FaultKind.STATUS, "placeOrder", status=403, code="PRODUCT_DISABLED"))
    await harness.run(60)
    good = await harness.buy(2)
    await harness.run(60)

    assert (await harness.order(refused.id)).state is OrderState.REFUNDED
    assert (await harness.order(good.id)).state is OrderState.FULFILLED
    assert [a["alert"] for a in harness.sender.alerts()] == [AlertKind.REQUEST_REFUSED]


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (errors.OutOfStock("placeOrder", "ERR_STOCK"), OrderState.REFUNDED),
        (errors.RequestRefused("placeOrder", "ERR_VALIDATION"), OrderState.REFUNDED),
        (errors.InsufficientBalance("placeOrder", "NO_BALANCE"), OrderState.PAID),
        (errors.TryLater("placeOrder", "RATE_LIMIT_EXCEEDED"), OrderState.PAID),
    ],
)
async def test_a_refusal_that_could_not_be_stored_is_stored_when_the_storage_works_again(
    harness: ShopHarness, monkeypatch, refusal: errors.NothingBought, state: OrderState
):
    """A refused order is not searched for, and needs no operator."""
    await harness.customer(1)
    order = await harness.buy(1)
    right, failures = harness.store.write, [1, 2, 3, 4]

    async def full(work, *args, **named):
        is_on_its_way = (await harness.order(order.id)).state is OrderState.PLACING
        if is_on_its_way and failures:
            failures.pop()
            raise errors.StorageFailure("disk full")
        return await right(work, *args, **named)

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise refusal

    harness.supplier.buy = refuse
    monkeypatch.setattr(harness.store, "write", full)
    await harness.place()

    assert (await harness.order(order.id)).state is state
    assert not failures


async def test_an_order_that_ended_before_it_waits_for_the_balance_does_not_wait(
    harness: ShopHarness, before_next_write
):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.balance *= 0
    await check_balance(harness.shop, "oneclickdz", force=True)
    before_next_write(
        lambda: change_order(harness, order.id, state=OrderState.REFUNDED, due_at=None)
    )

    await place_order(harness.shop, order)
    await harness.round()

    ended = await harness.order(order.id)
    assert (ended.state, ended.due_at) == (OrderState.REFUNDED, None)
    assert harness.sender.alerts(AlertKind.BALANCE_EMPTY) == []
