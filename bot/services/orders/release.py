"""Ending an order and returning what it holds in escrow to the wallet, in one step."""

from bot.domain import ledger
from bot.domain.orders import Order, OrderEvent, ReturnReason
from bot.services.messaging.notifications import notify_result
from bot.services.shop import Shop
from bot.services.wallet.unpaid_orders import pay_waiting_orders
from storage.transaction import Transaction


async def end_and_refund(
    tx: Transaction,
    shop: Shop,
    order: Order,
    event: OrderEvent,
    reason: ReturnReason,
    *,
    note: str = "",
) -> None:
    """End a locked order, move all its escrow to the wallet, tell the customer, pay waiting orders.

    An order of which codes were delivered becomes PARTIAL, whatever `event` says. Raises
    IllegalTransition for an order that has ended.
    """
    now = shop.clock.now()
    held = await tx.ledger.balance(ledger.escrow(order.id))
    await tx.ledger.post(
        ledger.release_escrow(order.id, order.user_id, held, note=note), now, "shop"
    )
    await tx.orders.move(
        order,
        OrderEvent.FILL_PART if order.delivered_quantity else event,
        returned_minor=order.returned_minor + held,
        return_reason=reason,
        settled_at=now,
        due_at=None,
        attention=None,
    )
    paid = await pay_waiting_orders(tx, shop, order.user_id)
    await notify_result(tx, shop, order, paid=paid)
