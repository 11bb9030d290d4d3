"""Orders in the state that a test starts from, and what a supplier may report of them."""

from bot.domain.orders import Order
from bot.domain.supplier import Card, SupplierOrder, SupplierStatus
from bot.services.orders.refund import ask_refund
from storage.tables import orders
from tests.database import overwrite
from tests.harness import OPERATOR, ShopHarness


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


async def change_order(harness: ShopHarness, order_id: int, **values: object) -> None:
    """What another process, or a sweep, did to it meanwhile."""

    async def change(tx):
        await overwrite(tx, orders, order_id, **values)

    await harness.store.write(change)


async def ask_order_refund(harness: ShopHarness, order: Order, key: str = "r") -> int:
    """The action that the operator confirms to refund this order, which was not refunded at once."""
    _, _, action_id = await ask_refund(
        harness.shop, key=key, operator_id=OPERATOR, order_id=order.id, reason="x"
    )
    assert action_id is not None
    return action_id
