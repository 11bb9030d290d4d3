"""What an order waits for, and how long that usually takes by what the shop has seen."""

from collections.abc import Sequence

from bot.domain.orders import Order
from bot.domain.waiting import RECENT, Usual, Waiting, stage_of, usual_of, waits
from bot.services.shop import Shop


async def usual_time(shop: Shop, order: Order) -> Usual | None:
    """How long recent orders of this product took, or of its supplier; None: too few are known.

    Read at most every ten minutes for each product, from the end of an index.
    """

    async def read() -> Usual | None:
        async with shop.store.reading() as tx:
            of_product = await tx.orders.waits_of_product(
                order.product_id, order.environment, RECENT
            )
            usual = usual_of(of_product)
            if usual is not None:
                return usual
            return usual_of(
                await tx.orders.waits_of_supplier(order.supplier, order.environment, RECENT)
            )

    return await shop.usual_times.get(order.product_id, shop.clock.monotonic(), read)


async def waiting_of(shop: Shop, order: Order) -> Waiting | None:
    """What the order waits for now; None where it waits for its money, or has ended."""
    if not waits(order):
        return None
    usual = await usual_time(shop, order)
    age = shop.timeline.age(order.paid_at or order.created_at)
    return Waiting(stage_of(order, age, usual), usual)


async def waiting_of_many(shop: Shop, orders: Sequence[Order]) -> dict[int, Waiting]:
    """The same of several orders, by their ids; those that do not wait are left out."""
    found = {order.id: await waiting_of(shop, order) for order in orders}
    return {order_id: waiting for order_id, waiting in found.items() if waiting is not None}
