"""An order that the supplier has accepted, and what the supplier may report of it."""

from bot.domain.supplier import Card, SupplierOrder, SupplierStatus
from tests.harness import ShopHarness


async def accepted_order(harness: ShopHarness, quantity: int):
    await harness.customer(1)
    order = await harness.buy(1, quantity=quantity)
    await harness.place()
    return await harness.order(order.id)


def report(
    order, status=SupplierStatus.HANDLING, cards=(), *, final=False, **more
) -> SupplierOrder:
    named = tuple(Card(text) for text in cards)
    return SupplierOrder(order.supplier_order_id, status, final, order.quantity, named, **more)
