"""Giving a customer's money back: the whole hold, the state and the word to them, together."""

from bot.domain.ledger import escrow, give_back
from bot.domain.orders import Order, OrderEvent, ReturnReason, next_state
from bot.ports import Tables
from bot.services.awaiting import go_on
from bot.services.shop import Shop
from bot.services.telling import tell_result


async def return_all(
    tables: Tables,
    shop: Shop,
    order: Order,
    event: OrderEvent,
    reason: ReturnReason,
    *,
    note: str = "",
) -> None:
    """End a locked order and move what it still holds to the wallet."""
    now = shop.clock.now()
    held = await tables.ledger.balance(escrow(order.id))
    await tables.ledger.post(give_back(order.id, order.user_id, held, note=note), now, "shop")
    await tables.orders.change(
        order.id,
        state=next_state(order.state, OrderEvent.FILL_PART if order.delivered_quantity else event),
        returned_minor=order.returned_minor + held,
        return_reason=reason,
        settled_at=now,
        due_at=None,
        attention=None,
    )
    await tell_result(tables, shop, order)
    await go_on(tables, shop, order.user_id)
