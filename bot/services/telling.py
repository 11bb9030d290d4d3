"""Putting a word about an order into the outbox, once for each thing that there is to say."""

from bot.domain.orders import Order
from bot.domain.records import OutboxKind
from bot.ports import Tables
from bot.services.shop import Shop


async def tell_result(tables: Tables, shop: Shop, order: Order, *, again: str = "") -> None:
    await tables.outbox.add(
        f"result:{order.id}{again}",
        order.user_id,
        OutboxKind.ORDER_RESULT,
        shop.clock.now(),
        order_id=order.id,
    )


async def tell_progress(tables: Tables, shop: Shop, order: Order, step: str) -> None:
    """Have the status message show the order's present state, once for each step."""
    await tables.outbox.add(
        f"progress:{order.id}:{step}",
        order.user_id,
        OutboxKind.ORDER_PROGRESS,
        shop.clock.now(),
        order_id=order.id,
        data={"step": step},
    )
