"""A purchase that is refused because of the shop's key: the order waits, and the supplier sells nothing."""

from bot import errors as e
from bot.domain.orders import OrderState
from tests.harness import ShopHarness


async def test_a_key_refused_by_a_purchase_pauses_the_supplier_and_keeps_the_order(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise e.AccessRefused("placeOrder", "IP_NOT_ALLOWED")

    harness.supplier.buy = refuse
    await harness.place()

    waiting = await harness.order(order.id)
    assert (waiting.state, waiting.sent_at) == (OrderState.PAID, None)
    async with harness.store.reading() as tx:
        assert (await tx.suppliers.account("oneclickdz")).paused_for_access
