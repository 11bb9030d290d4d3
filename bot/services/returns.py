"""Giving a customer's money back: the whole hold, the state and the word to them, together."""

from bot.domain.ledger import escrow, give_back
from bot.domain.orders import Order, OrderEvent, ReturnReason, next_state
from bot.domain.records import OutboxKind
from bot.ports import Tables
from bot.services.shop import Shop


async def return_all(
    tables: Tables,
    shop: Shop,
    order: Order,
    event: OrderEvent,
    reason: ReturnReason,
    *,
    note: str = "",
) -> None:
    """End a locked order and move what it still holds to the wallet. Nothing was delivered of it."""
    now = shop.clock.now()
    held = await tables.ledger.balance(escrow(order.id))
    await tables.ledger.post(give_back(order.id, order.user_id, held, note=note), now, "shop")
    await tables.orders.change(
        order.id,
        state=next_state(order.state, event),
        returned_minor=order.returned_minor + held,
        return_reason=reason,
        settled_at=now,
        due_at=None,
        attention=None,
    )
    await tell_result(tables, shop, order)


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
